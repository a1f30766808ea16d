import KernelInterface

/// Tensors concatenated along an axis. They must agree in type and in all other sizes.
public func concatenated(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { trap("concatenated", "no tensors given") }
    let axis = Shape.normalize(axis: axis, rank: first.rank, in: "concatenated")
    for tensor in tensors {
        var expected = first.shape
        if tensor.rank == first.rank { expected[axis] = tensor.shape[axis] }
        guard tensor.shape == expected, tensor.dataType == first.dataType else {
            trap(
                "concatenated",
                "\(tensor.dataType) of shape \(tensor.shape) does not continue "
                    + "\(first.dataType) of shape \(first.shape) along axis \(axis)")
        }
    }
    return differentiable("concatenated", tensors) { tensors in
        var shape = first.shape
        shape[axis] = tensors.reduce(0) { $0 + $1.shape[axis] }
        let outer = shape[..<axis].reduce(1, *)
        let unit = shape[(axis + 1)...].reduce(1, *) * first.dataType.size
        return Tensor(first.dataType, shape) { output in
            var start = 0
            for tensor in tensors {
                let bytes = tensor.shape[axis] * unit
                for row in 0..<outer {
                    (output.pointer + row * shape[axis] * unit + start).copyMemory(
                        from: tensor.storage.pointer + row * bytes, byteCount: bytes)
                }
                start += bytes
            }
        }
    } pullback: { tensors, _ in
        let sizes = tensors.map { $0.shape[axis] }
        return { cotangent in
            var start = 0
            return sizes.map { size in
                defer { start += size }
                return cotangent.sliced(axis: axis, start..<start + size)
            }
        }
    } pushforward: { _, _, tangents in
        concatenated(tangents, axis: axis)
    } samplewise: { tensors, _ in
        guard axis > 0 else { return nil }
        let sizes = tensors.map { $0.shape[axis] }
        return { cotangent, _ in cotangent.split(sizes: sizes, axis: axis).map { .own($0) } }
    }
}

/// Tensors of equal shape stacked along a new axis.
public func stacked(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
    guard let first = tensors.first else { trap("stacked", "no tensors given") }
    for tensor in tensors where tensor.shape != first.shape {
        trap("stacked", "shapes differ: \(first.shape) and \(tensor.shape)")
    }
    let axis = Shape.normalize(axis: axis, rank: first.rank + 1, in: "stacked")
    return concatenated(tensors.map { $0.expandingAxis(axis) }, axis: axis)
}

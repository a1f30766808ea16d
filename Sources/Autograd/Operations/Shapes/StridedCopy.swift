import KernelInterface

/// A row-major copy of the elements that `strides` address from `offset` on.
func stridedCopy(of x: Tensor, shape: [Int], strides: [Int], offset: Int = 0) -> Tensor {
    Tensor(x.dataType, shape) { output in
        StridedAxes(shape, from: strides, to: Shape.strides(shape)).copy(
            x.dataType.size, x.storage.pointer + offset * x.dataType.size, output.pointer)
    }
}

/// The transpose of a strided copy: zeros of `shape` with the tensor's elements where `strides`
/// lead from `offset` on.
func stridedPlacement(
    of x: Tensor, into shape: [Int], strides: [Int], offset: Int
) -> Tensor {
    let output = Tensor.zeros(shape, dataType: x.dataType)
    let size = x.dataType.size
    StridedAxes(x.shape, from: Shape.strides(x.shape), to: strides).copy(
        size, x.storage.pointer, output.storage.pointer + offset * size)
    return output
}

/// Axes over which elements are copied, and the distances along them on both sides.
private struct StridedAxes {
    private var shape: [Int] = []
    private var from: [Int] = []
    private var to: [Int] = []

    /// Without axes of one element, and with one axis for several whose elements follow each other
    /// on both sides.
    init(_ shape: [Int], from: [Int], to: [Int]) {
        for (size, (read, write)) in zip(shape, zip(from, to)) where size != 1 {
            let last = self.shape.count - 1
            if last >= 0, self.from[last] == read * size, self.to[last] == write * size {
                self.shape[last] *= size
                (self.from[last], self.to[last]) = (read, write)
            } else {
                self.shape.append(size)
                self.from.append(read)
                self.to.append(write)
            }
        }
    }

    /// Copies elements of so many bytes, blocks along the first axis in parallel.
    func copy(
        _ size: Int, _ source: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer
    ) {
        let count = shape.reduce(1, *)
        guard count > 0 else { return }
        guard let rows = shape.first, let read = from.first, let write = to.first else {
            return target.copyMemory(from: source, byteCount: size)
        }
        inParallel(rows, grain: max(1, elementwiseGrain / (count / rows))) { range in
            var part = shape
            part[0] = range.count
            kernels.copyStrided(
                size, part, from, to, source + range.lowerBound * read * size,
                target + range.lowerBound * write * size)
        }
    }
}

/// eˣ over its sum along an axis: positive, and 1 in sum. Finite for every finite x.
public func softmax(_ x: Tensor, axis: Int = -1) -> Tensor {
    let axis = Shape.normalize(axis: axis, rank: x.rank, in: "softmax")
    return differentiable("softmax", x) { x in
        let powers = exp(x - x.max(axes: [axis], keepingAxes: true))
        return powers / powers.sum(axes: [axis], keepingAxes: true)
    } pullback: { _, y in
        { cotangent in
            let mean = (cotangent * y).sum(axes: [axis], keepingAxes: true)
            return y * (cotangent - mean)
        }
    }
}

/// The logarithm of the softmax, finite where the differences of the elements are.
public func logSoftmax(_ x: Tensor, axis: Int = -1) -> Tensor {
    let axis = Shape.normalize(axis: axis, rank: x.rank, in: "logSoftmax")
    return differentiable("logSoftmax", x) { x in
        let shifted = x - x.max(axes: [axis], keepingAxes: true)
        return shifted - log(exp(shifted).sum(axes: [axis], keepingAxes: true))
    } pullback: { _, y in
        { cotangent in cotangent - exp(y) * cotangent.sum(axes: [axis], keepingAxes: true) }
    }
}

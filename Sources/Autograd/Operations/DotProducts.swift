/// The dot products of the vectors along the last axis: `[…, size]` with `[…, size]` is `[…]`.
/// Leading axes broadcast.
public func dotProducts(_ a: Tensor, _ b: Tensor) -> Tensor {
    guard let size = a.shape.last, size == b.shape.last else {
        trap("dotProducts", "vectors of different sizes: \(a.shape) and \(b.shape)")
    }
    return (a * b).sum(axes: [-1])
}

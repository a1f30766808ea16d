extension Tensor: Equatable {
    /// Whether two tensors have the same type and shape, and equal elements: 0 equals −0, and
    /// not-a-number nothing. To the last bit, ``isIdentical(to:)`` says.
    public static func == (a: Tensor, b: Tensor) -> Bool {
        guard a.dataType == b.dataType, a.shape == b.shape else { return false }
        return (stopGradient(a).widened .== stopGradient(b).widened).all().scalar == 1
    }
}

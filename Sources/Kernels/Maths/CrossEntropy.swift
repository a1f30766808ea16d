/// The cross-entropy of Bernoulli variables from their logits.
extension Vector {
    /// max(x, 0) − x t + log(1 + e^−|x|), a sum of two non-negative terms: there is no
    /// cancellation, and an infinite logit that is right costs nothing.
    @inline(__always)
    func binaryCrossEntropy(target: Self) -> Self {
        let zero = Self(repeating: 0)
        let share = shareMissed(target)
        let missed = (self * share).replacing(with: zero, where: share .== zero)
        return missed + logarithmOf1PlusDecay()
    }

    /// σ(x) − t, from the distance of t to 0 or 1, whichever x favours.
    @inline(__always)
    func binaryCrossEntropySlope(target: Self) -> Self {
        let decay = (-magnitude).exponential()
        let rest = decay / (Self(repeating: 1) + decay)
        let share = shareMissed(target)
        return (share + rest).replacing(with: share - rest, where: Self(repeating: 0) .< self)
    }

    /// 1 − t for positive logits, −t for others.
    @inline(__always)
    private func shareMissed(_ target: Self) -> Self {
        let zero = Self(repeating: 0)
        return zero.replacing(with: Self(repeating: 1), where: zero .< self) - target
    }
}

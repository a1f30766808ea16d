import Autograd

extension Examples {
    /// The mean of what a model should return for them, `float64` of the shape of one: pixels as 0…1,
    /// other numbers as they are. Traps if there are no examples.
    public func mean() -> Tensor {
        guard count > 0 else { programmerError("Examples", "no examples to take the mean of") }
        let rows = max(1, (1 << 18) / max(1, shape.reduce(1, *)))
        let sums = stride(from: 0, to: count, by: rows).map { start in
            batch(start..<min(count, start + rows), as: .float64).target.sum(axes: [0])
        }
        return sums.dropFirst().reduce(sums[0], +) / Double(count)
    }
}

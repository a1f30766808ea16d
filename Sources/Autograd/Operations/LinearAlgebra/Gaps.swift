import KernelInterface

/// Elements of w divided by gaps between numbers, as the derivatives of vectors that belong to these
/// numbers need it: where a gap is closed the vectors have no derivative, which only matters if the
/// element of w is not 0.
struct GapDivision {
    let operation: StaticString
    /// A gap of at most this magnitude is closed. A constant.
    let least: Tensor
    /// Whether the gaps are those between all pairs of numbers, `[…, n, n]`. Then those on the
    /// diagonals are none, and the result is 0 there.
    let isBetweenAll: Bool
    /// What is wrong if a gap is closed.
    let problem: String

    /// Of tensors of the same shape. 0 where a gap is closed and w is 0; traps where w is not.
    func callAsFunction(_ w: Tensor, _ gaps: Tensor) -> Tensor {
        differentiable(operation, w, gaps) { w, gaps in
            let isClosed = abs(gaps) .<= least
            let w = isBetweenAll ? w.lowerTriangle(diagonal: -1) + w.upperTriangle(diagonal: 1) : w
            guard (isClosed .& (abs(w) .> 0)).any().scalar == 0 else { trap(operation, problem) }
            // What is not a number stays so.
            return select(isClosed, 0 * w, w / gaps)
        } left: { _, gaps, _ in
            { cotangent in self(cotangent, gaps) }
        } right: { _, gaps, y in
            { cotangent in -self(cotangent * y, gaps) }
        }
    }
}

/// The gap between singular values or eigenvalues, `[…, n]`, that may be due to rounding: the sum of
/// their magnitudes times eight machine epsilons of the type, `[…, 1, 1]`.
func leastGap(between values: Tensor) -> Tensor {
    let epsilon = values.dataType == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne)
    return 8 * epsilon
        * abs(stopGradient(values)).sum(axes: [-1], keepingAxes: true).expandingAxis(-1)
}

extension Tensor {
    /// The Euclidean norm √Σ x² over some axes, or over all; its derivative at 0 is 0, to any
    /// order. Safe against overflow and underflow of the squares.
    ///
    /// - Parameters:
    ///   - axes: negative ones count from the end; nil for all.
    ///   - keepingAxes: whether reduced axes stay, with size 1.
    /// - Returns: the norms. Traps on integers: cast them first.
    public func norm(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        checkFloatingPoint("norm")
        let axes = Shape.normalize(axes: axes, rank: rank, in: "norm")
        let kept = Shape.removing(axes: axes, from: shape, keeping: true)
        func direction(_ x: Tensor, _ y: Tensor) -> Tensor {
            let norm = y.reshaped(kept)
            let isZero = stopGradient(norm) .== 0
            let (zero, one) = (norm.number(0, in: "norm"), norm.number(1, in: "norm"))
            return select(isZero, zero, x / select(isZero, one, norm))
        }
        return differentiable("norm", self) { x in
            norms(x, axes).withShape(
                Shape.removing(axes: axes, from: x.shape, keeping: keepingAxes))
        } pullback: { x, y -> Pullback in
            .rowwise(if: x.rank > 0 && axes.first != 0) { cotangent in
                cotangent.reshaped(kept) * direction(x, y)
            }
        } pushforward: { x, y, tangent in
            (tangent * direction(x, y)).sum(axes: axes, keepingAxes: keepingAxes)
        }
    }

    /// The standard deviation over some axes, or over all: the square root of
    /// ``variance(axes:correction:keepingAxes:)``, with derivative 0 where all elements are equal.
    /// Traps on integers: cast them first.
    public func standardDeviation(
        axes: [Int]? = nil, correction: Int = 0, keepingAxes: Bool = false
    ) -> Tensor {
        checkFloatingPoint("standardDeviation")
        let normalized = Shape.normalize(axes: axes, rank: rank, in: "standardDeviation")
        let size = normalized.reduce(1) { $0 * shape[$1] }
        let deviation = self - mean(axes: axes, keepingAxes: true)
        return deviation.norm(axes: axes, keepingAxes: keepingAxes)
            / (Double(size) - Double(correction)).squareRoot()
    }
}

/// The norms over axes, which are kept.
private func norms(_ x: Tensor, _ axes: [Int]) -> Tensor {
    let sums = (x * x).sum(axes: axes, keepingAxes: true)
    let (least, greatest) = x.dataType.safeSquares
    let isSafe = (sums .>= least) .& (sums .<= greatest)
    if isSafe.all().scalar == 1 { return sqrt(sums) }
    // Divided by the greatest element, no square overflows, and none that matters underflows.
    let magnitude = abs(x).max(axes: axes, keepingAxes: true)
    let isUnit = (magnitude .> 0) .& (magnitude .< Double.infinity)
    let unit = select(isUnit, magnitude, magnitude.number(1, in: "norm"))
    let parts = x / unit
    let scaled = unit * sqrt((parts * parts).sum(axes: axes, keepingAxes: true))
    return select(isSafe, sqrt(sums), scaled)
}

extension DataType {
    /// Between these, a sum of squares has neither overflowed nor lost digits to underflow.
    fileprivate var safeSquares: (least: Double, greatest: Double) {
        self == .float32
            ? (0x1p-80, Double(Float.greatestFiniteMagnitude))
            : (0x1p-918, Double.greatestFiniteMagnitude)
    }
}

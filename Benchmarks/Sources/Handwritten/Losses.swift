// Losses with their gradients, each as one loop over memory. Counts are multiples of the number
// of lanes.

extension Handwritten {
    /// Σ σ(x) tanh(x) + exp(−x²).
    @inline(never)
    public static func chain(
        _ x: UnsafePointer<Float>, gradient: UnsafeMutablePointer<Float>, count: Int
    ) -> Float {
        var sum = FloatVector(repeating: 0)
        for index in stride(from: 0, to: count, by: FloatVector.lanes) {
            let (value, slope) = FloatVector(at: x + index).chain()
            sum = sum + value
            slope.store(at: gradient + index)
        }
        return sum.reduced(+)
    }

    /// Σ log(1 + eˣ) − x t: the cross-entropy of logits x and targets t, with the gradient of x.
    @inline(never)
    public static func crossEntropy(
        _ logits: UnsafePointer<Float>, _ targets: UnsafePointer<Float>,
        gradient: UnsafeMutablePointer<Float>, count: Int
    ) -> Float {
        var sum = FloatVector(repeating: 0)
        for index in stride(from: 0, to: count, by: FloatVector.lanes) {
            let (value, slope) = FloatVector(at: logits + index)
                .crossEntropy(FloatVector(at: targets + index))
            sum = sum + value
            slope.store(at: gradient + index)
        }
        return sum.reduced(+)
    }

    /// ½ Σ m² + eᵛ − 1 − v: the divergence of normal distributions of means m and log-variances v
    /// from the standard one, with both gradients.
    @inline(never)
    public static func divergence(
        _ means: UnsafePointer<Float>, _ logVariances: UnsafePointer<Float>,
        meanGradient: UnsafeMutablePointer<Float>,
        logVarianceGradient: UnsafeMutablePointer<Float>, count: Int
    ) -> Float {
        let (half, one) = (FloatVector(repeating: 0.5), FloatVector(repeating: 1))
        var sum = FloatVector(repeating: 0)
        for index in stride(from: 0, to: count, by: FloatVector.lanes) {
            let (m, v) = (FloatVector(at: means + index), FloatVector(at: logVariances + index))
            let variance = v.exponential()
            sum = sum + (m * m + variance - one - v)
            m.store(at: meanGradient + index)
            (half * (variance - one)).store(at: logVarianceGradient + index)
        }
        return 0.5 * sum.reduced(+)
    }
}

// An element's value and slope. Generic, as the library's elementary functions are: in an
// expression of a concrete vector the operators of `SIMD` would be candidates too.

extension Vector {
    @inline(__always)
    fileprivate func chain() -> (value: Self, slope: Self) {
        let one = Self(repeating: 1)
        let (s, t, e) = (sigmoid(), hyperbolicTangent(), (-(self * self)).exponential())
        let slope = s * (one - s) * t + s * (one - t * t) - (self + self) * e
        return (s * t + e, slope)
    }

    /// One exponential serves both.
    @inline(__always)
    fileprivate func crossEntropy(_ target: Self) -> (value: Self, slope: Self) {
        let (zero, one) = (Self(repeating: 0), Self(repeating: 1))
        let e = (-magnitude).exponential()
        let softplus = maximum(zero) + e.logarithmOf1Plus()
        let sigmoid = one.replacing(with: e, where: self .< zero) / (one + e)
        return (softplus - self * target, sigmoid - target)
    }
}

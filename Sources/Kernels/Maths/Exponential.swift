/// The exponential and functions based on it.
///
/// With x = n log 2 + r and |r| ≤ log(2) / 2, exp(x) = 2ⁿ exp(r); a polynomial gives exp(r) − 1.
extension Vector {
    @inline(__always)
    func exponential() -> Self {
        let range = Element.exponentialRange
        let (n, r) = clamped(range.lower, range.upper).reducedByLogarithmOf2()
        // Two factors, because 2ⁿ alone may be out of range when the result is not.
        let half = (n * Self(repeating: 0.5)).roundedBySum()
        return (r.exponentialMinus1OfReduced() + Self(repeating: 1))
            * half.powerOf2() * (n - half).powerOf2()
    }

    /// exp(x) − 1, accurate near 0.
    @inline(__always)
    func exponentialMinus1() -> Self {
        clamped(-2 * Element.hyperbolicLimit, Element.exponentialRange.upper)
            .exponentialMinus1WithinRange().orSelfIfZero(self)
    }

    /// tanh(|x|) = e / (e + 2) with e = exp(2 |x|) − 1.
    @inline(__always)
    func hyperbolicTangent() -> Self {
        let x = magnitude.clamped(0, Element.hyperbolicLimit)
        let e = (x + x).exponentialMinus1WithinRange()
        return (e / (e + Self(repeating: 2))).withSigns(of: self)
    }

    /// 1 / (1 + exp(−x)), without overflow: exp(−|x|) is the numerator for negative x.
    @inline(__always)
    func sigmoid() -> Self {
        let one = Self(repeating: 1)
        let e = (-magnitude).exponential()
        let numerator = one.replacing(with: e, where: self .< Self(repeating: 0))
        return numerator / (one + e)
    }
}

extension Vector {
    /// n and r with x = n log 2 + r.
    @inline(__always)
    fileprivate func reducedByLogarithmOf2() -> (n: Self, r: Self) {
        let logarithm = Element.logarithmOf2
        let n = (self * Self(repeating: 1 / (logarithm.high + logarithm.low))).roundedBySum()
        let r = self.adding(product: n, Self(repeating: -logarithm.high))
            .adding(product: n, Self(repeating: -logarithm.low))
        return (n, r)
    }

    /// exp(r) − 1 for |r| ≤ log(2) / 2.
    @inline(__always)
    fileprivate func exponentialMinus1OfReduced() -> Self {
        adding(product: self * self, Element.exponentialPolynomial(self))
    }

    /// 2ⁿ (exp(r) − 1) + 2ⁿ − 1, halved until the last step so that 2ⁿ is finite.
    @inline(__always)
    fileprivate func exponentialMinus1WithinRange() -> Self {
        let (n, r) = reducedByLogarithmOf2()
        let e = r.exponentialMinus1OfReduced()
        let half = (n - Self(repeating: 1)).powerOf2()
        let result = (half - Self(repeating: 0.5)).adding(product: half, e)
        // A subnormal number cannot be halved, and needs no sum.
        return (result + result).replacing(with: e, where: n .== Self(repeating: 0))
    }

    /// `other` where it is zero, to keep its sign.
    @inline(__always)
    fileprivate func orSelfIfZero(_ other: Self) -> Self {
        replacing(with: other, where: other .== Self(repeating: 0))
    }
}

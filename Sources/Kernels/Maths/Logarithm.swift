/// The logarithm of x and of 1 + x.
///
/// With x = 2ᵏ (1 + f) and √½ ≤ 1 + f < √2, log(x) = k log 2 + log(1 + f). With s = f / (2 + f),
/// log(1 + f) = 2 atanh(s) = 2s + s R(s²) = f − f² / 2 + s (f² / 2 + R).
extension Vector {
    @inline(__always)
    func logarithm() -> Self {
        // Subnormal numbers are scaled into the normal range.
        let subnormal = self .< Self(repeating: Element.leastNormalMagnitude)
        let scale = Self(repeating: Element.leastWithUnitSpacing)
        let x = replacing(with: self * scale, where: subnormal)
        let (exponent, fraction) = x.exponentAndFraction()
        let k = exponent.replacing(
            with: exponent - Self(repeating: Element(Element.significandBitCount)), where: subnormal
        )
        let result = Self.logarithm(exponent: k, fractionMinus1: fraction - Self(repeating: 1))
        return result.withLogarithmsOfSpecialNumbers(self)
    }

    @inline(__always)
    func logarithmOf1Plus() -> Self {
        let one = Self(repeating: 1)
        let sum = self + one
        // What rounding removed from the sum: exact.
        let part = sum - one
        let lost = (one - (sum - part)) + (self - part)
        let (k, fraction) = sum.exponentAndFraction()
        // If k is too great for the scale, the lost part does not matter.
        let scale = (-k).maximum(Self(repeating: 1 - Element.exponentBias)).powerOf2()
        let f = (fraction - one).adding(product: lost, scale)
        let result = Self.logarithm(exponent: k, fractionMinus1: f)
            .withLogarithmsOfSpecialNumbers(sum)
        return result.replacing(with: self, where: self .== Self(repeating: 0))
    }

    /// log(1 + exp(x)) = max(x, 0) + log(1 + exp(−|x|)).
    @inline(__always)
    func softplus() -> Self { maximum(Self(repeating: 0)) + logarithmOf1PlusDecay() }

    /// log(1 + e) with e = exp(−|x|), which is from 0 to 1: the logarithm has no special arguments.
    @inline(__always)
    func logarithmOf1PlusDecay() -> Self {
        let zero = Self(repeating: 0)
        let one = Self(repeating: 1)
        let e = (-magnitude).exponential()
        let isHalved = Self(repeating: 0x1.a8279ap-2) .< e  // √2 − 1
        let k = zero.replacing(with: one, where: isHalved)
        let f = e.replacing(with: (e - one) * Self(repeating: 0.5), where: isHalved)
        return Self.logarithm(exponent: k, fractionMinus1: f)
    }

    /// The logarithm of 2ᵏ (1 + f).
    @inline(__always)
    private static func logarithm(exponent k: Self, fractionMinus1 f: Self) -> Self {
        let logarithm = Element.logarithmOf2
        let halfSquare = Self(repeating: 0.5) * f * f
        let s = f / (Self(repeating: 2) + f)
        let z = s * s
        let r = z * Element.logarithmPolynomial(z)
        let tail = (s * (halfSquare + r)).adding(
            product: k, Self(repeating: logarithm.low))
        return (f - (halfSquare - tail)).adding(
            product: k, Self(repeating: logarithm.high))
    }

    /// k and m with x = 2ᵏ m and √½ ≤ m < √2, for a positive normal number.
    @inline(__always)
    private func exponentAndFraction() -> (exponent: Self, fraction: Self) {
        let lowest = Self(repeating: Element(0.5).squareRoot()).bits
        let offset = bits &- lowest &+ Self(repeating: 1).bits
        // An integer in the low bits of this number is added to it.
        let unit = Self(repeating: Element.leastWithUnitSpacing)
        let biased = Self(bits: offset.shiftedRight(Element.exponentShift) | unit.bits)
        let significand = Bits(repeating: (1 &<< Element.exponentShift) &- 1)
        return (
            (biased - unit) - Self(repeating: Element.exponentBias),
            Self(bits: (offset & significand) &+ lowest)
        )
    }

    @inline(__always)
    private func withLogarithmsOfSpecialNumbers(_ x: Self) -> Self {
        let infinity = Self(repeating: .infinity)
        let zero = Self(repeating: 0)
        return replacing(with: infinity, where: x .== infinity)
            .replacing(with: -infinity, where: x .== zero)
            .replacing(with: Self(repeating: .nan), where: Self.not(zero .<= x))
    }
}

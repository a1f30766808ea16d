extension Vector {
    /// x to the power of y. The exponents −1, ½, 2, 3 and 4 take a few instructions, whether the
    /// exponent is broadcast or not, so that a result depends on its operands only; others use the
    /// library's function lane by lane.
    @inline(__always)
    func power(_ y: Self) -> Self {
        let square = self * self
        let inverse = y .== Self(repeating: -1)
        let half = y .== Self(repeating: 0.5)
        let second = y .== Self(repeating: 2)
        let third = y .== Self(repeating: 3)
        let fourth = y .== Self(repeating: 4)
        var result =
            square
            .replacing(with: square * self, where: third)
            .replacing(with: square * square, where: fourth)
            .replacing(with: reciprocal(), where: inverse)
            .replacing(with: rootAsPower(), where: half)
        let simple = Self.either(
            Self.either(second, Self.either(third, fourth)), Self.either(inverse, half))
        guard Self.any(Self.not(simple)) else { return result }
        for lane in 0..<Self.lanes {
            switch y[lane] {
            case -1, 0.5, 2, 3, 4: continue
            default: result[lane] = Element.libraryPower(self[lane], y[lane])
            }
        }
        return result
    }

    /// x to the power of ½, which differs from the square root at −0 and −∞.
    @inline(__always)
    private func rootAsPower() -> Self {
        let infinity = Self(repeating: .infinity)
        return (self + Self(repeating: 0)).squareRoot()
            .replacing(with: infinity, where: self .== -infinity)
    }
}

/// Rounding without a dedicated instruction, which baseline x86-64 lacks.
extension Vector {
    /// To the nearest integer, ties to even, for numbers small enough that the sum with
    /// `roundingShift` has unit spacing.
    @inline(__always)
    func roundedBySum() -> Self {
        let shift = Self(repeating: Element.roundingShift)
        return (self + shift) - shift
    }

    /// To the nearest integer, ties to even.
    @inline(__always)
    func rounded() -> Self {
        // From here on all numbers are integers.
        let limit = Self(repeating: Element.leastWithUnitSpacing)
        let nearest = ((magnitude + limit) - limit).withSigns(of: self)
        return replacing(with: nearest, where: magnitude .< limit)
    }

    /// To the greatest integer that is not greater.
    @inline(__always)
    func floor() -> Self {
        let nearest = rounded()
        return nearest.replacing(
            with: nearest - Self(repeating: 1), where: self .< nearest)
    }

    /// 2 to the power of `self`, an integer within the exponents' range.
    @inline(__always)
    func powerOf2() -> Self {
        let shift = Self(repeating: Element.roundingShift + Element.exponentBias)
        return Self(bits: (self + shift).bits.shiftedLeft(Element.exponentShift))
    }
}

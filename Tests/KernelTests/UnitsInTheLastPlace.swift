#if arch(x86_64)
    /// A type of more digits than `Double`, where there is one.
    typealias Wide = Float80
#else
    typealias Wide = Double
#endif

/// The distance of a result from the exact value in units in the last place of `Float` or
/// `Double`. Infinite where one is not-a-number and the other not, or a zero has the wrong sign.
func unitsInTheLastPlace<Narrow: BinaryFloatingPoint>(
    _ result: Wide, from exact: Wide, of format: Narrow.Type
) -> Double {
    if exact.isNaN || result.isNaN { return exact.isNaN == result.isNaN ? 0 : .infinity }
    if exact == 0 { return result == 0 && result.sign == exact.sign ? 0 : .infinity }
    if exact.isInfinite { return result == exact ? 0 : .infinity }
    // Overflow is measured from the first power of 2 that is too great.
    let leastExponent = Int(Narrow.leastNormalMagnitude.exponent)
    let limit = Wide(sign: .plus, exponent: 2 - leastExponent, significand: 1)
    let clampedExact = min(max(exact, -limit), limit)
    let clampedResult = min(max(result, -limit), limit)
    let exponent = max(Int(clampedExact.exponent), leastExponent) - Narrow.significandBitCount
    let unit = Wide(sign: .plus, exponent: exponent, significand: 1)
    return Double(abs(clampedResult - clampedExact) / unit)
}

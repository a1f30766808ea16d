/// The number of representable values from one number to the other: 0 where they are equal
/// (0 and −0 are), 1 for neighbours. `UInt64.max` where one is not a number and the other is;
/// two that are no numbers are equal.
public func unitsInTheLastPlace(_ a: Double, _ b: Double) -> UInt64 {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : .max }
    return distance(Int64(bitPattern: a.bitPattern), Int64(bitPattern: b.bitPattern), Int64.min)
}

/// As for `Double`, in steps of `Float`.
public func unitsInTheLastPlace(_ a: Float, _ b: Float) -> UInt64 {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : .max }
    return distance(
        Int64(Int32(bitPattern: a.bitPattern)), Int64(Int32(bitPattern: b.bitPattern)),
        Int64(Int32.min))
}

/// Numbers are stored as sign and magnitude: negative ones are counted downwards from zero.
private func distance(_ a: Int64, _ b: Int64, _ negativeZero: Int64) -> UInt64 {
    func place(_ bits: Int64) -> Int64 { bits < 0 ? negativeZero - bits : bits }
    let (first, second) = (place(a), place(b))
    return UInt64(bitPattern: max(first, second) &- min(first, second))
}

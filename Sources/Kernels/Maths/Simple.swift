/// Functions of a few instructions.
extension Vector {
    /// −1, 0 or 1; zeros give 0, NaN gives NaN.
    @inline(__always)
    func sign() -> Self {
        let zero = Self(repeating: 0)
        return replacing(with: Self(repeating: 1), where: zero .< self)
            .replacing(with: Self(repeating: -1), where: self .< zero)
            .replacing(with: zero, where: self .== zero)
    }

    @inline(__always)
    func reciprocal() -> Self { Self(repeating: 1) / self }

    /// 1 where it is greater than the other, ½ where equal, 0 where less; NaN if either is.
    @inline(__always)
    func shareOfGreater(_ other: Self) -> Self {
        Self(repeating: 0.5).replacing(with: Self(repeating: 1), where: other .< self)
            .replacing(with: Self(repeating: 0), where: self .< other)
            .replacing(with: Self(repeating: .nan), where: Self.either(isNaN, other.isNaN))
    }

    /// max(x, 0); NaN stays NaN.
    @inline(__always)
    func rectified() -> Self {
        replacing(with: Self(repeating: 0), where: self .<= Self(repeating: 0))
    }
}

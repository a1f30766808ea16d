extension Vector {
    /// The polynomial with these coefficients, highest power first, at `self` (Horner's scheme).
    /// The compiler unrolls the loop over literal coefficients into multiply-adds.
    @inline(__always)
    func polynomial(_ coefficients: [Element]) -> Self {
        var result = Self(repeating: coefficients[0])
        for coefficient in coefficients.dropFirst() {
            result = Self(repeating: coefficient).adding(product: result, self)
        }
        return result
    }
}

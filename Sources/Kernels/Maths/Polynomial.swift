extension Vector {
    /// The polynomial with these coefficients, highest power first, at `self` (Horner's scheme).
    /// The optional parameters, all constant, disappear when the call is inlined; an array would be
    /// allocated.
    @inline(__always)
    func polynomial(
        _ c0: Element, _ c1: Element, _ c2: Element? = nil, _ c3: Element? = nil,
        _ c4: Element? = nil, _ c5: Element? = nil, _ c6: Element? = nil, _ c7: Element? = nil,
        _ c8: Element? = nil, _ c9: Element? = nil, _ c10: Element? = nil,
        _ c11: Element? = nil, _ c12: Element? = nil, _ c13: Element? = nil,
        _ c14: Element? = nil, _ c15: Element? = nil, _ c16: Element? = nil,
        _ c17: Element? = nil, _ c18: Element? = nil
    ) -> Self {
        Self(repeating: c0)
            .times(self, plus: c1)
            .times(self, plus: c2)
            .times(self, plus: c3)
            .times(self, plus: c4)
            .times(self, plus: c5)
            .times(self, plus: c6)
            .times(self, plus: c7)
            .times(self, plus: c8)
            .times(self, plus: c9)
            .times(self, plus: c10)
            .times(self, plus: c11)
            .times(self, plus: c12)
            .times(self, plus: c13)
            .times(self, plus: c14)
            .times(self, plus: c15)
            .times(self, plus: c16)
            .times(self, plus: c17)
            .times(self, plus: c18)
    }

    /// `self * x + coefficient` if there is a coefficient.
    @inline(__always)
    private func times(_ x: Self, plus coefficient: Element?) -> Self {
        guard let coefficient else { return self }
        return Self(repeating: coefficient).adding(product: self, x)
    }
}

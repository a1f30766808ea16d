/// Sine and cosine.
///
/// With |x| = n π/2 + r and |r| ≤ π/4, the last two bits of n choose between sine and cosine of r
/// and the sign.
extension Vector {
    @inline(__always)
    func sine() -> Self {
        let (quadrant, r) = magnitude.reducedToQuadrant()
        let result = r.sineOrCosine(of: quadrant)
        return Self(bits: result.bits ^ signs)
            .correctedBeyondReduction(of: self, Element.librarySine)
    }

    @inline(__always)
    func cosine() -> Self {
        let (quadrant, r) = magnitude.reducedToQuadrant()
        return r.sineOrCosine(of: quadrant &+ Bits(repeating: 1))
            .correctedBeyondReduction(of: self, Element.libraryCosine)
    }

    /// Both, for `self` from 0 to `reducibleAngle`.
    @inline(__always)
    func sineAndCosineOfReducible() -> (sine: Self, cosine: Self) {
        let (quadrant, r) = reducedToQuadrant()
        return (
            r.sineOrCosine(of: quadrant),
            r.sineOrCosine(of: quadrant &+ Bits(repeating: 1))
        )
    }
}

extension Vector {
    /// n, of which only the low bits matter, and r. The products are exact, and so are the
    /// differences until r is small.
    @inline(__always)
    fileprivate func reducedToQuadrant() -> (quadrant: Bits, r: Self) {
        let part = Element.halfPi
        let shift = Self(repeating: Element.roundingShift)
        let shifted = self * Self(repeating: 1 / (part.0 + part.1)) + shift
        let n = shifted - shift
        let r = self.adding(product: n, Self(repeating: -part.0))
            .adding(product: n, Self(repeating: -part.1))
            .adding(product: n, Self(repeating: -part.2))
            .adding(product: n, Self(repeating: -part.3))
        return (shifted.bits, r)
    }

    /// The sine of r plus the given number of quadrants, for |r| ≤ π/4.
    @inline(__always)
    fileprivate func sineOrCosine(of quadrant: Bits) -> Self {
        let zero = Self(repeating: 0)
        let one = Self(repeating: 1)
        let square = self * self
        let sine = adding(product: self * square, Element.sinePolynomial(square))
        let half = Self(repeating: 0.5) * square
        let rest = (one - half)
        let cosine =
            rest
            + ((one - rest) - half).adding(
                product: square * square, Element.cosinePolynomial(square))
        // Bit 0 as the least normal number or zero; bit 1 at the position of the sign.
        let odd = Self(bits: (quadrant & Bits(repeating: 1)).shiftedLeft(Element.exponentShift))
        let width = Bits.Element(truncatingIfNeeded: Bits.Element.bitWidth)
        let sign = Self(bits: quadrant.shiftedLeft(width &- 2)).signs
        return Self(bits: sine.replacing(with: cosine, where: zero .< odd).bits ^ sign)
    }

    /// The library's results if the argument is beyond the exact reduction.
    @inline(__always)
    fileprivate func correctedBeyondReduction(
        of x: Self, _ function: (Element) -> Element
    ) -> Self {
        let limit = Self(repeating: Element.reducibleAngle)
        guard Self.any(limit .< x.magnitude) else { return self }
        var result = self
        for lane in 0..<Self.lanes where x[lane].magnitude > Element.reducibleAngle {
            result[lane] = function(x[lane])
        }
        return result
    }
}

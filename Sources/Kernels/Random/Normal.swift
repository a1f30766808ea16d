import KernelInterface

extension Kernels {
    public static func normal(
        _ type: DataType, _ words: UnsafePointer<UInt32>,
        _ output: UnsafeMutableRawPointer, _ pairs: Int
    ) {
        switch type {
        case .float32: normal(of: FloatVector.self, words, output, pairs)
        case .float64: normal(of: DoubleVector.self, words, output, pairs)
        case .int32, .uint8, .bool, .float16, .bfloat16: noKernel(forNormalDeviatesOf: type)
        }
    }

    /// Random bits, each with the width of an element, are replaced by the deviates made of them.
    @inline(__always)
    private static func normal<V: Vector>(
        of _: V.Type, _ words: UnsafePointer<UInt32>, _ output: UnsafeMutableRawPointer,
        _ pairs: Int
    ) {
        let input = UnsafeRawPointer(words).assumingMemoryBound(to: V.Element.self)
        let output = output.assumingMemoryBound(to: V.Element.self)
        let lanes = V.lanes
        let count = 2 * pairs
        var i = 0
        while i + 2 * lanes <= count {
            let (first, second) = normal(V(at: input + i), V(at: input + i + lanes))
            first.store(at: output + i)
            second.store(at: output + i + lanes)
            i += 2 * lanes
        }
        if i < count {
            let inFirst = min(count - i, lanes)
            let inSecond = count - i - inFirst
            let (first, second) = normal(
                V(at: input + i, count: inFirst), V(at: input + i + inFirst, count: inSecond))
            first.store(at: output + i, count: inFirst)
            second.store(at: output + i + inFirst, count: inSecond)
        }
    }

    @inline(__always)
    private static func normal<V: Vector>(_ first: V, _ second: V) -> (first: V, second: V) {
        let (even, odd) = V.unzip(first, second)
        let (x, y) = boxMuller(even, odd)
        return V.zip(even: x, odd: y)
    }
}

/// From uniform u and v, the point at the angle 2πv and the distance √(−2 log u). Not inlined,
/// because the compiler would split vectors that are unzipped.
@inline(never)
private func boxMuller<V: Vector>(_ u: V, _ v: V) -> (x: V, y: V) {
    let radius = (V(repeating: -2) * u.bitsAsFraction.logarithm()).squareRoot()
    let angle = V(repeating: 2 * .pi) * v.bitsAsFraction
    let (sine, cosine) = angle.sineAndCosineOfReducible()
    return (radius * cosine, radius * sine)
}

extension Vector {
    /// The bits of each lane, read as an integer, plus 1, divided by the number of such integers:
    /// in (0, 1]. The halves of the bits convert exactly, so the quotient is rounded once.
    @inline(__always)
    fileprivate var bitsAsFraction: Self {
        let halfWidth = Bits.Element.bitWidth / 2
        let mask = Bits(repeating: (1 &<< Bits.Element(halfWidth)) &- 1)
        let scale = Element(sign: .plus, exponent: Element.Exponent(halfWidth), significand: 1)
        // An integer in the low bits of this number is added to it.
        let unit = Self(repeating: Element.leastWithUnitSpacing)
        let upper = Self(bits: bits.shiftedRight(Bits.Element(halfWidth)) | unit.bits) - unit
        let lower = Self(bits: (bits & mask) | unit.bits) - unit
        let sum = (lower + Self(repeating: 1)).adding(product: upper, Self(repeating: scale))
        return sum * Self(repeating: 1 / (scale * scale))
    }
}

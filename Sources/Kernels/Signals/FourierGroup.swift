/// Real or imaginary parts of some vectors of complex numbers, as many as a power of 2, that are
/// transformed in registers: first those at even and at odd places (decimation in time), then both
/// halves of the result.
protocol FourierGroup: VectorGroup {
    /// Loads the vectors in the order in which they are transformed: those at even places into the
    /// upper half.
    init(alternatingAt address: UnsafePointer<V.Element>, stride: Int)
    /// Each vector with one number of those at the address in all lanes.
    init(repeatingAt address: UnsafePointer<V.Element>, stride: Int)

    static func + (a: Self, b: Self) -> Self
    static func - (a: Self, b: Self) -> Self

    /// The transform: Xₖ = Σₙ xₙ exp(−2πi k n / count).
    static func transform(_ number: inout Complex<Self>)
    /// The product of each two numbers but the first of `index` 0, which is multiplied by 1.
    static func multiply(_ number: inout Complex<Self>, by other: Complex<Self>, index: Int)
    /// Multiplies number k by exp(−2πi (first + k step) / 16).
    static func turn(_ number: inout Complex<Self>, first: Int, step: Int)
}

/// Complex numbers, of which each part is a group of vectors.
struct Complex<Part> {
    var real: Part
    var imaginary: Part

    @inline(__always) init(_ real: Part, _ imaginary: Part) {
        self.real = real
        self.imaginary = imaginary
    }
}

extension SingleVector: FourierGroup {
    @inline(__always) init(alternatingAt address: UnsafePointer<V.Element>, stride: Int) {
        self.init(V(at: address))
    }
    @inline(__always) init(repeatingAt address: UnsafePointer<V.Element>, stride: Int) {
        self.init(V(repeating: address.pointee))
    }
    @inline(__always) static func + (a: Self, b: Self) -> Self { Self(a.vector + b.vector) }
    @inline(__always) static func - (a: Self, b: Self) -> Self { Self(a.vector - b.vector) }

    @inline(__always) static func transform(_ number: inout Complex<Self>) {}

    @inline(__always)
    static func multiply(_ number: inout Complex<Self>, by other: Complex<Self>, index: Int) {
        guard index > 0 else { return }
        let (a, b) = (number.real.vector, number.imaginary.vector)
        let (c, d) = (other.real.vector, other.imaginary.vector)
        number.real = Self((a * c).adding(product: -b, d))
        number.imaginary = Self((b * c).adding(product: a, d))
    }

    @inline(__always)
    static func turn(_ number: inout Complex<Self>, first: Int, step: Int) {
        let (a, b) = (number.real.vector, number.imaginary.vector)
        switch first {
        case 0: break
        case 2:  // (1 − i) / √2
            let scale = V(repeating: V.Element(0.5).squareRoot())
            number = Complex(Self((a + b) * scale), Self((b - a) * scale))
        case 4:  // −i
            number = Complex(Self(b), Self(-a))
        case 6:  // −(1 + i) / √2
            let scale = V(repeating: V.Element(0.5).squareRoot())
            number = Complex(Self((b - a) * scale), Self(-(a + b) * scale))
        default:
            // cos(π/8) and sin(π/8), at 1, 3, 5 and 7 sixteenths of a turn.
            let cosine: V.Element = 0.923879532511286756
            let sine: V.Element = 0.382683432365089772
            let isSteep = first == 3 || first == 5
            let c = V(repeating: (first < 4 ? 1 : -1) * (isSteep ? sine : cosine))
            let d = V(repeating: isSteep ? -cosine : -sine)
            number.real = Self((a * c).adding(product: -b, d))
            number.imaginary = Self((b * c).adding(product: a, d))
        }
    }
}

extension VectorPair: FourierGroup where Half: FourierGroup {
    @inline(__always) init(alternatingAt address: UnsafePointer<V.Element>, stride: Int) {
        self.init(
            Half(alternatingAt: address, stride: 2 * stride),
            Half(alternatingAt: address + stride, stride: 2 * stride))
    }
    @inline(__always) init(repeatingAt address: UnsafePointer<V.Element>, stride: Int) {
        self.init(
            Half(repeatingAt: address, stride: stride),
            Half(repeatingAt: address + Half.count * stride, stride: stride))
    }
    @inline(__always) static func + (a: Self, b: Self) -> Self {
        Self(a.upper + b.upper, a.lower + b.lower)
    }
    @inline(__always) static func - (a: Self, b: Self) -> Self {
        Self(a.upper - b.upper, a.lower - b.lower)
    }

    @inline(__always) static func transform(_ number: inout Complex<Self>) {
        var (even, odd) = halves(number)
        Half.transform(&even)
        Half.transform(&odd)
        Half.turn(&odd, first: 0, step: 8 / Half.count)
        number = Complex(
            Self(even.real + odd.real, even.real - odd.real),
            Self(even.imaginary + odd.imaginary, even.imaginary - odd.imaginary))
    }

    @inline(__always)
    static func multiply(_ number: inout Complex<Self>, by other: Complex<Self>, index: Int) {
        var (upper, lower) = halves(number)
        let others = halves(other)
        Half.multiply(&upper, by: others.0, index: index)
        Half.multiply(&lower, by: others.1, index: index + Half.count)
        number = joined(upper, lower)
    }

    @inline(__always)
    static func turn(_ number: inout Complex<Self>, first: Int, step: Int) {
        var (upper, lower) = halves(number)
        Half.turn(&upper, first: first, step: step)
        Half.turn(&lower, first: first + Half.count * step, step: step)
        number = joined(upper, lower)
    }

    @inline(__always)
    private static func halves(_ number: Complex<Self>) -> (Complex<Half>, Complex<Half>) {
        (
            Complex(number.real.upper, number.imaginary.upper),
            Complex(number.real.lower, number.imaginary.lower)
        )
    }

    @inline(__always)
    private static func joined(_ upper: Complex<Half>, _ lower: Complex<Half>) -> Complex<Self> {
        Complex(Self(upper.real, lower.real), Self(upper.imaginary, lower.imaginary))
    }
}

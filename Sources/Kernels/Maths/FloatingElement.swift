/// `Float` and `Double`: what the elementary functions need to know of the element type.
///
/// A constant in several parts is their unevaluated sum. The leading parts have enough trailing
/// zeros that their product with the integer of the argument reduction is exact without a fused
/// multiply-add (Cody and Waite's method).
///
/// The polynomials, highest power first, are minimax approximations found with the Remez exchange
/// algorithm in 60-digit arithmetic, with coefficients then rounded to the element type. The given
/// error is the relative error of the function before rounding.
protocol FloatingElement: BinaryFloatingPoint {
    /// log 2, in two parts: exact products with integers up to the exponents' range.
    static var logarithmOf2: (high: Self, low: Self) { get }
    /// π / 2, in four parts: exact products with integers below `quadrantLimit`.
    static var halfPi: (Self, Self, Self, Self) { get }
    /// Arguments up to here reduce to a quadrant exactly.
    static var reducibleAngle: Self { get }

    /// The least of the numbers without fractional digits: 2 to the power of `significandBitCount`.
    static var leastWithUnitSpacing: Self { get }
    /// The value of an integral number as an `Int`.
    var integer: Int { get }

    /// Outside these the exponential is 0 or infinite.
    static var exponentialRange: (lower: Self, upper: Self) { get }
    /// From here on tanh rounds to 1 and, negated, expm1(2x) to −1.
    static var hyperbolicLimit: Self { get }

    /// (exp(x) − 1 − x) / x² on ±1.01 log(2) / 2.
    static func exponentialPolynomial<V: Vector>(_ x: V) -> V where V.Element == Self
    /// (2 atanh(s) / s − 2) / s², in s², on s up to (√2 − 1) / (√2 + 1).
    static func logarithmPolynomial<V: Vector>(_ x: V) -> V where V.Element == Self
    /// (sin(x) − x) / x³, in x², on x up to π / 4.
    static func sinePolynomial<V: Vector>(_ x: V) -> V where V.Element == Self
    /// (cos(x) − 1 + x² / 2) / x⁴, in x², on x up to π / 4.
    static func cosinePolynomial<V: Vector>(_ x: V) -> V where V.Element == Self
    /// erf(x) / x − 1, in x², on x up to 1.
    static func errorPolynomial<V: Vector>(_ x: V) -> V where V.Element == Self
    /// log(1 − erf(x)), in x − 1, on x from 1 to `errorLimit`.
    static func errorTailPolynomial<V: Vector>(_ x: V) -> V where V.Element == Self
    /// From here on erf rounds to 1.
    static var errorLimit: Self { get }

    /// The C library's functions, for single lanes off the fast path.
    static func librarySine(_ x: Self) -> Self
    static func libraryCosine(_ x: Self) -> Self
    static func libraryPower(_ x: Self, _ y: Self) -> Self
}

extension FloatingElement {
    /// Added to a number of less than half its magnitude, rounds it to an integer (ties to even),
    /// which is then in the low bits of the sum.
    @inline(__always) static var roundingShift: Self { 1.5 * leastWithUnitSpacing }

    /// The exponent bits of 1.
    @inline(__always) static var exponentBias: Self {
        Self((1 << (exponentBitCount - 1)) - 1)
    }

    /// The bit position of the exponent.
    @inline(__always) static var exponentShift: RawSignificand {
        RawSignificand(truncatingIfNeeded: significandBitCount)
    }
}

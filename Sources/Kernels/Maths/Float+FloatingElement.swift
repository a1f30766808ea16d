#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension Float: FloatingElement {
    @inline(__always) static var logarithmOf2: (high: Float, low: Float) {
        (0x1.62e4p-1, 0x1.7f7d1cp-20)
    }
    @inline(__always) static var halfPi: (Float, Float, Float, Float) {
        (0x1.92p+0, 0x1.fb4p-12, 0x1.444p-24, 0x1.68c234p-39)
    }
    /// 2¹² quadrants.
    @inline(__always) static var reducibleAngle: Float { 6433 }

    @inline(__always) static var leastWithUnitSpacing: Float { 0x1p23 }
    @inline(__always) var integer: Int { Int(self) }

    @inline(__always) static var exponentialRange: (lower: Float, upper: Float) { (-104, 89) }
    @inline(__always) static var hyperbolicLimit: Float { 10 }
    @inline(__always) static var errorLimit: Float { 4 }

    /// Error 2^−31.9.
    @inline(__always)
    static func exponentialPolynomial<V: Vector>(_ x: V) -> V where V.Element == Float {
        x.polynomial(
            0.00019915626, 0.0013942046, 0.00833327, 0.041666344, 0.16666667, 0.5
        )
    }
    /// Error 2^−30.1.
    @inline(__always)
    static func logarithmPolynomial<V: Vector>(_ x: V) -> V where V.Element == Float {
        x.polynomial(
            0.29885188, 0.3997708, 0.6666678
        )
    }
    /// Error 2^−27.9.
    @inline(__always)
    static func sinePolynomial<V: Vector>(_ x: V) -> V where V.Element == Float {
        x.polynomial(
            -0.00019512027, 0.008332137, -0.16666654
        )
    }
    /// Error 2^−32.9.
    @inline(__always)
    static func cosinePolynomial<V: Vector>(_ x: V) -> V where V.Element == Float {
        x.polynomial(
            2.4429439e-05, -0.0013887284, 0.041666646
        )
    }
    /// Error 2^−29.6.
    @inline(__always)
    static func errorPolynomial<V: Vector>(_ x: V) -> V where V.Element == Float {
        x.polynomial(
            7.853869e-05, -0.0008010196, 0.0051883277, -0.026853813, 0.112835854, -0.37612626,
            0.12837917
        )
    }
    /// Error 2^−29.8.
    @inline(__always)
    static func errorTailPolynomial<V: Vector>(_ x: V) -> V where V.Element == Float {
        x.polynomial(
            0.0001863781, -0.001829379, 0.009895455, -0.041503493, -0.8431176, -2.6389668,
            -1.8496056
        )
    }

    static func librarySine(_ x: Float) -> Float { sinf(x) }
    static func libraryCosine(_ x: Float) -> Float { cosf(x) }
    static func libraryPower(_ x: Float, _ y: Float) -> Float { powf(x, y) }
}

#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

extension Double: FloatingElement {
    @inline(__always) static var logarithmOf2: (high: Double, low: Double) {
        (0x1.62e42fefa3p-1, 0x1.3de6af278ece6p-42)
    }
    @inline(__always) static var halfPi: (Double, Double, Double, Double) {
        (0x1.921fb544p+0, 0x1.0b4611a6p-34, 0x1.3198a2ep-69, 0x1.b839a252049c1p-104)
    }
    /// 2²⁰ quadrants.
    @inline(__always) static var reducibleAngle: Double { 1_647_099 }

    @inline(__always) static var leastWithUnitSpacing: Double { 0x1p52 }
    @inline(__always) var integer: Int { Int(self) }

    @inline(__always) static var exponentialRange: (lower: Double, upper: Double) { (-746, 710) }
    @inline(__always) static var hyperbolicLimit: Double { 20 }
    @inline(__always) static var errorLimit: Double { 6 }

    /// Error 2^−61.6.
    @inline(__always)
    static func exponentialPolynomial<V: Vector>(_ x: V) -> V where V.Element == Double {
        x.polynomial(
            2.0925377236239474e-09, 2.5110178659448113e-08, 2.755723973241413e-07,
            2.7557241164719693e-06, 2.480158736409782e-05, 0.0001984126988889222,
            0.001388888888886505, 0.008333333333320656, 0.041666666666666706, 0.16666666666666677,
            0.5
        )
    }
    /// Error 2^−59.4.
    @inline(__always)
    static func logarithmPolynomial<V: Vector>(_ x: V) -> V where V.Element == Double {
        x.polynomial(
            0.14811537737863603, 0.15312570048160845, 0.1818361898515644, 0.22222197587324774,
            0.28571428751304023, 0.3999999999937797, 0.666666666666674
        )
    }
    /// Error 2^−57.8.
    @inline(__always)
    static func sinePolynomial<V: Vector>(_ x: V) -> V where V.Element == Double {
        x.polynomial(
            1.5894603943029193e-10, -2.5050720392048542e-08, 2.7557313451267634e-06,
            -0.0001984126982911379, 0.008333333333321544, -0.1666666666666663
        )
    }
    /// Error 2^−63.8.
    @inline(__always)
    static func cosinePolynomial<V: Vector>(_ x: V) -> V where V.Element == Double {
        x.polynomial(
            -1.1357406794578339e-11, 2.0875679416756e-09, -2.755731402474313e-07,
            2.4801587288327983e-05, -0.0013888888888872236, 0.04166666666666659
        )
    }
    /// Error 2^−62.7.
    @inline(__always)
    static func errorPolynomial<V: Vector>(_ x: V) -> V where V.Element == Double {
        x.polynomial(
            5.945265445739859e-11, -1.1365668206799454e-09, 1.4657880438164065e-08,
            -1.6350025313251893e-07, 1.6460972825704264e-06, -1.4925593507433224e-05,
            0.00012055331036921845, -0.0008548326978742784, 0.005223977624780876,
            -0.026866170645072896, 0.11283791670954857, -0.3761263890318375, 0.1283791670955126
        )
    }
    /// Error 2^−59.5.
    @inline(__always)
    static func errorTailPolynomial<V: Vector>(_ x: V) -> V where V.Element == Double {
        x.polynomial(
            1.0496227124766835e-12, -2.906714104633456e-11, 3.709647205040051e-10,
            -2.8815903923286094e-09, 1.4987186810845678e-08, -5.226874853687231e-08,
            9.806009535368286e-08, 1.4203203176785807e-07, -2.058737560617541e-06,
            9.607954898302008e-06, -2.7158473588154878e-05, 2.627756117340428e-05,
            0.00023732259102528304, -0.0019779025940937054, 0.010033825378464135,
            -0.04156109804218247, -0.843107256358659, -2.6389675142347886, -1.8496055099332482
        )
    }

    static func librarySine(_ x: Double) -> Double { sin(x) }
    static func libraryCosine(_ x: Double) -> Double { cos(x) }
    static func libraryPower(_ x: Double, _ y: Double) -> Double { pow(x, y) }
}

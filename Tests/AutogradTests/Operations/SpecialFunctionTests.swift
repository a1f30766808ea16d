import Autograd
import Foundation
import TestSupport
import Testing

/// Special functions beside numbers that mpmath computed with 60 digits.
@Suite struct SpecialFunctionTests {
    @Test(
        arguments: [
            (1e-300, 690.7755278982137), (1e-05, 11.512919692895826), (0.5, 0.5723649429247001),
            (1.0001, -5.771334222047127e-05), (2.5, 0.2846828704729192), (30, 71.25703896716801),
            (1000000.0, 12815504.569147611), (1e300, 6.897755278982137e302),
            (-0.5, 1.2655121234846454), (-1.9999, 8.517285484324502), (-20.3, -41.887292480135244),
        ] as [(Double, Double)])
    func logarithmOfTheGammaFunction(x: Double, expected: Double) {
        expectClose(logGamma(Tensor([x])), expected, 2e-15)
    }

    @Test(
        arguments: [
            (0, 1e-10, -10000000000.577215), (0, 0.3, -3.502524222200133),
            (0, 1.25, -0.22745353337626542), (0, 1.4616, -3.110625123034165e-05),
            (0, 1.5, 0.03648997397857652), (0, 7.7, 1.9748820949131018),
            (0, 100000000.0, 18.420680738952367), (0, -0.25, 2.9141391202135276),
            (0, -30.7, 1.1579602221507959), (1, 1e-06, 1000000000001.645),
            (1, 0.5, 4.934802200544679), (1, 12.5, 0.08328522460157838),
            (1, 100000.0, 1.0000050000166667e-05), (1, -2.3, 14.725912160961292),
            (2, 0.75, -5.3026332163376395), (2, -0.5, -0.82879664423432),
            (3, 4.5, 0.030322508542366587), (3, -7.9, 60014.24854014009),
            (10, 1.5, -42108.85876897549), (30, 128.37, -5.526502085141368e-33),
            (150, 200.5, -2.6068048325670057e-85),
        ] as [(Int, Double, Double)])
    func derivativesOfTheLogarithmOfTheGammaFunction(order: Int, x: Double, expected: Double) {
        expectClose(polygamma(order, Tensor([x])), expected, 5e-15)
        if order == 0 { expectClose(digamma(Tensor([x])), expected, 5e-15) }
    }

    @Test(
        arguments: [
            (0.0, 1e-08, 2.5e-17, 5e-09), (0.0, 0.5, 0.06154971918548131, 0.24249961258080194),
            (0.0, 31.9, 29.25374048617031, 0.9841991292691429),
            (0.0, 32.1, 29.450590258850458, 0.9842983889859616),
            (0.0, 1000000.0, 999992.1733063128, 0.999999499999875),
            (0.5, 2, 0.716002429689468, 0.787314720727548),
            (1.0, 1e-200, -461.2101657793691, 1e200),
            (7.3, 12, 7.606189863391669, 1.140326370280334),
            (15.0, 31, 24.751221299302212, 1.0978426944528175),
            (31.5, 5.2, -49.51521549242004, 6.137201493816563),
            (200.0, 1, -1001.8601795271292, 200.0024875468725),
            (511.5, 800, 637.1228155658773, 1.1864853875098362),
            (2000.0, 0.001, -28408.329269597845, 2000000.0000002498),
            (2000.0, 1000000.0, 999990.1733059795, 1.000001499999875),
            (0.001, 40, 37.23978684869169, 0.9874198416569988),
        ] as [(Double, Double, Double, Double)])
    func besselFunctions(order: Double, x: Double, expected: Double, derivative: Double) {
        let (value, slope) = valueWithGradient(at: Tensor([x])) {
            logBesselI($0, order: order).sum()
        }
        expectClose(value, expected, 2e-15)
        expectClose(slope, derivative, 5e-15)
    }

    /// The derivatives at 0 are those of the power series, of order 0 the even ones too: there
    /// log I is x²/4 − x⁴/64 + ….
    @Test func besselFunctionsAtZero() {
        let zero = Tensor([0.0])
        func derivative(_ order: Int, _ x: Tensor) -> Tensor {
            order == 0
                ? logBesselI(x, order: 0).sum()
                : gradient(at: x) { derivative(order - 1, $0).sum() }
        }
        let found = (0...4).map { derivative($0, zero).scalar }
        #expect(found == [0, 0, 0.5, 0, -0.375])
        #expect(logBesselI(zero, order: 2).scalar == -.infinity)
        let slope = gradient(at: zero) { logBesselI($0, order: 2).sum() }
        #expect(slope.scalar == .infinity)
        #expect(logBesselI(Tensor([-1.0]), order: 2).scalar.isNaN)
        #expect(logBesselI(Tensor([Double.infinity]), order: 2).scalar == .infinity)
    }

    @Test(
        arguments: [
            (1e-300, 8.86226925452758e-301), (1e-09, 8.86226925452758e-10),
            (0.3, 0.2724627147267543), (-0.4999, -0.4768250236254278), (0.5, 0.4769362762044699),
            (0.9, 1.1630871536766743), (-0.999999, -3.458910737275499),
            (0.9999999999999999, 5.8635847487551676),
        ] as [(Double, Double)])
    func inverseOfTheErrorFunction(x: Double, expected: Double) {
        expectClose(inverseErrorFunction(Tensor([x])), expected, 1e-15)
        expectClose(inverseErrorFunction(Tensor([-x])), -expected, 1e-15)
    }

    @Test(
        arguments: [
            (.leastNonzeroMagnitude, -38.46740561714434), (0x1p-1030, -37.66678046507838),
            (1e-285, -36.10348066239541), (1e-300, -37.0470962993612), (1e-20, -9.262340089798407),
            (0.001, -3.0902323061678136),
            (0.25, -0.6744897501960817), (0.4, -0.2533471031357997),
            (0.5000000001, 2.506628482030354e-10), (0.75, 0.6744897501960817),
            (0.999, 3.090232306167813), (0.9999999999999999, 8.209536151601387),
        ] as [(Double, Double)])
    func quantilesOfTheNormalDistribution(p: Double, expected: Double) {
        expectClose(normalQuantile(Tensor([p])), expected, 4e-15)
    }

    /// Poles and places outside of the domain.
    @Test func specialPlaces() {
        func values(_ function: (Tensor) -> Tensor, _ places: Double...) -> [Double] {
            function(Tensor(places)).elements()
        }
        let infinity = Double.infinity
        #expect(values(logGamma, 0, -3, infinity, 1, 2) == [infinity, infinity, infinity, 0, 0])
        #expect(values(digamma, 0, -1, -infinity, .nan).allSatisfy { $0.isNaN })
        #expect(values({ polygamma(2, $0) }, 0, -1, -infinity, .nan).allSatisfy { $0.isNaN })
        #expect(values(digamma, infinity, .leastNonzeroMagnitude) == [infinity, -infinity])
        #expect(values(inverseErrorFunction, 1, -1, 0) == [infinity, -infinity, 0])
        #expect(values(inverseErrorFunction, 1.1, -2, .nan).allSatisfy { $0.isNaN })
        #expect(values(normalQuantile, 0, 1, 0.5) == [-infinity, infinity, 0])
        #expect(values(normalQuantile, -0.1, 1.1, .nan).allSatisfy { $0.isNaN })
    }

    /// Great orders of derivative below 0, where the polynomials of the cotangent are long.
    @Test func derivativesGoOnBelowZero() {
        let x = Tensor([-1.3])
        func derivative(_ order: Int, _ x: Tensor) -> Tensor {
            order == 0
                ? logGamma(x).sum() : gradient(at: x) { derivative(order - 1, $0).sum() }
        }
        // From mpmath.
        expectClose(derivative(3, x), 68.54941347116214, 1e-14)
    }
}

/// Compares one element, relative to what is expected.
func expectClose(
    _ actual: Tensor, _ expected: Double, _ tolerance: Double,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let error = abs(actual.scalar - expected)
    #expect(
        error <= tolerance * abs(expected), "\(actual.scalar), expected \(expected)",
        sourceLocation: sourceLocation)
}

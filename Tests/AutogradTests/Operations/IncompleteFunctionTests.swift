import Autograd
import Foundation
import TestSupport
import Testing

/// The distribution functions of the gamma and the beta distribution beside numbers that mpmath
/// computed with 60 digits or more.
@Suite struct IncompleteFunctionTests {
    /// P(a, x), the logarithm of the density, dx/da where P is held fixed, and its derivative with
    /// respect to a.
    @Test(
        arguments: [

            (
                0.001, 1e-200, 0.6313211290858287, 453.1493226948265, 4.599414466669988e-195,
                -4.599398041338029e-192
            ),
            (
                0.001, 2.0, 0.999951023082169, -9.59963291876324, 723.9961222022795,
                -722657.9963049424
            ),
            (
                0.1, 0.01, 0.6626212599544798, 1.8819405156550764, 0.4227934381297028,
                -4.08829168610068
            ),
            (
                0.5, 3.0, 0.9856941215645704, -4.121671087258755, 2.9129424164403646,
                -3.6174615508983186
            ),
            (1.0, 0.7, 0.5034146962085905, -0.7, 0.9732187409923876, -0.6643437305072534),
            (
                3.0, 10.0, 0.9972306042844884, -6.087976994571854, 1.8151881913114016,
                -0.2741140659121412
            ),
            (
                7.0, 8.5, 0.743822138837068, -2.238854231032476, 1.12675920474157,
                -0.08169888240076693
            ),
            (
                19.9, 30.0, 0.9792010450517168, -4.7604580678214745, 1.2294543920615082,
                -0.029286736027338365
            ),
            (
                20.0, 5.0, 3.45213582091446e-07, -13.760563850951588, 0.46572091575759084,
                -0.014448122269536913
            ),
            (
                20.0, 19.0, 0.4393926106084916, -2.3955435830371252, 0.9827316703854199,
                -0.025190572764831106
            ),
            (
                20.0, 60.0, 0.9999999993648082, -21.54733750497958, 1.6612150943532251,
                -0.03469868810949327
            ),
            (
                150.0, 150.0, 0.5108582297493597, -3.4248117349853215, 1.0011118490229753,
                -0.003344459200236717
            ),
            (
                10000.0, 10200.0, 0.9767126778664011, -7.517646718025144, 1.0099508242883197,
                -5.03325593272311e-05
            ),
            (
                1000000.0, 997000.0, 0.0013381041673135997, -12.332709685221658, 0.9984986641623247,
                -4.994994983468933e-07
            ),
            (
                1000000.0, 1001000.0, 0.8413447863683403, -8.32736031232006, 1.0005000001666,
                -5.001668334833001e-07
            ),
        ] as [(Double, Double, Double, Double, Double, Double)])
    func gammaDistribution(
        a: Double, x: Double, distribution: Double, density: Double, speed: Double, slope: Double
    ) {
        let (a, x) = (Tensor([a]), Tensor([x]))
        expectClose(regularizedGamma(a, x), distribution, 2e-14)
        expectClose(gammaLogDensity(a, x), density, 1e-14)
        let (value, change) = valueWithGradient(at: a) {
            gammaSampleDerivative(shape: $0, sample: x).sum()
        }
        expectClose(value, speed, 1e-14)
        expectClose(change, slope, 1e-12)
    }

    @Test(
        arguments: [
            (0.05, 0.001, 5.844632057286547e-61), (0.3, 0.9, 0.884810773360244),
            (1.0, 0.5, 0.6931471805599453), (2.5, 1e-12, 2.562321748415268e-05),
            (9.0, 0.999, 21.15619816583998), (40.0, 0.3, 36.45767115693809),
            (10000.0, 0.01, 9768.836856696591), (3.0, 0.999999999999999, 41.338374259893286),
        ] as [(Double, Double, Double)])
    func gammaQuantiles(a: Double, p: Double, expected: Double) {
        expectClose(gammaQuantile(shape: Tensor([a]), probability: Tensor([p])), expected, 1e-13)
    }

    @Test(
        arguments: [
            (0.5, 0.5, 0.3, 0.36901011956554536), (2.0, 3.0, 0.4, 0.5248),
            (0.001, 5.0, 0.2, 0.9997834456464276), (30.0, 2.0, 0.99, 0.9616104854047645),
            (5.0, 200.0, 0.0001, 2.7562698298321822e-11),
            (1000.0, 1500.0, 0.39, 0.1536861868476926),
            (400.0, 400.0, 0.6, 0.9999999944467496), (1.0, 1.0, 0.25, 0.25),
            (0.2, 70.0, 0.05, 0.9981319649764725),
        ] as [(Double, Double, Double, Double)])
    func betaDistribution(a: Double, b: Double, x: Double, expected: Double) {
        expectClose(regularizedBeta(Tensor([a]), Tensor([b]), Tensor([x])), expected, 2e-14)
    }

    @Test(
        arguments: [
            (0.5, 0.5, 0.3, 0.20610737385376343), (2.0, 3.0, 1e-10, 4.082494015808333e-06),
            (0.05, 5.0, 0.2, 1.3516501401258905e-15), (30.0, 2.0, 0.99, 0.995140511451942),
            (5.0, 200.0, 0.0001, 0.002197936828570202), (1000.0, 1500.0, 0.39, 0.39723843707036677),
            (1.0, 1.0, 0.25, 0.25), (3.0, 0.7, 0.999999999999, 1.0),
        ] as [(Double, Double, Double, Double)])
    func betaQuantiles(a: Double, b: Double, p: Double, expected: Double) {
        let quantile = betaQuantile(Tensor([a]), Tensor([b]), probability: Tensor([p]))
        expectClose(quantile, expected, 1e-13)
    }

    @Test func speedsOfSamplesAreDerivedOnceMore() {
        let shapes = Tensor([0.05, 0.7, 3, 25, 400])
        let samples = Tensor([0.02, 1.2, 2, 31, 390])
        let check = gradientCheck(at: [shapes, samples]) {
            gammaSampleDerivative(shape: $0[0], sample: $0[1])
        }
        #expect(check.passes, "\(check)")
    }

    /// The methods meet without a step, and their results lie in order.
    @Test func theDistributionFunctionIncreasesAcrossMethods() {
        for a in [0.3, 5, 19.99, 20, 35, 1000] {
            let places = (1...400).map { a * 4 * Double($0) / 400 }
            let values: [Double] = regularizedGamma(Tensor([a]), Tensor(places)).elements()
            for (left, right) in zip(values, values.dropFirst()) { #expect(left <= right) }
            let back = gammaQuantile(shape: Tensor([a]), probability: Tensor(values)).elements(
                as: Double.self)
            for (index, value) in values.enumerated() where value > 1e-250 && value < 0.9 {
                #expect(abs(back[index] / places[index] - 1) < 1e-13)
            }
        }
    }

    @Test func specialPlaces() {
        func gamma(_ a: Double, _ x: Double) -> Double {
            regularizedGamma(Tensor([a]), Tensor([x])).scalar
        }
        #expect(gamma(2, 0) == 0)
        #expect(gamma(2, .infinity) == 1)
        #expect(gamma(1e-3, .leastNonzeroMagnitude) > 0)
        for (a, x) in [(0.0, 1.0), (-1, 1), (2, -1), (.nan, 1), (1, .nan), (.infinity, 1)] {
            #expect(gamma(a, x).isNaN)
        }
        func quantile(_ a: Double, _ p: Double) -> Double {
            gammaQuantile(shape: Tensor([a]), probability: Tensor([p])).scalar
        }
        #expect(quantile(2, 0) == 0)
        #expect(quantile(2, 1) == .infinity)
        #expect(quantile(1e-3, 1e-3) == 0)
        for (a, p) in [(0.0, 0.5), (1, -0.1), (1, 1.1), (1, .nan), (.nan, 0.5)] {
            #expect(quantile(a, p).isNaN)
        }
        func beta(_ a: Double, _ b: Double, _ x: Double) -> Double {
            regularizedBeta(Tensor([a]), Tensor([b]), Tensor([x])).scalar
        }
        #expect(beta(2, 3, 0) == 0)
        #expect(beta(2, 3, 1) == 1)
        for (a, x) in [(0.0, 0.5), (1, -0.1), (1, 1.1), (1, .nan), (.nan, 0.5)] {
            #expect(beta(a, 1, x).isNaN)
            #expect(betaQuantile(Tensor([a]), Tensor([1.0]), probability: Tensor([x])).scalar.isNaN)
        }
    }

    /// At the ends a derivative with respect to the shape is 0, with respect to x the density.
    @Test func derivativesAtTheEnds() {
        let x = Tensor([0, Double.infinity])
        for a in [0.5, 1, 2.5] {
            let (inShape, inX) = gradient(at: Tensor([a]), x) { regularizedGamma($0, $1).sum() }
            #expect(inShape.scalar == 0)
            #expect(inX.elements(as: Double.self) == [a < 1 ? Double.infinity : a == 1 ? 1 : 0, 0])
        }
    }

    /// A shape moves a quantile as it moves a sample.
    @Test func operandsBroadcast() {
        let shapes = Tensor([0.5, 2, 30], shape: [3, 1])
        let places = Tensor([0.1, 0.5])
        let x = gammaQuantile(shape: shapes, probability: places)
        #expect(x.shape == [3, 2])
        let back = regularizedGamma(shapes, x)
        #expect(closeness(of: back, to: places.broadcast(to: [3, 2]), tolerance: 1e-13).passes)
        #expect(regularizedBeta(shapes, places, Tensor(0.5, dataType: .float64)).shape == [3, 2])
    }
}

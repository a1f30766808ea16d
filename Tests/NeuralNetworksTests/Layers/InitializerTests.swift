import Autograd
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct InitializerTests {
    /// An initialiser with the mean and the variance it promises for fan-in 300 and fan-out 100.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let initializer: Initializer
        var mean = 0.0
        let variance: Double
        /// Where the distribution is uniform: the ends of its range.
        var bounds: ClosedRange<Double>?
    }

    // A uniform distribution in ±b has variance b²/3.
    static let cases = [
        Case(
            testDescription: "glorotUniform", initializer: .glorotUniform, variance: 2.0 / 400,
            bounds: -(6.0 / 400).squareRoot()...(6.0 / 400).squareRoot()),
        Case(testDescription: "glorotNormal", initializer: .glorotNormal, variance: 2.0 / 400),
        Case(
            testDescription: "logisticUniform", initializer: .logisticUniform,
            variance: 32.0 / 400, bounds: -(96.0 / 400).squareRoot()...(96.0 / 400).squareRoot()),
        Case(
            testDescription: "heUniform", initializer: .heUniform, variance: 2.0 / 300,
            bounds: -0.02.squareRoot()...0.02.squareRoot()),
        Case(testDescription: "heNormal", initializer: .heNormal, variance: 2.0 / 300),
        Case(
            testDescription: "lecunUniform", initializer: .lecunUniform, variance: 1.0 / 300,
            bounds: -0.1...0.1),
        Case(testDescription: "lecunNormal", initializer: .lecunNormal, variance: 1.0 / 300),
        Case(
            testDescription: "normal", initializer: .normal(mean: 2, standardDeviation: 3),
            mean: 2, variance: 9),
        Case(
            testDescription: "uniform", initializer: .uniform(from: 1, to: 4), mean: 2.5,
            variance: 0.75, bounds: 1...4),
        // Rows and columns of unit length: the mean square is one over the longer side.
        Case(
            testDescription: "orthogonal", initializer: .orthogonal(gain: 2), variance: 4.0 / 300),
    ]

    @Test(arguments: cases) func moments(_ test: Case) {
        var generator = RandomGenerator(seed: 7)
        let weight = test.initializer([100, 300], fanIn: 300, fanOut: 100, using: &generator)
            .cast(to: .float64)
        #expect(weight.shape == [100, 300])
        // 30,000 elements: five standard deviations of mean and of variance (the normal's).
        let count = 30_000.0
        let mean = weight.mean().scalar
        let variance = square(weight - test.mean).mean().scalar
        #expect(abs(mean - test.mean) < 5 * (test.variance / count).squareRoot())
        #expect(abs(variance / test.variance - 1) < 5 * (2 / count).squareRoot())
        guard let bounds = test.bounds else { return }
        let width = bounds.upperBound - bounds.lowerBound
        #expect(weight.min().scalar >= bounds.lowerBound - 1e-7)
        #expect(weight.max().scalar <= bounds.upperBound + 1e-7)
        // That none of 30,000 lies in the last thousandth has a probability of 1e-13.
        #expect(weight.min().scalar < bounds.lowerBound + 1e-3 * width)
        #expect(weight.max().scalar > bounds.upperBound - 1e-3 * width)
    }

    @Test func constants() {
        var generator = RandomGenerator(seed: 0)
        func elements(_ initializer: Initializer) -> [Float] {
            initializer([2], fanIn: 1, fanOut: 2, using: &generator).elements()
        }
        #expect(elements(.zeros) == [0, 0])
        #expect(elements(.ones) == [1, 1])
        #expect(elements(.constant(-2.5)) == [-2.5, -2.5])
    }

    @Test(arguments: [
        [64, 64], [7, 50], [50, 7], [1, 5], [5, 1], [1, 1], [16, 3, 5, 5], [200, 4, 3, 3],
    ])
    func orthogonality(_ shape: [Int]) {
        var generator = RandomGenerator(seed: 3)
        let weight = Initializer.orthogonal(gain: 3)(shape, fanIn: 1, fanOut: 1, using: &generator)
        #expect(weight.shape == shape)
        let matrix = weight.flattened().cast(to: .float64) / 3
        let isTall = matrix.shape[0] > matrix.shape[1]
        let products = matmul(
            matrix, matrix, transposingLeft: isTall, transposingRight: !isTall)
        let identity = Tensor.identity(products.shape[0], dataType: .float64)
        // Elements are rounded to float32 at the end: 6e-8 of at most 1, in a row of unit length.
        #expect(abs(products - identity).max().scalar < 3e-7)
    }

    @Test func orthogonalMatricesHaveNoPreferredSign() {
        var generator = RandomGenerator(seed: 5)
        let corners = (0..<200).map { _ in
            Initializer.orthogonal()([3, 3], fanIn: 3, fanOut: 3, using: &generator)
                .elements(as: Float.self)
        }
        // 200 tosses of a coin: 100 ± 7.
        for element in 0..<9 {
            let positive = corners.filter { $0[element] > 0 }.count
            #expect((60...140).contains(positive), "element \(element)")
        }
    }

    @Test func aVectorIsNotOrthogonal() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = Initializer.orthogonal()([3], fanIn: 3, fanOut: 3, using: &generator)
        }
        #expect(message(of: result).contains("shape [3] is not a matrix's"))
    }

    @Test func sameSeedSameBits() {
        for test in Self.cases {
            var (first, second) = (RandomGenerator(seed: 9), RandomGenerator(seed: 9))
            let weight = test.initializer([20, 30], fanIn: 30, fanOut: 20, using: &first)
            #expect(
                weight.isIdentical(
                    to: test.initializer([20, 30], fanIn: 30, fanOut: 20, using: &second)))
            #expect(
                !weight.isIdentical(
                    to: test.initializer([20, 30], fanIn: 30, fanOut: 20, using: &second)))
        }
    }
}

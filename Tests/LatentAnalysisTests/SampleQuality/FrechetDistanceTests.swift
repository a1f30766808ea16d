import Autograd
import LatentAnalysis
import TestSupport
import Testing

@Suite struct FrechetDistanceTests {
    /// Samples whose mean is `mean` and whose covariance is L Lᵀ, exactly.
    private func samples(
        _ factor: [[Double]], mean: [Double], count: Int = 50, seed: UInt64
    ) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        let drawn = generator.normal([count, mean.count], dataType: .float64)
        let centred = drawn - drawn.mean(axes: [0])
        let own = choleskyFactor(
            of: matmul(centred, centred, transposingLeft: true) / Double(count - 1))
        let white = triangularSolve(own, centred.transposed())
        return matmul(Tensor(rows: factor), white).transposed() + Tensor(mean)
    }

    /// Where axes are the same the deviations are compared one by one.
    @Test func deviationsAreCompared() {
        let a = samples([[2, 0], [0, 0.5]], mean: [1, -2], seed: 1)
        let b = samples([[3, 0], [0, 1.5]], mean: [4, 2], count: 70, seed: 2)
        #expect(abs(frechetDistance(between: a, and: b) - (25 + 1 + 1)) < 1e-10)
        #expect(abs(frechetDistance(between: b, and: a) - 27) < 1e-10)
    }

    /// For matrices of two rows, tr √M = √(tr M + 2 √det M).
    @Test func covariancesThatDoNotCommute() {
        let (a, b) = ([[1.0, 0], [2, 0.5]], [[0.3, 0], [-1, 2]])
        let distance = frechetDistance(
            between: samples(a, mean: [0, 0], seed: 3), and: samples(b, mean: [0, 1], seed: 4))
        func covariance(_ factor: [[Double]]) -> Tensor {
            matmul(Tensor(rows: factor), Tensor(rows: factor), transposingRight: true)
        }
        let (s, t) = (covariance(a), covariance(b))
        // The determinants are those of the factors, squared.
        let root = (matmul(s, t).trace().scalar + 2 * (1 * 0.5 * 0.3 * 2)).squareRoot()
        let expected = 1 + s.trace().scalar + t.trace().scalar - 2 * root
        #expect(abs(distance - expected) < 1e-10)
    }

    /// Also with fewer samples than features, and features that are always the same.
    @Test func equalSetsAreNotApart() {
        var generator = RandomGenerator(seed: 5)
        for shape in [[200, 5], [4, 30], [2, 1]] {
            let x = generator.normal(shape, mean: 3, dataType: .float64)
            #expect(frechetDistance(between: x, and: x) < 1e-12, "\(shape)")
        }
        #expect(frechetDistance(between: .ones([6, 4]), and: .ones([9, 4])) == 0)
        #expect(frechetDistance(between: .ones([6, 4]), and: .zeros([9, 4])) == 4)
    }

    /// Distributions with nothing in common: the root of the product of their covariances is 0.
    @Test func orthogonalDirections() {
        let a = Tensor(rows: [[1.0, 0], [-1, 0], [1, 0], [-1, 0]])
        let b = Tensor(rows: [[0, 3.0], [0, -3]])
        #expect(abs(frechetDistance(between: a, and: b) - (4.0 / 3 + 18)) < 1e-12)
    }

    /// It is in squared units of the features, whatever these are.
    @Test func unitsAreKept() {
        let a = samples([[2, 0], [0, 0.5]], mean: [1, -2], seed: 1)
        let b = samples([[3, 0], [0, 1.5]], mean: [4, 2], seed: 2)
        for unit in [1e-140, 1e-6, 1e9, 1e150] {
            let distance = frechetDistance(between: a * unit, and: b * unit)
            #expect(abs(distance / unit / unit - 27) < 1e-9, "\(unit)")
        }
        let single = frechetDistance(
            between: a.cast(to: .float32), and: b.cast(to: .float32))
        #expect(abs(single - 27) < 1e-4)
    }

    @Test func mistakesTrap() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = frechetDistance(between: .zeros([3, 2]), and: .zeros([3, 4])) }
        #expect(
            message(of: result).contains("shape [3, 2] and [3, 4], expected vectors of one width"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = frechetDistance(between: .zeros([3, 2]), and: .zeros([1, 2])) }
        #expect(message(of: result).contains("[1, 2], expected at least 2 vectors in each"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = frechetDistance(between: .zeros([2, 1]), and: Tensor(rows: [[1.0], [.nan]]))
        }
        #expect(message(of: result).contains("feature vector 1 has an element that is infinite"))
    }
}

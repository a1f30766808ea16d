import Autograd
import LatentAnalysis
import NeuralNetworks
import TestSupport
import Testing

@Suite struct PrecisionAndRecallTests {
    private func normal(_ count: Int, _ size: Int = 2, seed: UInt64, mean: Double = 0) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return generator.normal([count, size], mean: mean, dataType: .float64)
    }

    /// Distances one by one.
    private func covered(_ vectors: Tensor, by others: Tensor, _ neighbours: Int) -> Double {
        func distances(_ x: Tensor) -> [Double] {
            square(others - x).sum(axes: [1]).elements(as: Double.self)
        }
        // The nearest is the vector itself.
        let reach = (0..<others.shape[0]).map { distances(others[$0]).sorted()[neighbours] }
        let count = (0..<vectors.shape[0]).filter { row in
            zip(distances(vectors[row]), reach).contains { $0 <= $1 }
        }.count
        return Double(count) / Double(vectors.shape[0])
    }

    @Test(arguments: [1, 3, 5]) func isAsOneByOne(_ neighbours: Int) {
        let (made, real) = (normal(60, seed: 1, mean: 0.7), normal(50, seed: 2))
        let found = PrecisionAndRecall(of: made, for: real, neighbours: neighbours)
        #expect(found.precision == covered(made, by: real, neighbours))
        #expect(found.recall == covered(real, by: made, neighbours))
        #expect(found.precision > 0 && found.precision < 1 && found.recall < 1)
        // Units do not matter.
        for unit in [1e-200, 1e200] {
            #expect(
                PrecisionAndRecall(of: made * unit, for: real * unit, neighbours: neighbours)
                    == found)
        }
    }

    /// Half of the made samples are like none of the real ones.
    @Test func badSamplesCostPrecision() {
        let real = normal(100, seed: 3)
        let made = concatenated([real[0..<50], real[50..<100] + 1000])
        #expect(PrecisionAndRecall(of: made, for: real).precision == 0.5)
    }

    /// One of two kinds is not made.
    @Test func missingKindsCostRecall() {
        let (one, other) = (normal(50, seed: 4), normal(50, seed: 5, mean: 1000))
        let found = PrecisionAndRecall(of: one, for: concatenated([one, other]))
        #expect(found.precision == 1 && found.recall == 0.5)
    }

    /// Also of vectors that are repeated, and in several parts.
    @Test func equalSetsCoverEachOther() {
        let vectors = normal(2100, 3, seed: 6)
        let found = PrecisionAndRecall(of: vectors, for: vectors)
        #expect(found.precision == 1 && found.recall == 1)
        let same = PrecisionAndRecall(of: .ones([5, 2]), for: .ones([7, 2]))
        #expect(same.precision == 1 && same.recall == 1)
    }

    @Test func stopsWhenAsked() {
        struct Stop: Error {}
        let monitor = ProgressMonitor<Stop> { () throws(Stop) in throw Stop() }
        #expect(throws: Stop.self) {
            try PrecisionAndRecall(of: .ones([5, 2]), for: .ones([7, 2]), monitor: monitor)
        }
    }

    @Test func mistakesTrap() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = PrecisionAndRecall(of: .zeros([3, 2]), for: .zeros([9, 2])) }
        #expect(message(of: result).contains("[9, 2], expected at least 4 vectors in each"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = PrecisionAndRecall(of: .zeros([3, 2]), for: .zeros([9, 2]), neighbours: 0) }
        #expect(message(of: result).contains("0 neighbours, expected at least 1"))
    }
}

import Autograd
import TestSupport
import Testing

@testable import LatentAnalysis

/// How well clusters are the classes.
@Suite struct ClusterAccuracyTests {
    @Test func namesOfClustersDoNotMatter() {
        #expect(clusterAccuracy(of: [2, 2, 0, 0, 1], classes: [0, 0, 1, 1, 2]) == 1)
        #expect(clusterAccuracy(of: [0, 0, 0, 0], classes: [0, 0, 1, 1]) == 0.5)
        // A class has one cluster, so that a cut class is half wrong.
        #expect(clusterAccuracy(of: [0, 1, 2, 2], classes: [0, 0, 1, 1]) == 0.75)
        // The largest count first is not the best: 5 + 0 is less than 4 + 4.
        let clusters = [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]
        let classes = [0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0]
        #expect(clusterAccuracy(of: clusters, classes: classes) == 8.0 / 13)
    }

    /// The least sum by trying all permutations.
    private func bruteForce(_ costs: [[Double]], from row: Int = 0, used: Set<Int> = []) -> Double {
        guard row < costs.count else { return 0 }
        return costs.indices.filter { !used.contains($0) }.map {
            costs[row][$0] + bruteForce(costs, from: row + 1, used: used.union([$0]))
        }.min() ?? .infinity
    }

    @Test(arguments: 1...6) func assignmentsAreTheCheapest(size: Int) {
        var generator = RandomGenerator(seed: UInt64(size))
        for _ in 0..<20 {
            let numbers = generator.normal([size, size], dataType: .float64)
                .elements(as: Double.self)
            let costs = (0..<size).map { Array(numbers[$0 * size..<($0 + 1) * size]) }
            let chosen = assignment(costs: costs)
            #expect(Set(chosen).count == size)
            let sum = chosen.enumerated().reduce(0) { $0 + costs[$1.offset][$1.element] }
            #expect(abs(sum - bruteForce(costs)) < 1e-9)
        }
    }

    @Test func componentsOfAMixtureAreClusters() {
        var generator = RandomGenerator(seed: 3)
        let (far, near) = (generator.normal([50, 2]) + 9, generator.normal([50, 2]))
        let samples = concatenated([far, near])
        let mixture = NormalMixture(of: samples, components: 2, using: &generator)
        let classes = (0..<100).map { $0 / 50 }
        #expect(clusterAccuracy(of: mixture.components(of: samples), classes: classes) == 1)
    }

    @Test func mistakesTrap() async throws {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = clusterAccuracy(of: [0, 1], classes: [0])
        }
        #expect(message(of: result).contains("2 clusters of 1 samples"))
    }
}

import Autograd
import Foundation
import LatentAnalysis
import TestSupport
import Testing

@Suite struct NormalMixtureTests {
    /// Three groups of vectors, of which the first two are long and turned.
    private static func groups(_ count: Int, seed: UInt64) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        let factors: [[[Double]]] = [
            [[2, 0], [1.8, 0.3]], [[1, 0], [-0.9, 0.2]], [[0.3, 0], [0, 0.3]],
        ]
        let centres: [[Double]] = [[0, 0], [8, 1], [-3, 7]]
        return concatenated(
            zip(factors, centres).map { factor, centre in
                matmul(
                    generator.normal([count, 2], dataType: .float64), Tensor(rows: factor),
                    transposingRight: true) + Tensor(centre)
            })
    }

    @Test func groupsAreFound() {
        let samples = Self.groups(2000, seed: 1)
        var generator = RandomGenerator(seed: 2)
        let mixture = NormalMixture(of: samples, components: 3, using: &generator)
        #expect(abs(mixture.shares - 1.0 / 3).max().scalar < 0.01)
        for centre in [[0.0, 0], [8, 1], [-3, 7]] {
            let distances = square(mixture.means - Tensor(centre)).sum(axes: [1])
            #expect(distances.min().scalar < 0.02, "\(centre)")
        }
        // Covariances are those of the groups.
        let nearest = square(mixture.means).sum(axes: [1]).argmin(axis: 0)
        let factor = mixture.choleskyFactors[Int(nearest.scalar)]
        let covariance = matmul(factor, factor, transposingRight: true)
        let expected = Tensor(rows: [[4, 3.6], [3.6, 3.33]])
        #expect(closeness(of: covariance, to: expected, tolerance: 0.1).passes)
        // New samples are like the old ones, which another mixture explains worse.
        let drawn = mixture.sample(6000, using: &generator)
        #expect(drawn.shape == [6000, 2])
        let own = mixture.logDensity(of: samples).mean().scalar
        #expect(abs(own - mixture.logDensity(of: drawn).mean().scalar) < 0.05)
        let single = NormalMixture(of: samples, components: 1, using: &generator)
        #expect(single.logDensity(of: samples).mean().scalar < own - 1)
    }

    /// One component is the normal distribution of the samples; the density integrates to one.
    @Test func oneComponentIsTheNormalDistribution() {
        let samples = Self.groups(50, seed: 3)
        var generator = RandomGenerator(seed: 2)
        let mixture = NormalMixture(of: samples, components: 1, using: &generator)
        let mean = samples.mean(axes: [0])
        #expect(closeness(of: mixture.means[0], to: mean, tolerance: 1e-9).passes)
        let axis = Tensor((0..<200).map { Double($0) }) * 0.4 - 40
        let (x, y) = (axis.expandingAxis(1), axis.expandingAxis(0))
        let grid = stacked([x.broadcast(to: [200, 200]), y.broadcast(to: [200, 200])], axis: 2)
        let density = exp(mixture.logDensity(of: grid.reshaped([40_000, 2])))
        let total = density.sum().scalar * 0.16
        #expect(abs(total - 1) < 1e-6)
    }

    /// Repetitions, constant columns, and as many components as samples leave it finite.
    @Test func degenerateSamplesAreFitted() {
        var generator = RandomGenerator(seed: 4)
        let repeated = Tensor(rows: [[1, 2], [1, 2], [1, 2], [3, 2]])
        let mixture = NormalMixture(of: repeated, components: 4, using: &generator)
        #expect(mixture.logDensity(of: repeated).allFinite)
        #expect(mixture.sample(10, using: &generator).allFinite)
    }

    @Test func moreComponentsThanSamplesTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = NormalMixture(of: Tensor.zeros([3, 2]), components: 4, using: &generator)
        }
        #expect(message(of: result).contains("4 components of samples of shape [3, 2]"))
    }
}

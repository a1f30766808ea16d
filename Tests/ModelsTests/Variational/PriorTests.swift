import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct PriorTests {
    /// Codes on a ring, which no normal distribution is like.
    private static let ring: Tensor = {
        var generator = RandomGenerator(seed: 5)
        let angle = generator.uniform([1500], from: 0, to: 2 * .pi)
        let radius = 3 + 0.2 * generator.normal([1500])
        return stacked([radius * cos(angle), radius * sin(angle)], axis: 1)
    }()

    /// New codes lie where those did that a distribution was fitted to: what is no normal distribution
    /// leaves out the middle. Densities are of codes in their own units, so that they integrate to one.
    @Test(arguments: FittedPrior.Kind.allCases)
    func fittedPriorsDrawCodesLikeThoseTheyWereFittedTo(kind: FittedPrior.Kind) throws {
        let prior = try FittedPrior(kind, to: Self.ring, seed: 1)
        var generator = RandomGenerator(seed: 2)
        let codes = prior.sample(1000, using: &generator)
        #expect(codes.shape == [1000, 2] && codes.allFinite)
        #expect(abs(codes.mean(axes: [0])).max().scalar < 0.6)
        let inside = (codes.norm(axes: [1]) .< 2).cast(to: .float64).mean().scalar
        if kind == .normal { #expect(inside > 0.3) } else { #expect(inside < 0.25) }

        let axis = Tensor((0..<160).map { Float($0) }) * 0.1 - 8
        let (x, y) = (axis.expandingAxis(1), axis.expandingAxis(0))
        let grid = stacked([x.broadcast(to: [160, 160]), y.broadcast(to: [160, 160])], axis: 2)
        guard let density = prior.logDensity(of: grid.reshaped([25_600, 2])) else {
            #expect(kind == .autoencoder)
            return
        }
        #expect(abs(exp(density.cast(to: .float64)).sum().scalar * 0.01 - 1) < 0.02)
    }

    /// The mixture of posteriors of pseudo-inputs has their means, and moves with the encoder.
    @Test func theVampPriorIsAMixtureOfPosteriors() {
        var generator = RandomGenerator(seed: 3)
        let encoder = GaussianEncoder(
            Dense(4, 5, using: &generator), features: 5, latentSize: 2, using: &generator)
        let prior = VampPrior(pseudoInputs: generator.uniform([3, 4]), areShares: true)
        var context = PassContext.evaluation
        let mixture = prior(for: encoder, in: &context)
        #expect(mixture.shape == [2])
        let expected = encoder(prior.pseudoInputs).mean.mean(axes: [0])
        #expect(closeness(of: mixture.mean, to: expected, tolerance: 1e-6).passes)
        // Values beyond those of samples are limited.
        let far = VampPrior(pseudoInputs: prior.pseudoInputs * 1e4, areShares: true)
        #expect(far(for: encoder, in: &context).mean.allFinite)
    }
}

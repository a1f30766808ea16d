import Autograd
import Distributions
import Models
import TestSupport
import Testing

/// The divergence of a posterior whose draws go through functions.
@Suite struct FlowDivergenceTests {
    private static func encoder<Flow: FlowNetwork>(
        _ flows: (inout RandomGenerator) -> [Flow]
    ) -> FlowEncoder<Dense, Flow> {
        var generator = RandomGenerator(seed: 2)
        return FlowEncoder(
            base: GaussianEncoder(
                Dense(3, 5, using: &generator), features: 5, latentSize: 4, using: &generator),
            flows: flows(&generator)
        ).cast(to: .float64)
    }

    /// Of two samples, by draws: as latent variables have it, `[draws, 2]`, and log q − log p.
    private static func estimates(
        _ encoder: FlowEncoder<Dense, some FlowNetwork>, draws: Int, at input: Tensor
    ) -> (own: Tensor, plain: Tensor) {
        var generator = RandomGenerator(seed: 3)
        let posterior = encoder(input)
        let latent = LatentVariable(
            posterior: posterior, draw: encoder.draw(draws, from: posterior, using: &generator))
        let plain = latent.logPosterior - latent.logPrior
        return (latent.divergence.reshaped([draws, 2]), plain.reshaped([draws, 2]))
    }

    private static func deviation(_ x: Tensor) -> Tensor {
        sqrt(square(x - x.mean(axes: [0])).mean(axes: [0]))
    }

    private static let input: Tensor = {
        var generator = RandomGenerator(seed: 4)
        return generator.normal([2, 3], dataType: .float64)
    }()

    /// Functions that are the identity leave the closed form of the normal distribution, in each draw.
    @Test func identitiesCostNothing() throws {
        let planar = Self.encoder { generator in
            (0..<3).map { _ in
                var flow = PlanarFlowNetwork(features: 5, latentSize: 4, using: &generator)
                // Without directions.
                flow.parameters.weight = flow.parameters.weight[4...].padded([(4, 0), (0, 0)])
                return flow
            }
        }
        let normal = planar.base(Self.input)
        let known = try #require(
            normal.divergence(from: Independent(Normal.standard([4], dataType: .float64), axes: 1)))
        let (own, plain) = Self.estimates(planar, draws: 50, at: Self.input)
        #expect(abs(own - known).max().scalar < 1e-9)
        #expect(Self.deviation(plain).min().scalar > 0.1)
    }

    /// Others are estimated without bias, and more closely than by the densities alone.
    @Test func estimatesAreUnbiasedAndClose() {
        let flows = Self.encoder { generator in
            [false, true].map {
                InverseAutoregressiveFlowNetwork(
                    features: 5, latentSize: 4, hiddenSizes: [6], isReversed: $0, using: &generator)
            }
        }
        let (own, plain) = Self.estimates(flows, draws: 40_000, at: Self.input)
        let error = Self.deviation(own - plain) / 200
        #expect((abs(own.mean(axes: [0]) - plain.mean(axes: [0])) .< 4 * error).all().scalar == 1)
        #expect((Self.deviation(own) .< 0.5 * Self.deviation(plain)).all().scalar == 1)
    }
}

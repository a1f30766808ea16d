import Autograd
import Distributions

/// Codes that were drawn from the posteriors of a batch.
public struct PosteriorDraw: Sendable {
    /// `[draws * batch, …]`.
    public let code: Tensor
    /// The logarithm of the posterior's density at each, `[draws * batch]`; nil if it is to be
    /// computed from the code.
    public let logProbability: Tensor?
    /// How many there are of each sample, and how they count.
    public let draws: Draws
    /// What the codes were before they went through functions, if they did.
    public let origin: Origin?

    /// Combines codes with what is known of them.
    public init(
        code: Tensor, logProbability: Tensor? = nil, draws: Draws, origin: Origin? = nil
    ) {
        (self.code, self.logProbability, self.draws) = (code, logProbability, draws)
        self.origin = origin
    }

    /// Draws of a simpler distribution.
    public struct Origin: Sendable {
        /// Given the sample, `[batch, …]`.
        public let distribution: any ContinuousDistribution
        /// `[draws * batch, …]`.
        public let code: Tensor

        /// Combines draws with their distribution.
        public init(distribution: any ContinuousDistribution, code: Tensor) {
            (self.distribution, self.code) = (distribution, code)
        }
    }
}

extension PosteriorDraw {
    /// Draws from every component of mixtures, each counted with the component's weight: a choice among
    /// components has no derivative.
    ///
    /// - Parameters:
    ///   - count: of draws from each component.
    ///   - posterior: of vectors, `[batch, components, latentSize]`.
    static func ofEachComponent(
        _ count: Int, of posterior: Mixture<some ReparameterizedDistribution>,
        using generator: inout RandomGenerator
    ) -> PosteriorDraw {
        // [count, batch, components, latentSize], of which the batch becomes the last but one axis.
        let drawn = posterior.components.sample([count], using: &generator)
        let (components, latentSize) = (drawn.shape[2], drawn.shape[3])
        let logWeights = logSoftmax(posterior.logits).transposed()
        return PosteriorDraw(
            code: drawn.transposed([0, 2, 1, 3]).reshaped([-1, latentSize]),
            draws: Draws(components, logShares: logWeights).each(Draws(count)))
    }
}

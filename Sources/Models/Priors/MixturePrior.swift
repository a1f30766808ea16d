import Autograd
import Distributions

/// A mixture of normal distributions, with learned weights, means and scales (for example Dilokthanakul
/// et al., "Deep Unsupervised Clustering with Gaussian Mixture Variational Autoencoders",
/// arXiv:1611.02648, where the components are classes).
///
/// Log-scales are smoothly bounded to −7 … 7: a component would otherwise shrink onto one code.
public struct MixturePrior: Prior {
    /// The logarithms of the components' weights up to a constant, `[components]`.
    public var logits: Tensor
    /// `[components, latentSize]`.
    public var mean: Tensor
    /// Before it is bounded, `[components, latentSize]`.
    public var logScale: Tensor

    /// With equal weights, standard deviations of 1, and means drawn from the standard normal
    /// distribution. Traps if there are no components or no numbers in a code.
    public init(components: Int, latentSize: Int, using generator: inout RandomGenerator) {
        guard components > 0, latentSize > 0 else {
            programmerError(
                "MixturePrior", "\(components) components of codes of \(latentSize) numbers")
        }
        logits = Tensor.zeros([components])
        mean = generator.normal([components, latentSize])
        logScale = Tensor.zeros([components, latentSize])
    }

    /// Traps if the encoder's codes are of another size.
    public func callAsFunction(
        for encoder: some VariationalEncoder, in context: inout PassContext
    ) -> any ContinuousDistribution {
        guard mean.shape[1] == encoder.latentSize else {
            programmerError(
                "MixturePrior",
                "codes of \(encoder.latentSize) numbers for components of \(mean.shape[1])")
        }
        return Mixture(
            logits: logits,
            components: Independent(
                Normal(mean: mean, logScale: softlyBounded(logScale, to: 7)), axes: 1))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("logits", &logits)
        visitor("mean", &mean)
        visitor("logScale", &logScale)
    }
}

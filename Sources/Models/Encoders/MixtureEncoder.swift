import Autograd
import Distributions
import Foundation

/// An encoder whose posterior is a mixture of normal distributions (for example Morningstar et al.,
/// "Automatic Differentiation Variational Inference with Mixtures", arXiv:2003.01687).
///
/// A choice among components has no derivative, so that a pass draws from every component, and counts
/// each draw with the component's weight.
public struct MixtureEncoder<Body: Layer>: VariationalEncoder {
    /// From samples, `[batch, …]`, to features.
    public var body: Body
    /// From flattened features to the logarithms of the components' weights, up to a constant.
    public var logits: Dense
    /// From flattened features to the means of all components, one after another.
    public var mean: Dense
    /// From flattened features to the log-variances of all components, one after another.
    public var logVariance: Dense

    /// The number of components of a code.
    public let latentSize: Int

    /// - Parameters:
    ///   - features: the number of features that the body computes for a sample.
    ///   - components: of the mixture.
    ///   - latentSize: the number of components of a code.
    public init(
        _ body: Body, features: Int, components: Int, latentSize: Int,
        using generator: inout RandomGenerator
    ) {
        guard components > 0, latentSize > 0 else {
            programmerError(
                "MixtureEncoder", "\(components) components of codes of \(latentSize) numbers")
        }
        self.body = body
        self.latentSize = latentSize
        logits = Dense(features, components, using: &generator)
        mean = Dense(features, components * latentSize, using: &generator)
        logVariance = Dense(features, components * latentSize, using: &generator)
    }

    public func callAsFunction(
        _ input: Tensor, in context: inout PassContext
    ) -> Mixture<Independent<Normal>> {
        let features = body(input, in: &context).flattened()
        let shape = [features.shape[0], -1, latentSize]
        return Mixture(
            logits: logits(features, in: &context),
            components: Independent(
                Normal(
                    mean: mean(features, in: &context).reshaped(shape),
                    logVariance: softlyBounded(logVariance(features, in: &context), to: 20)
                        .reshaped(shape)),
                axes: 1))
    }

    public func draw(
        _ count: Int, from posterior: Mixture<Independent<Normal>>,
        using generator: inout RandomGenerator
    ) -> PosteriorDraw {
        .ofEachComponent(count, of: posterior, using: &generator)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("body", &body)
        visitor("logits", &logits)
        visitor("mean", &mean)
        visitor("logVariance", &logVariance)
    }
}

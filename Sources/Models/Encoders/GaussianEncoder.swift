import Autograd
import Distributions

/// An encoder with a Gaussian posterior: a body that extracts features, followed by one dense layer
/// for the mean and one for the log-variance.
///
/// The log-variance is smoothly bounded to −20 … 20, standard deviations of 4.5 × 10⁻⁵ to
/// 2.2 × 10⁴, so that its exponentials do not overflow; within −10 … 10 the bounds change it by
/// less than 5 × 10⁻⁵.
public struct GaussianEncoder<Body: Layer>: VariationalEncoder {
    /// From samples, `[batch, …]`, to features.
    public var body: Body
    /// From flattened features to the mean of the code.
    public var mean: Dense
    /// From flattened features to the log-variance of the code.
    public var logVariance: Dense

    /// - Parameters:
    ///   - features: the number of features that the body computes for a sample.
    ///   - latentSize: the number of components of a code.
    public init(
        _ body: Body, features: Int, latentSize: Int, using generator: inout RandomGenerator
    ) {
        self.body = body
        mean = Dense(features, latentSize, using: &generator)
        logVariance = Dense(features, latentSize, using: &generator)
    }

    public var latentSize: Int { mean.weight.shape[0] }

    public func callAsFunction(
        _ input: Tensor, in context: inout PassContext
    ) -> Independent<Normal> {
        posterior(of: features(of: input, in: &context), in: &context)
    }

    /// What the body makes of samples, `[batch, features]`.
    func features(of input: Tensor, in context: inout PassContext) -> Tensor {
        body(input, in: &context).flattened()
    }

    /// The posterior of samples with such features.
    func posterior(
        of features: Tensor, in context: inout PassContext
    ) -> Independent<Normal> {
        .heads(mean, logVariance, of: features, in: &context)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("body", &body)
        visitor("mean", &mean)
        visitor("logVariance", &logVariance)
    }
}

extension Independent<Normal> {
    /// The distributions whose means, and logarithms of variances within ±20, two layers say of features.
    static func heads(
        _ mean: Dense, _ logVariance: Dense, of features: Tensor, in context: inout PassContext
    ) -> Self {
        Self(
            Normal(
                mean: mean(features, in: &context),
                logVariance: softlyBounded(logVariance(features, in: &context), to: 20)))
    }
}

import Autograd
import Distributions

/// A module that gives the codes of samples a distribution before these are seen, by what is known of
/// them.
public protocol ConditionalPrior: Module {
    /// The distributions of codes, one for each sample; that of a ``Prior`` is one for all.
    ///
    /// - Parameters:
    ///   - encoder: that of the model, which says how large codes are.
    ///   - conditions: what is known of samples, `[batch, conditions]`.
    func callAsFunction(
        for encoder: some VariationalEncoder, given conditions: Tensor,
        in context: inout PassContext
    ) -> any ContinuousDistribution
    /// Codes that are to other conditions what these are to their own, in the same place of the
    /// distributions: by default the same.
    func moved(
        _ codes: Tensor, from conditions: Tensor, to others: Tensor, in context: inout PassContext
    ) -> Tensor
}

extension ConditionalPrior {
    public func moved(
        _ codes: Tensor, from conditions: Tensor, to others: Tensor, in context: inout PassContext
    ) -> Tensor { codes }

    /// What a model with this prior says of where its codes are from.
    var codePrior: CodePrior {
        switch self {
        case is StandardNormalPrior: .standardNormal
        case is UniformDirectionPrior: .directions
        default: .own
        }
    }
}

extension Prior {
    /// The same distribution, whatever is known of samples.
    public func callAsFunction(
        for encoder: some VariationalEncoder, given conditions: Tensor,
        in context: inout PassContext
    ) -> any ContinuousDistribution {
        self(for: encoder, in: &context)
    }
}

/// Normal distributions whose means and log-variances a small network learns to tell from conditions
/// (Sohn, Lee and Yan, 2015, section 4). They begin as the standard normal distribution.
public struct ConditionalNormalPrior: ConditionalPrior {
    /// From conditions to features.
    public var body: MultilayerPerceptron
    /// From features to the mean.
    public var mean: Dense
    /// From features to the log-variance.
    public var logVariance: Dense

    /// - Parameters:
    ///   - conditions: how many numbers tell what is known of a sample.
    ///   - hiddenSize: the units of the hidden layer.
    public init(
        conditions: Int, hiddenSize: Int = 64, latentSize: Int,
        using generator: inout RandomGenerator
    ) {
        body = MultilayerPerceptron(
            [conditions, hiddenSize], outputActivation: .relu, using: &generator)
        func zeros() -> Dense {
            Dense(weight: .zeros([latentSize, hiddenSize]), bias: .zeros([latentSize]))
        }
        (mean, logVariance) = (zeros(), zeros())
    }

    /// Traps if the encoder's codes are of another size.
    public func callAsFunction(
        for encoder: some VariationalEncoder, given conditions: Tensor,
        in context: inout PassContext
    ) -> any ContinuousDistribution {
        guard mean.weight.shape[0] == encoder.latentSize else {
            programmerError(
                "ConditionalNormalPrior",
                "codes of \(encoder.latentSize) numbers for means of \(mean.weight.shape[0])")
        }
        return distributions(conditions, in: &context)
    }

    private func distributions(
        _ conditions: Tensor, in context: inout PassContext
    ) -> Independent<Normal> {
        .heads(mean, logVariance, of: body(conditions, in: &context), in: &context)
    }

    /// The distributions, step by step; nil if a part has no description.
    var scale: CodeScale? {
        guard let mean = [NetworkStep](joining: [body.steps, mean.steps]),
            let logVariance = [NetworkStep](joining: [body.steps, logVariance.steps])
        else { return nil }
        let bounded = NetworkStep.elementwise("softlyBounded", numbers: ["bound": [20]]) {
            softlyBounded($0, to: 20)
        }
        return CodeScale(mean: mean, logVariance: logVariance + [bounded])
    }

    /// As many standard deviations from the mean.
    public func moved(
        _ codes: Tensor, from conditions: Tensor, to others: Tensor, in context: inout PassContext
    ) -> Tensor {
        let own = distributions(conditions, in: &context)
        let other = distributions(others, in: &context)
        return other.mean + (codes - own.mean) * sqrt(other.variance / own.variance)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("body", &body)
        visitor("mean", &mean)
        visitor("logVariance", &logVariance)
    }
}

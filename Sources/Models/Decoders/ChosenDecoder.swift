import Autograd
import Distributions

/// A decoder whose likelihood is chosen when the program runs. Parameters have the names that they
/// have in the chosen decoder.
public enum ChosenDecoder<Head: Layer>: DecoderNetwork {
    case bernoulli(BernoulliDecoder<Head>)
    case continuousBernoulli(ContinuousBernoulliDecoder<Head>)
    case discretizedLogistic(DiscretizedLogisticDecoder<Head>)
    case gaussian(GaussianDecoder<Head>)
    case optimalGaussian(OptimalGaussianDecoder<Head>)
    case laplace(LaplaceDecoder<Head>)
    case studentT(StudentTDecoder<Head>)

    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> AnyDistribution {
        switch self {
        case .bernoulli(let decoder): AnyDistribution(decoder(code, in: &context))
        case .continuousBernoulli(let decoder): AnyDistribution(decoder(code, in: &context))
        case .discretizedLogistic(let decoder): AnyDistribution(decoder(code, in: &context))
        case .gaussian(let decoder): AnyDistribution(decoder(code, in: &context))
        case .optimalGaussian(let decoder): AnyDistribution(decoder(code, in: &context))
        case .laplace(let decoder): AnyDistribution(decoder(code, in: &context))
        case .studentT(let decoder): AnyDistribution(decoder(code, in: &context))
        }
    }

    public var steps: [NetworkStep]? {
        switch self {
        case .bernoulli(let decoder): decoder.steps
        case .continuousBernoulli(let decoder): decoder.steps
        case .discretizedLogistic(let decoder): decoder.steps
        case .gaussian(let decoder): decoder.steps
        case .optimalGaussian(let decoder): decoder.steps
        case .laplace(let decoder): decoder.steps
        case .studentT(let decoder): decoder.steps
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        switch self {
        case .bernoulli(var decoder):
            visitor.inline("bernoulli", &decoder)
            self = .bernoulli(decoder)
        case .continuousBernoulli(var decoder):
            visitor.inline("continuousBernoulli", &decoder)
            self = .continuousBernoulli(decoder)
        case .discretizedLogistic(var decoder):
            visitor.inline("discretizedLogistic", &decoder)
            self = .discretizedLogistic(decoder)
        case .gaussian(var decoder):
            visitor.inline("gaussian", &decoder)
            self = .gaussian(decoder)
        case .optimalGaussian(var decoder):
            visitor.inline("optimalGaussian", &decoder)
            self = .optimalGaussian(decoder)
        case .laplace(var decoder):
            visitor.inline("laplace", &decoder)
            self = .laplace(decoder)
        case .studentT(var decoder):
            visitor.inline("studentT", &decoder)
            self = .studentT(decoder)
        }
    }
}

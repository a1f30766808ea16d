import Autograd
import Distributions

/// A decoder whose likelihood is chosen when the program runs. Parameters have the names that they
/// have in the chosen decoder.
public enum ChosenDecoder<Head: Layer>: DecoderNetwork {
    case bernoulli(BernoulliDecoder<Head>)
    case gaussian(GaussianDecoder<Head>)

    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> AnyDistribution {
        switch self {
        case .bernoulli(let decoder): AnyDistribution(decoder(code, in: &context))
        case .gaussian(let decoder): AnyDistribution(decoder(code, in: &context))
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        switch self {
        case .bernoulli(var decoder):
            visitor.inline("bernoulli", &decoder)
            self = .bernoulli(decoder)
        case .gaussian(var decoder):
            visitor.inline("gaussian", &decoder)
            self = .gaussian(decoder)
        }
    }
}

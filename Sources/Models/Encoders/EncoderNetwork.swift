import Autograd
import Distributions

/// A module that maps samples, `[batch, …]`, to a posterior of their codes: a distribution through
/// whose draws gradients flow back, with the batch along its first axis.
public protocol EncoderNetwork: Module {
    associatedtype Output: Distribution
    func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Output
}

extension EncoderNetwork {
    /// The posterior of the samples in evaluation mode.
    public func callAsFunction(_ input: Tensor) -> Output {
        var context = PassContext.evaluation
        return self(input, in: &context)
    }
}

/// An encoder whose codes are vectors with a posterior that has a density, so that it can be compared
/// with a prior from which new codes are drawn.
public protocol VariationalEncoder: EncoderNetwork where Output: ContinuousDistribution {
    /// The number of components of a code.
    var latentSize: Int { get }
    /// Codes drawn from the posteriors, so that gradients flow through them to the encoder.
    ///
    /// - Parameter count: for each sample.
    func draw(
        _ count: Int, from posterior: Output, using generator: inout RandomGenerator
    ) -> PosteriorDraw
    /// The codes that stand for samples: by default the means of their posteriors.
    func centre(of posterior: Output) -> Tensor
    /// The posteriors of samples of which something else computes what this encoder is to see.
    ///
    /// - Parameter features: of samples, which an encoder may change before; of each several, one for all
    ///   samples after another, where there are several posteriors of each.
    func posterior(
        of input: Tensor, features: (Tensor, inout PassContext) -> Tensor,
        in context: inout PassContext
    ) -> Output
}

extension VariationalEncoder {
    public func centre(of posterior: Output) -> Tensor { posterior.mean }

    public func posterior(
        of input: Tensor, features: (Tensor, inout PassContext) -> Tensor,
        in context: inout PassContext
    ) -> Output {
        self(features(input, &context), in: &context)
    }
}

extension VariationalEncoder where Output: ReparameterizedDistribution {
    /// Independent draws.
    public func draw(
        _ count: Int, from posterior: Output, using generator: inout RandomGenerator
    ) -> PosteriorDraw {
        let (code, logProbability) = posterior.sampleWithKnownDensity(
            count == 1 ? [] : [count], using: &generator)
        let rows = [count * posterior.shape[0]] + posterior.shape.dropFirst()
        return PosteriorDraw(
            code: code.reshaped(rows), logProbability: logProbability?.flattened(fromAxis: 0),
            draws: Draws(count))
    }
}

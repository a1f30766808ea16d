import Autograd
import Distributions

/// A module that maps codes, `[batch, …]`, to the likelihood of the samples: a distribution with the
/// batch along its first axis, one sample being one event.
public protocol DecoderNetwork: Module {
    associatedtype Output: Distribution
    func callAsFunction(_ code: Tensor, in context: inout PassContext) -> Output
    /// From codes to the means of their likelihoods, step by step; nil if there is no description, as by
    /// default.
    var steps: [NetworkStep]? { get }
    /// The names of a code's first numbers, if they mean something by themselves; by default none.
    var codeNames: [String] { get }
}

extension DecoderNetwork {
    public var steps: [NetworkStep]? { nil }
    public var codeNames: [String] { [] }

    /// The likelihood in evaluation mode.
    public func callAsFunction(_ code: Tensor) -> Output {
        var context = PassContext.evaluation
        return self(code, in: &context)
    }
}

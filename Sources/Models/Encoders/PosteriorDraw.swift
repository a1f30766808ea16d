import Autograd
import Distributions

/// Codes that were drawn from the posteriors of a batch.
public struct PosteriorDraw: Sendable {
    /// `[draws * batch, …]`.
    public let code: Tensor
    /// The logarithm of the posterior's density at each, `[draws * batch]`; nil if it is to be
    /// computed from the code.
    public let logProbability: Tensor?
    public let draws: Draws

    public init(code: Tensor, logProbability: Tensor? = nil, draws: Draws) {
        (self.code, self.logProbability, self.draws) = (code, logProbability, draws)
    }
}

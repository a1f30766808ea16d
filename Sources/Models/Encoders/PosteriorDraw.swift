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

    /// Combines codes with what is known of them.
    public init(code: Tensor, logProbability: Tensor? = nil, draws: Draws) {
        (self.code, self.logProbability, self.draws) = (code, logProbability, draws)
    }
}

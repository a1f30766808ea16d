import Autograd
import Distributions

/// The mixture of the posteriors of learned pseudo-inputs, 1/K Σ q(z | uₖ) (Tomczak and Welling, "VAE
/// with a VampPrior", arXiv:1705.07120, equation 9): an approximation of the best prior for an
/// encoder, which is the mean of its posteriors over the data.
public struct VampPrior: Prior {
    /// Before they are limited to the range of samples, `[components] + sampleShape`.
    public var pseudoInputs: Tensor
    private let areShares: Bool

    /// - Parameters:
    ///   - pseudoInputs: to begin with, such as some training samples, or noise around their mean;
    ///     traps if there are none.
    ///   - areShares: whether samples are numbers from 0 to 1, to which pseudo-inputs are then
    ///     limited.
    public init(pseudoInputs: Tensor, areShares: Bool) {
        guard pseudoInputs.rank > 1, pseudoInputs.count > 0 else {
            programmerError("VampPrior", "pseudo-inputs of shape \(pseudoInputs.shape)")
        }
        (self.pseudoInputs, self.areShares) = (pseudoInputs, areShares)
    }

    public func callAsFunction(
        for encoder: some VariationalEncoder, in context: inout PassContext
    ) -> any ContinuousDistribution {
        let inputs = areShares ? clamp(pseudoInputs, from: 0, through: 1) : pseudoInputs
        let posteriors = encoder(inputs, in: &context)
        return Mixture(
            logits: Tensor.zeros([inputs.shape[0]], dataType: posteriors.dataType),
            components: posteriors)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("pseudoInputs", &pseudoInputs)
    }
}

import Autograd

/// A model that takes samples to codes and back: what training, evaluation and the command need
/// to know of any variant.
public protocol AutoencoderModel: Trainable {
    /// The mean codes of samples, `[batch, …]`, in evaluation mode.
    func encode(_ input: Tensor) -> Tensor
    /// The expected samples of codes, `[batch, …]`, in evaluation mode.
    func decode(_ code: Tensor) -> Tensor
}

extension AutoencoderModel {
    /// The expected samples of the mean codes: no randomness enters.
    public func reconstruct(_ input: Tensor) -> Tensor { decode(encode(input)) }
}

/// A model that knows a distribution of codes, and so can make up samples.
public protocol GenerativeModel: AutoencoderModel {
    /// Whether its prior is the standard normal distribution of codes: so unless it says
    /// otherwise.
    var hasNormalPrior: Bool { get }
    /// New samples: the expected samples of codes drawn from the prior, `[count, …]`.
    func sample(_ count: Int, using generator: inout RandomGenerator) -> Tensor
}

extension GenerativeModel {
    public var hasNormalPrior: Bool { true }
}

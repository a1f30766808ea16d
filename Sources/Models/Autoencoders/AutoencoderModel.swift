import Autograd
import Datasets

/// A model that is trained to take samples to codes and back.
public protocol AutoencoderModel: Trainable, Encodes, Decodes, Reconstructs
where Output: HasLikelihood {}

extension AutoencoderModel {
    /// The expected samples of the mean codes: no randomness enters.
    public func reconstruct(_ batch: Batch) -> Tensor { decode(encode(batch)) }
}

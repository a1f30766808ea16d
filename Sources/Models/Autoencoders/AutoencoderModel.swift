import Autograd
import Datasets

/// A model that is trained to encode samples as codes and to decode them again.
public protocol AutoencoderModel: Trainable, Encodes, Decodes, Reconstructs
where Output: HasLikelihood {}

extension AutoencoderModel {
    /// Decodes the mean codes; nothing is drawn at random.
    public func reconstruct(_ batch: Batch) -> Tensor { decode(encode(batch)) }
}

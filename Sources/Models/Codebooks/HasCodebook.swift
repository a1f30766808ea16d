import Autograd
import Datasets

/// A model whose codes are grids of symbols, the positions of vectors in a codebook.
public protocol HasCodebook: Encodes, Decodes {
    /// The vectors, `[codes, size]`.
    var codebook: Tensor { get }
    /// The symbols of samples, `int32`, as ``QuantizedCode/indices``, in evaluation mode.
    func indices(of batch: Batch) -> Tensor
    /// The expected samples for symbols, `[batch, …]`, in evaluation mode. Traps at an index that is no
    /// code's.
    func decode(indices: Tensor) -> Tensor
}

/// A model with a codebook, which can start at the codes of samples.
public protocol StartsCodebook: Module {
    /// Puts the codebook where the codes of samples are, which must have at least as many vectors.
    mutating func startCodebook(at batch: Batch, using generator: inout RandomGenerator)
}

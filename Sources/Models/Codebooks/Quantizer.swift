import Autograd

/// Replaces the vectors of a code by some of finitely many, so that a code is a grid of symbols.
///
/// Codes are `[batch, size, height, width]`, with a vector in the channels of each place. Derivatives are
/// those of a surrogate, as ``VectorQuantizer`` says.
public protocol Quantizer: Module {
    /// All vectors that a place can have, or parts of it that are added up, `[codes, size]`.
    var codebook: Tensor { get }
    /// The symbols of a code. Traps if the code does not consist of such vectors.
    func callAsFunction(_ code: Tensor, in context: inout PassContext) -> QuantizedCode
    /// The code of symbols, `int32`, in the shape of ``QuantizedCode/indices``. Traps at an index that is no
    /// code's.
    func code(of indices: Tensor) -> Tensor
    /// Puts the vectors where those of some samples are, if they are learned; by default nothing happens.
    mutating func start(at code: Tensor, using generator: inout RandomGenerator)
}

extension Quantizer {
    public mutating func start(at code: Tensor, using generator: inout RandomGenerator) {}
}

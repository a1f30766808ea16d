import Autograd

/// An output whose samples can be differentiated with respect to its codes.
public protocol HasDecoder: HasCode {
    /// The decoder as the pass used it, from codes to expected samples.
    var decode: @Sendable (Tensor) -> Tensor { get }
    /// The parameters of the decoder.
    var decoderParameters: [Tensor] { get }
}

/// The squared Frobenius norm of the decoder's Jacobian, which keeps neighbouring codes alike (Ghosh et
/// al., "From Variational to Deterministic Autoencoders", arXiv:1903.12436, equation 11), estimated
/// without bias by random projections as in ``JacobianPenalty``.
public struct DecoderJacobianPenalty<Output: HasDecoder>: ObjectiveTerm {
    /// The number of random projections.
    public let projections: Int

    /// Traps unless there is a projection.
    public init(projections: Int = 1) {
        guard projections > 0 else {
            programmerError("DecoderJacobianPenalty", "\(projections) projections")
        }
        self.projections = projections
    }

    public var name: String { "decoderJacobianPenalty" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        var generator = pass.generator
        let (samples, pullback) = valueWithPullback(at: pass.code) { pass.output.decode($0) }
        let norms = (0..<projections).map { _ in
            square(pullback(generator.normal(samples.shape, dataType: samples.dataType)))
                .summedOverSample()
        }
        return norms.dropFirst().reduce(norms[0], +) / Double(projections)
    }
}

/// The sum of the squares of the decoder's parameters (the L2 of Ghosh et al., arXiv:1903.12436): the
/// same value for each sample.
public struct L2OfDecoder<Output: HasDecoder>: ObjectiveTerm {
    public init() {}
    public var name: String { "l2OfDecoder" }
    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let sums = pass.decoderParameters.map { square($0).sum() }
        let total = sums.dropFirst().reduce(
            sums.first ?? Tensor(0, dataType: pass.input.dataType), +)
        return total.broadcast(to: [pass.batch.count])
    }
}

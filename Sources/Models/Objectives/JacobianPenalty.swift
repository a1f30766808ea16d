import Autograd

/// The squared Frobenius norm of the encoder's Jacobian, Σ (∂ codeⱼ / ∂ inputᵢ)², exactly: the
/// penalty of the contractive autoencoder (Rifai et al., "Contractive Auto-Encoders: Explicit
/// Invariance During Feature Extraction", 2011, equation 2).
///
/// For any encoder that treats the samples of a batch each by itself (batch normalisation in
/// training does not: the derivatives of the other samples' codes would be added in). It costs
/// one evaluation of the encoder and one reverse sweep for each component of the code.
public struct JacobianPenalty: ObjectiveTerm {
    public init() {}

    public var name: String { "jacobianPenalty" }

    public func callAsFunction(_ pass: Pass) -> Tensor {
        let (codes, pullback) = valueWithPullback(at: pass.input) { input in
            pass.encode(input).flattened()
        }
        let components = codes.shape[1]
        var penalty = Tensor.zeros([codes.shape[0]], dataType: codes.dataType)
        for component in 0..<components {
            // This component of every sample's code at once: samples do not mix.
            let direction = oneHot(
                Tensor([Int32(component)]), depth: components, dataType: codes.dataType
            ).broadcast(to: codes.shape)
            penalty += square(pullback(direction)).summedOverSample()
        }
        return penalty
    }
}

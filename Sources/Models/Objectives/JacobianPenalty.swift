import Autograd

/// The squared Frobenius norm of the encoder's Jacobian, Σ (∂ codeⱼ / ∂ inputᵢ)², exactly: the
/// penalty of the contractive autoencoder (Rifai et al., "Contractive Auto-Encoders: Explicit
/// Invariance During Feature Extraction", 2011, equation 2).
///
/// For any encoder that treats the samples of a batch each by itself (batch normalisation in
/// training does not: the derivatives of the other samples' codes would be added in). See
/// ``squaredJacobianNorm(at:of:)`` for what it costs.
public struct JacobianPenalty: ObjectiveTerm {
    public init() {}

    public var name: String { "jacobianPenalty" }

    public func callAsFunction(_ pass: Pass) -> Tensor {
        squaredJacobianNorm(at: pass.input) { pass.encode($0) }
    }
}

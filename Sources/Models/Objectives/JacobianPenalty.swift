import Autograd

/// The squared Frobenius norm of the encoder's Jacobian, Σ (∂ codeⱼ / ∂ inputᵢ)²: the penalty of
/// the contractive autoencoder (Rifai et al., "Contractive Auto-Encoders: Explicit Invariance
/// During Feature Extraction", 2011, equation 2).
///
/// Computed exactly, or by an unbiased estimate: for v standard normal in the space of the codes,
/// the mean of ‖vᵀJ‖² is ‖J‖² (Hutchinson, "A stochastic estimator of the trace of the influence
/// matrix", 1990). Each projection costs one backward pass, however large the code is; the
/// relative standard deviation of the estimate for a sample is at most √(2 / projections).
///
/// For any encoder that treats the samples of a batch independently (batch normalisation in
/// training does not: the derivatives of the other samples' codes would be added). See
/// ``squaredJacobianNorm(at:of:)`` for the cost of the exact norm.
public struct JacobianPenalty<Output: HasEncoder>: ObjectiveTerm {
    /// The number of random projections that estimate the norm; nil for the exact norm.
    public let projections: Int?

    /// Traps if the number of projections is not positive.
    public init(projections: Int? = nil) {
        guard projections ?? 1 >= 1 else {
            programmerError("JacobianPenalty", "\(projections!) projections")
        }
        self.projections = projections
    }

    public var name: String { "jacobianPenalty" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        guard let projections else {
            return squaredJacobianNorm(at: pass.encoderInput) { pass.output.encode($0) }
        }
        var generator = pass.generator
        let (code, pullback) = valueWithPullback(at: pass.encoderInput) { pass.output.encode($0) }
        let norms = (0..<projections).map { _ in
            square(pullback(generator.normal(code.shape, dataType: code.dataType)))
                .summedOverSample()
        }
        return norms.dropFirst().reduce(norms[0], +) / Double(projections)
    }
}

import Autograd
import Distributions

/// How far the covariance of the codes of a batch is from the identity: λ Σ_{i≠j} C_ij² + λ′ Σ (C_ii − 1)²
/// (Kumar et al., "Variational Inference of Disentangled Latent Concepts from Unlabeled Observations",
/// arXiv:1711.00848, equations 6 and 7). A statistic of the batch: the same value for each sample.
public struct CodeCovariance<Output: HasLatentVariables>: ObjectiveTerm {
    /// Whose covariance it is.
    public let kind: CodeCovarianceKind
    /// λ′ / λ: what variances cost, relative to covariances.
    public let diagonal: Double

    /// Traps if the diagonal's weight is negative or not finite.
    public init(of kind: CodeCovarianceKind, diagonal: Double) {
        guard diagonal >= 0, diagonal.isFinite else {
            programmerError("CodeCovariance", "a diagonal of weight \(diagonal)")
        }
        (self.kind, self.diagonal) = (kind, diagonal)
    }

    public var name: String { "codeCovariance" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let posterior = pass.latentVariables[0].posterior
        let means = posterior.mean.flattened()
        let (count, size) = (means.shape[0], means.shape[1])
        let centred = means - means.mean(axes: [0])
        var covariance = matmul(centred, centred, transposingLeft: true) / Double(count)
        let identity = Tensor.identity(size, dataType: means.dataType)
        if kind == .draws {
            covariance += identity * posterior.variance.flattened().mean(axes: [0])
        }
        let deviation = square(covariance - identity)
        let weights = 1 - identity + diagonal * identity
        return (weights * deviation).sum().broadcast(to: [pass.batch.count])
    }
}

/// The codes whose covariance is meant in ``CodeCovariance``.
public enum CodeCovarianceKind: String, NamedOptionValue {
    /// Posterior means: DIP-VAE I.
    case means
    /// Draws of the posterior, of which covariance of means and mean of covariances add up:
    /// DIP-VAE II.
    case draws
}

import Autograd

/// The Fréchet distance, squared, between the normal distributions with the means and covariances of
/// two sets of features (Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a
/// Local Nash Equilibrium", arXiv:1706.08500, equation 6):
///
///     |m₁ − m₂|² + tr(S₁ + S₂ − 2 (S₁^½ S₂ S₁^½)^½)
///
/// From 0, which it is for equal sets up to rounding. It is too large on average where there are few
/// samples: only distances of equally many are comparable. Computed in `float64`; covariances have
/// n − 1 in the denominator. Traps if the widths differ, there are fewer than two vectors in a set,
/// or an element is not finite.
///
/// - Parameters:
///   - first: `[n, features]`.
///   - second: `[m, features]`.
public func frechetDistance(between first: Tensor, and second: Tensor) -> Double {
    let (first, second, unit) = FeatureSets(first, second, least: 2, for: "frechetDistance").scaled
    let (a, b) = (FittedNormal(to: first), FittedNormal(to: second))
    // The eigenvalues of S₁^½ S₂ S₁^½ are the squares of the singular values of S₁^½ S₂^½, which
    // have twice the digits.
    let common = singularValues(of: matmul(a.covarianceRoot, b.covarianceRoot)).sum().scalar
    let apart = square(a.mean - b.mean).sum().scalar
    return max(0, apart + a.totalVariance + b.totalVariance - 2 * common) * unit * unit
}

/// A normal distribution with the mean and the covariance of samples.
private struct FittedNormal {
    let mean: Tensor
    let totalVariance: Double
    /// The symmetric square root of the covariance matrix.
    let covarianceRoot: Tensor

    /// From `[count, size]`.
    init(to samples: Tensor) {
        mean = samples.mean(axes: [0])
        let deviations = samples - mean
        let covariance =
            matmul(deviations, deviations, transposingLeft: true) / Double(samples.shape[0] - 1)
        totalVariance = covariance.trace().scalar
        let (variances, directions) = symmetricEigen(of: covariance)
        // Rounding may leave variances of 0 below it.
        covarianceRoot = matmul(
            directions * sqrt(relu(variances)), directions, transposingRight: true)
    }
}

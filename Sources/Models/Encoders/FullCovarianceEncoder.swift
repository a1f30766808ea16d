import Autograd
import Distributions

/// An encoder with a normal posterior whose components depend on each other: the body's features give
/// the mean and the Cholesky factor of the covariance (Kingma and Welling, "An Introduction to
/// Variational Autoencoders", arXiv:1906.02691, section 2.5.1).
public struct FullCovarianceEncoder<Body: Layer>: VariationalEncoder {
    /// Gives the mean and the diagonal.
    public var base: GaussianEncoder<Body>
    /// From features to what stands below the diagonal, row by row; nil for codes of one number.
    public var below: Dense?

    public init(
        base: GaussianEncoder<Body>, features: Int, using generator: inout RandomGenerator
    ) {
        self.base = base
        let count = base.latentSize * (base.latentSize - 1) / 2
        below = count > 0 ? Dense(features, count, using: &generator) : nil
    }

    public var latentSize: Int { base.latentSize }

    public func callAsFunction(
        _ input: Tensor, in context: inout PassContext
    ) -> MultivariateNormal {
        let features = base.features(of: input, in: &context)
        let normal = base.posterior(of: features, in: &context)
        let deviation = normal.base.standardDeviation
        let diagonal =
            Tensor.identity(latentSize, dataType: deviation.dataType) * deviation.expandingAxis(-1)
        guard let below else {
            return MultivariateNormal(mean: normal.mean, choleskyFactor: diagonal)
        }
        // Where each element of the factor is among the numbers below the diagonal, behind a zero.
        let places = (0..<latentSize).flatMap { row -> [Int32] in
            let first = row * (row - 1) / 2 + 1
            return (0..<latentSize).map { $0 < row ? Int32(first + $0) : 0 }
        }
        let numbers = below(features, in: &context)
        let zero = Tensor.zeros([numbers.shape[0], 1], dataType: numbers.dataType)
        let factor = concatenated([zero, numbers], axis: 1).gathered(at: Tensor(places), axis: 1)
        return MultivariateNormal(
            mean: normal.mean, choleskyFactor: factor.reshaped(diagonal.shape) + diagonal)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.inline("base", &base)
        visitor("below", &below)
    }
}

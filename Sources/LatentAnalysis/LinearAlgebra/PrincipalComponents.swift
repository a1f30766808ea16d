import Autograd
import Datasets
import NeuralNetworks

/// Principal component analysis: the linear code with the smallest squared error, and therefore the
/// baseline of every autoencoder (Pearson, 1901; Baldi and Hornik, "Neural networks and principal
/// component analysis", 1989).
///
/// ```swift
/// let components = PrincipalComponents(of: images, count: 30)
/// let codes = components.encode(images)                       // [n, 30]
/// let error = meanSquaredError(components.decode(codes), images.flattened())
/// ```
///
/// Computed by subspace iteration from a random start (Halko, Martinsson and Tropp,
/// arXiv:0909.4061, algorithm 4.4), in `float64`. The covariance matrix is built if samples have at
/// most 2048 elements; otherwise each iteration goes through the samples.
public struct PrincipalComponents: Sendable {
    /// The mean of the samples, `[elements]`.
    public let mean: Tensor
    /// Orthonormal rows, `[count, elements]`, in order of decreasing variance; the component of
    /// largest magnitude is positive in each. Zero for directions without variance.
    public let directions: Tensor
    /// The variances of the samples along the directions.
    public let variances: [Double]
    /// The sum of the variances of all elements.
    public let totalVariance: Double

    /// - Parameters:
    ///   - samples: `[n, …]`, at least one, flattened; pixels (`uint8`) are scaled to 0 … 1. Traps
    ///     if an element is not finite, or so large that the variance would not be finite.
    ///   - count: the number of directions, from 1 to the number of elements of a sample; traps
    ///     otherwise.
    ///   - generator: for the random start, which only affects the last digits of the result.
    public init(
        of samples: Tensor, count: Int, using generator: RandomGenerator = RandomGenerator(seed: 0)
    ) {
        let elements = samples.shape.dropFirst().reduce(1, *)
        guard samples.rank >= 1, samples.shape[0] > 0, 1...max(1, elements) ~= count else {
            programmerError(
                "PrincipalComponents", "\(count) directions of samples of shape \(samples.shape)")
        }
        requireFinite(samples, "PrincipalComponents")
        var generator = generator
        let deviations = Deviations(of: samples)
        guard deviations.totalVariance.isFinite else {
            programmerError(
                "PrincipalComponents",
                "samples with numbers as large as \(samples.greatestMagnitude) have no finite "
                    + "variance: scale them")
        }
        // Additional directions speed up the convergence of the requested ones.
        let width = min(elements, count + 10)
        var basis = orthonormalRows(
            of: generator.normal([width, elements], dataType: .float64))
        var (product, covariance) = deviations.covariance(along: basis)
        var variance = covariance.trace().scalar
        for _ in 0..<200 {
            basis = orthonormalRows(of: product)
            (product, covariance) = deviations.covariance(along: basis)
            let gain = covariance.trace().scalar - variance
            variance += gain
            if gain <= 1e-10 * deviations.totalVariance { break }
        }
        // Rotate the basis so that the coordinates along it are uncorrelated.
        let (values, vectors) = symmetricEigen(of: covariance)
        basis = matmul(vectors.reversed(axis: 1), basis, transposingLeft: true)
        let variances = values.elements(as: Double.self).reversed().prefix(count).map { max(0, $0) }
        self.init(
            mean: deviations.mean, basis: basis[0..<count], variances: variances,
            totalVariance: deviations.totalVariance)
    }

    private init(mean: Tensor, basis: Tensor, variances: [Double], totalVariance: Double) {
        // Variance below rounding errors has no meaningful direction.
        let isFlat = variances.map { $0 <= 1e-12 * totalVariance }
        let greatest = stopGradient(basis).gatheredAlong(
            axis: 1, at: abs(basis).argmax(axis: 1).expandingAxis(1))
        let signs = sign(greatest) * Tensor(isFlat.map { $0 ? 0.0 : 1 }, shape: [isFlat.count, 1])
        self.mean = mean
        self.totalVariance = totalVariance
        self.variances = zip(variances, isFlat).map { $1 ? 0 : $0 }
        directions = basis * signs
    }

    /// The fraction of the total variance in each direction, from 0 to 1.
    public var shares: [Double] {
        variances.map { totalVariance > 0 ? $0 / totalVariance : 0 }
    }

    /// The coordinates of samples along the directions, `[n, count]`, of the type of the samples,
    /// or `float32` for pixels.
    public func encode(_ samples: Tensor) -> Tensor {
        let values = numbers(samples.flattened())
        let type = values.dataType
        return matmul(
            values - mean.cast(to: type), directions.cast(to: type), transposingRight: true)
    }

    /// The samples with given coordinates, flattened, `[n, elements]`.
    public func decode(_ codes: Tensor) -> Tensor {
        matmul(codes, directions.cast(to: codes.dataType)) + mean.cast(to: codes.dataType)
    }

    /// The projections of samples onto the space of the directions, flattened.
    public func reconstruct(_ samples: Tensor) -> Tensor { decode(encode(samples)) }
}

/// Samples as floating-point numbers: pixels (`uint8`) from 0 to 1, other values unchanged.
func numbers(_ samples: Tensor) -> Tensor {
    samples.scaledPixels(
        as: samples.dataType.isFloatingPoint ? samples.dataType : .float32)
}

/// Samples minus their mean, of which only some rows at a time are in memory as `float64`.
private struct Deviations {
    let samples: Tensor
    let mean: Tensor
    let totalVariance: Double
    /// The covariance matrix, if it is small enough.
    private let matrix: Tensor?

    init(of samples: Tensor) {
        self.samples = samples.flattened()
        let count = Double(samples.shape[0])
        var sum = Tensor.zeros([self.samples.shape[1]], dataType: .float64)
        Self.forEachPart(of: self.samples) { sum = sum + $0.sum(axes: [0]) }
        let mean = sum / count
        let elements = self.samples.shape[1]
        var matrix =
            elements <= 2048 ? Tensor.zeros([elements, elements], dataType: .float64) : nil
        var squares = 0.0
        Self.forEachPart(of: self.samples) { part in
            let deviations = part - mean
            squares += square(deviations).sum().scalar
            matrix = matrix.map { $0 + matmul(deviations, deviations, transposingLeft: true) }
        }
        self.mean = mean
        self.matrix = matrix.map { $0 / count }
        totalVariance = squares / count
    }

    /// For orthonormal rows `[k, elements]`: their products with the covariance matrix of the
    /// samples, `[k, elements]`, and the covariance matrix of the coordinates along them, `[k, k]`.
    func covariance(along basis: Tensor) -> (product: Tensor, covariance: Tensor) {
        if let matrix {
            let product = matmul(basis, matrix)
            return (product, matmul(product, basis, transposingRight: true))
        }
        let count = Double(samples.shape[0])
        var product = Tensor.zeros(like: basis)
        var covariance = Tensor.zeros([basis.shape[0], basis.shape[0]], dataType: .float64)
        Self.forEachPart(of: samples) { part in
            let deviations = part - mean
            let coordinates = matmul(deviations, basis, transposingRight: true)
            product = product + matmul(coordinates, deviations, transposingLeft: true)
            covariance = covariance + matmul(coordinates, coordinates, transposingLeft: true)
        }
        return (product / count, covariance / count)
    }

    private static func forEachPart(of samples: Tensor, _ body: (Tensor) -> Void) {
        let rows = max(1, (1 << 20) / max(1, samples.shape[1]))
        for start in stride(from: 0, to: samples.shape[0], by: rows) {
            body(
                numbers(samples[start..<min(samples.shape[0], start + rows)]).cast(to: .float64))
        }
    }
}

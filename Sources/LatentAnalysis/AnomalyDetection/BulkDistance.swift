import Autograd
import Datasets

/// The distance of samples from the bulk of others, relative to the spread of the bulk in each
/// direction: a Mahalanobis distance that anomalies among the others do not change, as the farthest
/// are left out (Rousseeuw, "Multivariate estimation with high breakdown point", 1985; by the
/// concentration steps of Rousseeuw and Van Driessen, 1999).
///
/// Each element is first measured from its median, in units of its quartiles, and limited to ±10. To
/// variances a hundredth is added, so that directions in which the bulk does not vary count, too.
public struct BulkDistance: Sendable {
    /// Of each element.
    private let median: Tensor
    private let unit: Tensor
    private let mean: Tensor
    private let deviation: Tensor
    /// Of the bulk.
    private let centre: Tensor
    /// L of its covariance LLᵀ; nil if there are too many elements for more than variances.
    private let factor: Tensor?
    private let variances: Tensor

    /// Limited elements are this many units from the median.
    private static let limit = 10.0
    private static let ridge = 0.01
    private static let rounds = 5
    /// With more elements only their variances are taken.
    private static let mostElements = 2000

    /// Traps if there are no samples, or one is not finite.
    ///
    /// - Parameters:
    ///   - samples: the others, `[count, …]`, flattened.
    ///   - share: how many of them are the bulk, above 0 up to 1.
    public init(from samples: Tensor, share: Double = 0.75) {
        guard samples.rank > 0, samples.count > 0, share > 0, share <= 1 else {
            programmerError(
                "BulkDistance", "a share of \(share) of samples of shape \(samples.shape)")
        }
        requireFinite(samples, "BulkDistance")
        let flat = samples.flattened().cast(to: .float64)
        let count = flat.shape[0]
        let sorted = flat.sorted(axis: 0)
        func quantile(_ share: Double) -> Tensor {
            let place = share * Double(count - 1)
            // Sound: places of samples.
            let lower = Int(place.rounded(.down))
            let upper = min(lower + 1, count - 1)
            return sorted[lower] + (place - Double(lower)) * (sorted[upper] - sorted[lower])
        }
        median = quantile(0.5)
        // 1.349 is the distance of the quartiles of the standard normal distribution.
        let spread = (quantile(0.75) - quantile(0.25)) / 1.349
        let width = sqrt(square(flat - flat.mean(axes: [0])).mean(axes: [0]))
        let one = Tensor(1, dataType: .float64)
        let orOne = select(width .> 0, width, one)
        unit = select(spread .> 1e-9 * width, spread, orOne)
        let limited = clamp((flat - median) / unit, from: -Self.limit, through: Self.limit)
        mean = limited.mean(axes: [0])
        let limitedWidth = sqrt(square(limited - mean).mean(axes: [0]))
        deviation = select(limitedWidth .> 0, limitedWidth, one)
        let standard = (limited - mean) / deviation

        // Sound: a share of the count.
        let size = max(1, Int((share * Double(count)).rounded()))
        var bulk = Tensor((0..<count).map { Int32($0) })
        var shape = Shape(of: standard)
        for _ in 0..<Self.rounds {
            let nearest = shape.squaredDistances(of: standard).sortedIndices()[0..<size].sorted()
            let stays = nearest.shape == bulk.shape && nearest == bulk
            bulk = nearest
            shape = Shape(of: standard.gathered(at: bulk))
            if stays { break }
        }
        (centre, factor, variances) = (shape.centre, shape.factor, shape.variances)
    }

    /// The squared distances, `[count]` in `float64`; NaN for a sample with a NaN.
    public func callAsFunction(_ samples: Tensor) -> Tensor {
        let flat = samples.flattened().cast(to: .float64)
        let limited = clamp((flat - median) / unit, from: -Self.limit, through: Self.limit)
        return Shape(centre: centre, factor: factor, variances: variances)
            .squaredDistances(of: (limited - mean) / deviation)
    }

    /// Centre and spread of samples in standard units.
    private struct Shape {
        let centre: Tensor
        let factor: Tensor?
        let variances: Tensor

        init(centre: Tensor, factor: Tensor?, variances: Tensor) {
            (self.centre, self.factor, self.variances) = (centre, factor, variances)
        }

        init(of samples: Tensor) {
            centre = samples.mean(axes: [0])
            let differences = samples - centre
            variances = square(differences).mean(axes: [0]) + BulkDistance.ridge
            let size = samples.shape[1]
            guard size <= BulkDistance.mostElements else {
                factor = nil
                return
            }
            let covariance =
                matmul(differences, differences, transposingLeft: true) / Double(samples.shape[0])
            factor = choleskyFactor(
                of: covariance + BulkDistance.ridge * Tensor.identity(size, dataType: .float64))
        }

        func squaredDistances(of samples: Tensor) -> Tensor {
            let differences = samples - centre
            guard let factor else {
                return (square(differences) / variances).sum(axes: [1])
            }
            return square(triangularSolve(factor, differences.transposed())).sum(axes: [0])
        }
    }
}

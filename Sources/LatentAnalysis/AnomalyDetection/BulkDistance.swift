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
    private let units: StandardUnits
    private let bulk: Shape

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
        units = StandardUnits(of: flat)
        let standard = units.standard(flat)

        // Sound: a share of the count.
        let size = max(1, Int((share * Double(count)).rounded()))
        var nearest = Tensor((0..<count).map { Int32($0) })
        var bulk = Shape(of: standard)
        for _ in 0..<Self.rounds {
            let before = nearest
            nearest = bulk.squaredDistances(of: standard).sortedIndices()[0..<size].sorted()
            bulk = Shape(of: standard.gathered(at: nearest))
            if nearest == before { break }
        }
        self.bulk = bulk
    }

    /// The squared distances, `[count]` in `float64`; NaN for a sample with a NaN.
    public func callAsFunction(_ samples: Tensor) -> Tensor {
        bulk.squaredDistances(of: units.standard(samples.flattened().cast(to: .float64)))
    }

    /// Each element measured from its median in units of its quartiles, limited, and then brought to
    /// mean 0 and standard deviation 1.
    private struct StandardUnits {
        private let median: Tensor
        private let unit: Tensor
        private let mean: Tensor
        private let deviation: Tensor

        /// From samples `[count, elements]`.
        init(of samples: Tensor) {
            let sorted = samples.sorted(axis: 0)
            let last = sorted.shape[0] - 1
            func quantile(_ share: Double) -> Tensor {
                let place = share * Double(last)
                // Sound: a place of a sample.
                let lower = Int(place.rounded(.down))
                let (below, above) = (sorted[lower], sorted[min(lower + 1, last)])
                return below + (place - Double(lower)) * (above - below)
            }
            func width(_ x: Tensor) -> Tensor {
                sqrt(square(x - x.mean(axes: [0])).mean(axes: [0]))
            }
            func orOne(_ width: Tensor) -> Tensor {
                select(width .> 0, width, Tensor(1, dataType: .float64))
            }
            median = quantile(0.5)
            // 1.349 is the distance of the quartiles of the standard normal distribution.
            let spread = (quantile(0.75) - quantile(0.25)) / 1.349
            let all = width(samples)
            unit = select(spread .> 1e-9 * all, spread, orOne(all))
            let limited = Self.limited((samples - median) / unit)
            mean = limited.mean(axes: [0])
            deviation = orOne(width(limited))
        }

        func standard(_ samples: Tensor) -> Tensor {
            (Self.limited((samples - median) / unit) - mean) / deviation
        }

        private static func limited(_ x: Tensor) -> Tensor {
            clamp(x, from: -BulkDistance.limit, through: BulkDistance.limit)
        }
    }

    /// Centre and spread of samples in standard units.
    private struct Shape {
        private let centre: Tensor
        /// L of the covariance LLᵀ; nil if there are too many elements for more than variances.
        private let factor: Tensor?
        private let variances: Tensor

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

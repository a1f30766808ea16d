import Autograd
import NeuralNetworks

/// How many of the made samples are like real ones, and how many of the real ones a model makes,
/// by their features (Kynkäänniemi et al., "Improved Precision and Recall Metric for Assessing
/// Generative Models", arXiv:1904.06991, equations 1 and 2).
///
/// A set covers all that lies no farther from one of its vectors than the `neighbours`th nearest
/// other vector of the set does.
public struct PrecisionAndRecall: Sendable, Hashable {
    /// The fraction of the made samples that the real ones cover.
    public let precision: Double
    /// The fraction of the real samples that the made ones cover.
    public let recall: Double

    /// Traps if the widths differ, there are not more vectors than neighbours in each set, or an
    /// element is not finite.
    ///
    /// - Parameters:
    ///   - made: `[n, features]`.
    ///   - real: `[m, features]`; with as many as there are made ones both fractions are comparable.
    ///   - neighbours: how far a vector reaches; at least 1.
    ///   - monitor: called regularly; an error that it throws ends the search.
    public init<Failure>(
        of made: Tensor, for real: Tensor, neighbours: Int = 3,
        monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) {
        guard neighbours > 0 else {
            programmerError("PrecisionAndRecall", "\(neighbours) neighbours, expected at least 1")
        }
        let (made, real, _) = FeatureSets(
            made, real, least: neighbours + 1, for: "PrecisionAndRecall"
        ).scaled
        precision = try Self.share(of: made, in: real, neighbours, monitor.part(0...0.5))
        recall = try Self.share(of: real, in: made, neighbours, monitor.part(0.5...1))
    }

    /// The fraction of `vectors` that `others` cover.
    private static func share<Failure>(
        of vectors: Tensor, in others: Tensor, _ neighbours: Int,
        _ monitor: ProgressMonitor<Failure>
    ) throws(Failure) -> Double {
        let nearest = try NearestNeighbours(
            among: others, count: neighbours, monitor: monitor.part(0...0.5))
        let distances = PairwiseDistances(from: vectors, to: others)
        let reach =
            nearest.squaredDistances[.all, -1].expandingAxis(0) / (distances.unit * distances.unit)
        let count = Double(vectors.shape[0])
        var covered = 0.0
        try distances.forEachPart { range, distances throws(Failure) in
            let isCovered = (distances .<= reach).any(axes: [1])
            covered += isCovered.cast(to: .float64).sum().scalar
            try monitor.part(0.5...1).advance(to: Double(range.upperBound) / count)
        }
        return covered / count
    }
}

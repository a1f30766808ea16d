import Autograd
import Datasets
import Foundation

/// Log-likelihoods of samples, estimated by importance sampling: log 1/K Σ wₖ, which on average is below
/// log p(x), and the closer the more draws there are (Burda et al., arXiv:1509.00519, section 5).
public struct LikelihoodEstimate: Sendable {
    /// Of each sample, in nats.
    public let values: [Double]

    /// Their mean.
    public var mean: Double { values.reduce(0, +) / Double(values.count) }

    /// The standard error of the mean as an estimate over all samples of the kind.
    public var standardError: Double {
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(max(values.count - 1, 1)) / Double(values.count)).squareRoot()
    }

    /// - Parameters:
    ///   - draws: for each sample; traps unless positive.
    ///   - seed: of the draws, and of pixels where they are drawn.
    ///   - monitor: called after each part of the work; an error that it throws ends it.
    public init<Model: EstimatesLikelihood>(
        of samples: any DataSource, by model: Model, draws: Int, seed: UInt64 = 0,
        monitor: ProgressMonitor<some Error> = .silent
    ) throws {
        guard draws > 0 else { programmerError("LikelihoodEstimate", "\(draws) draws") }
        var (generator, values) = (RandomGenerator(seed: seed), [Double]())
        // The rows of a pass are a sample's draws: as many as keep what the decoder computes in the
        // cache, and enough for products of matrices.
        let rows = min(draws, Self.rows)
        let samplesAtOnce = max(1, Self.rows / rows)
        try SampleBlocks(samples: samples, dataType: model.dataType, seed: seed).visit {
            block, positions in
            for start in stride(from: 0, to: block.count, by: samplesAtOnce) {
                let range = start..<min(block.count, start + samplesAtOnce)
                var parts: [Tensor] = []
                for done in stride(from: 0, to: draws, by: rows) {
                    let logWeights = model.logWeights(
                        of: block[range], draws: min(rows, draws - done), using: &generator)
                    parts.append(logWeights.cast(to: .float64).logSumExp(axes: [0]))
                    let part = Double(min(done + rows, draws)) / Double(draws)
                    try monitor.advance(
                        to: (Double(positions.lowerBound + start) + part * Double(range.count))
                            / Double(samples.count))
                }
                let logMeans = stacked(parts).logSumExp(axes: [0]) - log(Double(draws))
                values += logMeans.elements(as: Double.self)
            }
        }
        self.values = values
    }

    private static let rows = 500
}

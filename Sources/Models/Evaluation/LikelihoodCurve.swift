import Autograd
import Datasets
import Foundation

/// Estimates of log p(x) by more and more codes, log 1/K Σ wₖ for K = 1, 3, 10, 30, …: how many it takes
/// until they rise no more tells how good the distribution is from which codes are drawn.
public struct LikelihoodCurve: Sendable {
    /// Numbers of codes, in ascending order.
    public let draws: [Int]
    /// The mean estimate over the samples with so many codes, in nats.
    public let values: [Double]

    /// By codes that the model's encoder draws.
    ///
    /// - Parameters:
    ///   - draws: the greatest number of codes; traps unless positive.
    ///   - seed: of all random numbers.
    ///   - monitor: called after each part of the work; an error that it throws ends it.
    public init(
        of samples: any DataSource, byEncoderOf model: some EstimatesLikelihood, draws: Int,
        seed: UInt64 = 0, monitor: ProgressMonitor<some Error> = .silent
    ) throws {
        try self.init(of: samples, as: model.dataType, draws: draws, seed: seed, monitor: monitor) {
            block, count, generator in
            model.logWeights(of: block, draws: count, using: &generator)
        }
    }

    /// By codes from the model's prior, the same for all samples: the naive estimate, since p(x) is the
    /// mean of p(x | z) over them.
    public init(
        of samples: any DataSource, byPriorOf model: some HasJointDensity, draws: Int,
        seed: UInt64 = 0, monitor: ProgressMonitor<some Error> = .silent
    ) throws {
        try self.init(of: samples, as: model.dataType, draws: draws, seed: seed, monitor: monitor) {
            block, count, generator in
            model.logLikelihoods(
                of: block.target, givenEach: model.priorCodes(count, using: &generator))
        }
    }

    /// - Parameter logWeights: those of so many codes for each sample of a block, `[count, samples]`.
    private init(
        of samples: any DataSource, as dataType: DataType, draws greatest: Int, seed: UInt64,
        monitor: ProgressMonitor<some Error>,
        _ logWeights: (Batch, _ count: Int, inout RandomGenerator) -> Tensor
    ) throws {
        guard greatest > 0 else { programmerError("LikelihoodCurve", "\(greatest) draws") }
        let counts = Self.counts(upTo: greatest)
        var sums = Array(repeating: 0.0, count: counts.count)
        var generator = RandomGenerator(seed: seed)
        try SampleBlocks(samples: samples, dataType: dataType, seed: seed).visit {
            block, positions in
            var (logSum, done) = (Tensor(repeating: -.infinity, shape: [block.count]), 0)
            logSum = logSum.cast(to: .float64)
            for (index, count) in counts.enumerated() {
                while done < count {
                    let part = min(Self.rows, count - done)
                    let more = logWeights(block, part, &generator).cast(to: .float64)
                    logSum = concatenated([logSum.expandingAxis(0), more]).logSumExp(axes: [0])
                    done += part
                    let share = Double(done) / Double(greatest) * Double(block.count)
                    try monitor.advance(
                        to: (Double(positions.lowerBound) + share) / Double(samples.count))
                }
                sums[index] += (logSum - log(Double(count))).sum().scalar
            }
        }
        draws = counts
        values = sums.map { $0 / Double(samples.count) }
    }

    private static let rows = 500

    /// 1, 3, 10, 30, … and the greatest.
    private static func counts(upTo greatest: Int) -> [Int] {
        let powers = sequence(first: 1) { $0 < greatest / 10 + 1 ? 10 * $0 : nil }
        return powers.flatMap { [$0, 3 * $0] }.filter { $0 < greatest } + [greatest]
    }
}

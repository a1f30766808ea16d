import Autograd
import Datasets
import Foundation

/// What Bayes' rule makes of a model of each class: p(y | x) ∝ p(x | y) p(y). Beside the classes of samples
/// it gives how likely they are under all of them, so that what is of no known class can be rejected.
///
/// ```swift
/// let classified = try GenerativeClassification(
///     of: dataset.test, by: model, prior: Array(repeating: 0.1, count: 10), draws: 10)
/// classified.predictions, classified.logEvidence
/// ```
public struct GenerativeClassification: Sendable {
    /// log p(x | y) of each sample given each class in nats, `float64`, `[samples, classes]`.
    public let logLikelihoods: Tensor
    /// log p(y), `float64`, `[classes]`.
    public let logPrior: Tensor

    /// Traps unless there is a likelihood for each class, and the prior's probabilities are not negative
    /// and not all zero; they need not add up to one.
    ///
    /// - Parameters:
    ///   - logLikelihoods: `[samples, classes]`.
    ///   - prior: of each class.
    public init(logLikelihoods: Tensor, prior: [Double]) {
        let total = prior.reduce(0, +)
        guard logLikelihoods.rank == 2, logLikelihoods.shape[1] == prior.count,
            prior.allSatisfy({ $0 >= 0 }), total > 0, total.isFinite
        else {
            programmerError(
                "GenerativeClassification",
                "likelihoods of shape \(logLikelihoods.shape) with the prior \(prior)")
        }
        self.logLikelihoods = logLikelihoods.cast(to: .float64)
        logPrior = Tensor(prior.map { log($0 / total) })
    }

    /// Estimates the likelihoods by importance sampling, as ``LikelihoodEstimate``; every class is asked
    /// about the same samples.
    ///
    /// - Parameters:
    ///   - model: one that is told labels.
    ///   - prior: of each class the model knows.
    ///   - draws: for each sample and class; traps unless positive.
    ///   - seed: of the draws, and of pixels where they are drawn.
    ///   - monitor: called after each part of the work; an error that it throws ends it.
    public init(
        of samples: any DataSource, by model: some EstimatesLikelihood & Conditional,
        prior: [Double], draws: Int, seed: UInt64 = 0,
        monitor: ProgressMonitor<some Error> = .silent
    ) throws {
        let columns = try prior.indices.map { number in
            let part = Double(number) / Double(prior.count)
            let estimate = try LikelihoodEstimate(
                of: Relabelled(samples: samples, label: Int32(number)), by: model, draws: draws,
                seed: seed, monitor: monitor.part(part...part + 1 / Double(prior.count)))
            return Tensor(estimate.values)
        }
        self.init(logLikelihoods: stacked(columns, axis: 1), prior: prior)
    }

    /// log p(x, y), `[samples, classes]`.
    private var logJoint: Tensor { logLikelihoods + logPrior }

    /// p(y | x), `[samples, classes]`.
    public var posterior: Tensor { softmax(logJoint, axis: 1) }

    /// The most probable class of each sample, `int32`, `[samples]`.
    public var predictions: Tensor { logJoint.argmax(axis: 1) }

    /// log p(x) = log Σ p(x | y) p(y) in nats, `[samples]`: low for what is unlikely under every class.
    public var logEvidence: Tensor { logJoint.logSumExp(axes: [1]) }
}

/// Samples that are all said to be of one class.
private struct Relabelled: DataSource {
    let samples: any DataSource
    let label: Int32

    var count: Int { samples.count }
    var sampleShape: [Int] { samples.sampleShape }
    var firstNotFinite: Int? { samples.firstNotFinite }

    private func relabelled(_ batch: Batch) -> Batch {
        var batch = batch
        batch.labels = Tensor(repeating: Double(label), shape: [batch.count], dataType: .int32)
        return batch
    }

    func batch(at positions: [Int], as dataType: DataType) throws -> Batch {
        relabelled(try samples.batch(at: positions, as: dataType))
    }

    func batch(
        at positions: [Int], as dataType: DataType, using generator: inout RandomGenerator
    ) throws -> Batch {
        relabelled(try samples.batch(at: positions, as: dataType, using: &generator))
    }
}

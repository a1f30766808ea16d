import Autograd
import Datasets

/// What makes the steps of training: models and the optimisers that move them, together one module
/// and so one checkpoint.
///
/// A single loss is one (``SingleObjective``), an alternation of adversaries another
/// (``Alternating``). The ``Trainer`` does all around it: the order of the samples, checkpoints
/// and resuming to the last bit, averages, early stopping, metrics, progress.
public protocol TrainingProgram<Model>: Module {
    associatedtype Model: Module

    /// What is trained: what is evaluated, averaged and kept.
    var model: Model { get set }
    /// That of the first step, before any schedule.
    var learningRate: Double { get }

    /// One update of the parameters. Nothing changes where it throws.
    ///
    /// - Returns: what the batch's losses are by name, means over its samples.
    mutating func step(
        _ batch: Batch, _ step: inout TrainingStep
    ) throws -> [(name: String, value: Double)]

    /// What a model is worth on a batch, by name, means over its samples: `loss` is what early
    /// stopping watches if it is not told otherwise.
    func evaluate(
        _ model: Model, on batch: Batch, in context: inout PassContext
    ) -> [(name: String, value: Double)]

    /// The same over many samples, and what is no mean over them, by name.
    ///
    /// - Parameters:
    ///   - context: of the first pass.
    ///   - monitor: told after each batch; what it throws ends the work.
    func evaluate(
        _ model: Model, on samples: any DataSource, batchSize: Int, in context: PassContext,
        monitor: ProgressMonitor<some Error>
    ) throws -> [String: Double]
}

extension TrainingProgram {
    public func evaluate(
        _ model: Model, on samples: any DataSource, batchSize: Int, in context: PassContext,
        monitor: ProgressMonitor<some Error>
    ) throws -> [String: Double] {
        try means(
            over: samples, batchSize: batchSize, as: model.dataType, in: context, monitor: monitor
        ) { batch, context in evaluate(model, on: batch, in: &context) }
    }

    /// Means over samples of what a model is worth, by name, and the evidence lower bound (`elbo`)
    /// where the negative log-likelihood and the divergence are among it.
    ///
    /// What is random in an evaluation (samples of the posterior) comes from `seed`: two models
    /// are measured with the same noise.
    ///
    /// - Parameters:
    ///   - step: which the model has come to, for weights that follow a schedule.
    ///   - progress: the part of the training that is done then.
    ///   - monitor: told after each batch; what it throws ends the work.
    public func metrics(
        of model: Model, on samples: any DataSource, batchSize: Int = 128, seed: UInt64 = 0,
        step: Int = 0, progress: Double = 1,
        monitor: ProgressMonitor<some Error> = .silent
    ) throws -> [String: Double] {
        try evaluate(
            model, on: samples, batchSize: batchSize,
            in: .evaluation(RandomGenerator(seed: seed), step: step, progress: progress),
            monitor: monitor)
    }
}

/// One step of training, as the trainer hands it to its program.
public struct TrainingStep: Sendable {
    /// The number of the step, from 0.
    public let number: Int
    /// The part of the plan's steps that is done, from 0 to 1.
    public let progress: Double
    /// The epoch and the batch in it, from 1.
    public let epoch: Int
    public let batch: Int
    /// Where the batch's samples stand in the source.
    public let positions: [Int]
    /// By which learning rates are multiplied in this step.
    public let learningRateFactor: Double
    /// Whether and how gradients are kept small.
    public let clipping: GradientClipping?
    /// Where processes that share the work exchange their gradients.
    public let exchange: (any GradientExchange)?
    /// The source of all randomness: as the step leaves it, the next finds it.
    public var generator: RandomGenerator

    /// For a pass that trains.
    public var context: PassContext {
        .training(generator, step: number, progress: progress)
    }
}

/// Makes the gradients of several processes one, before anybody looks whether they are finite: so
/// that all take the same step, or none.
public protocol GradientExchange: Sendable {
    /// - Parameters:
    ///   - gradients: of this process' samples, then of all.
    ///   - losses: by name, means over this process' samples, then over all.
    func callAsFunction<Gradients: Differentiable>(
        _ gradients: inout Gradients, _ losses: inout [(name: String, value: Double)]
    ) throws
}

/// Means over samples of what is measured of each batch, by name.
func means(
    over samples: any DataSource, batchSize: Int, as dataType: DataType, in context: PassContext,
    monitor: ProgressMonitor<some Error>,
    _ measure: (Batch, inout PassContext) throws -> [(name: String, value: Double)]
) throws -> [String: Double] {
    guard batchSize > 0 else { programmerError("metrics", "batches of \(batchSize) samples") }
    guard samples.count > 0 else { throw TrainingError.noSamples }
    var context = context
    var means = RunningMeans()
    try monitor.checkCancellation()
    for start in stride(from: 0, to: samples.count, by: batchSize) {
        let range = start..<min(samples.count, start + batchSize)
        let batch = try samples.batch(range, as: dataType)
        means.add(try measure(batch, &context), of: range.count)
        try monitor.advance(to: Double(range.upperBound) / Double(samples.count))
    }
    return means.byName.addingEvidenceLowerBound
}

extension Module {
    /// The type of the parameters, and so of what the model takes.
    public var dataType: DataType {
        parameters.first { $0.tensor.dataType.isFloatingPoint }?.tensor.dataType ?? .float32
    }

    /// The path of the first parameter with an element that is infinite or not a number.
    var firstNotFinite: String? { parameters.first { !$0.tensor.allFinite }?.path }
}

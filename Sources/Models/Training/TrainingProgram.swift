import Autograd
import Datasets

/// Performs the steps of training: models and their optimisers, together one module and therefore
/// one checkpoint.
///
/// A single loss is one such program (``SingleObjective``), alternating adversaries are another
/// (``Alternating``). The ``Trainer`` does everything else: the order of the samples, checkpoints,
/// exact resuming, averages, early stopping, metrics and progress.
public protocol TrainingProgram<Model>: Module {
    associatedtype Model: Module

    /// The model that is trained, evaluated, averaged and kept.
    var model: Model { get set }
    /// The learning rate of the first step, before any schedule.
    var learningRate: Double { get }

    /// One update of the parameters. Nothing changes if it throws.
    ///
    /// - Returns: the losses of the batch by name, means over its samples.
    mutating func step(
        _ batch: Batch, _ step: inout TrainingStep
    ) throws -> [(name: String, value: Double)]

    /// Metrics of a model on a batch, by name, means over its samples: `loss` is the default metric
    /// of early stopping.
    func evaluate(
        _ model: Model, on batch: Batch, in context: inout PassContext
    ) -> [(name: String, value: Double)]

    /// The same over many samples, and metrics that are not means over them, by name.
    ///
    /// - Parameters:
    ///   - context: the context of the first pass.
    ///   - monitor: called after each batch; an error that it throws ends the work.
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

    /// The metrics of a model over samples, by name, and the evidence lower bound (`elbo`) if they
    /// include the negative log-likelihood and the divergence.
    ///
    /// Random numbers of an evaluation (samples of the posterior) are determined by `seed`, so that
    /// two models are measured with the same noise.
    ///
    /// - Parameters:
    ///   - step: the training step of the model, for weights that follow a schedule.
    ///   - progress: the fraction of the training that is done.
    ///   - monitor: called after each batch; an error that it throws ends the work.
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

/// One step of training, as passed by the trainer to its program.
public struct TrainingStep: Sendable {
    /// The number of the step, from 0.
    public let number: Int
    /// The fraction of the plan's steps that is done, from 0 to 1.
    public let progress: Double
    /// The number of the epoch, from 1.
    public let epoch: Int
    /// The number of the batch in the epoch, from 1.
    public let batch: Int
    /// The positions of the batch's samples in the data source.
    public let positions: [Int]
    /// The factor of the learning rates in this step.
    public let learningRateFactor: Double
    /// Whether and how gradients are clipped.
    public let clipping: GradientClipping?
    /// Exchanges gradients between processes that share the work.
    public let exchange: (any GradientExchange)?
    /// The source of all random numbers; the next step continues from its state.
    public var generator: RandomGenerator

    /// The context of a training pass.
    public var context: PassContext {
        .training(generator, step: number, progress: progress)
    }
}

/// Combines the gradients of several processes before they are checked for finite values, so that
/// all processes take the same step, or none.
public protocol GradientExchange: Sendable {
    /// - Parameters:
    ///   - gradients: those of this process' samples, replaced by those of all.
    ///   - losses: by name, means over this process' samples, replaced by those over all.
    func callAsFunction<Gradients: Differentiable>(
        _ gradients: inout Gradients, _ losses: inout [(name: String, value: Double)]
    ) throws
}

/// Means over samples of what is measured for each batch, by name.
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
        let batch = try samples.batch(
            at: Array(range), as: dataType, using: &context.generator)
        means.add(try measure(batch, &context), of: range.count)
        try monitor.advance(to: Double(range.upperBound) / Double(samples.count))
    }
    return means.byName.addingEvidenceLowerBound
}

extension Module {
    /// The type of the parameters, and therefore of the model's input.
    public var dataType: DataType {
        parameters.first { $0.tensor.dataType.isFloatingPoint }?.tensor.dataType ?? .float32
    }

    /// The path of the first parameter with an element that is infinite or not a number.
    var firstNotFinite: String? { parameters.first { !$0.tensor.allFinite }?.path }
}

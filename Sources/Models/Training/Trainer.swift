import Autograd
import Datasets
import FileSupport

/// Trains a model batch by batch, using the steps of a program: usually along the gradient of one
/// objective.
///
/// ```swift
/// var trainer = Trainer(
///     vae, objective: Reconstruction() + KullbackLeibler(),
///     optimizer: Adam(for: vae, learningRate: 1e-3), plan: TrainingPlan(epochs: 30))
/// try trainer.train(on: Examples(images), heldOut: Examples(testImages))
/// trainer.model                                   // trained
/// trainer.history.last?.heldOut["elbo"]
/// ```
///
/// The same seed gives bitwise the same parameters, for any number of threads, and whether or not
/// the run was interrupted, at any batch, and resumed from a checkpoint.
public struct Trainer<Program: TrainingProgram>: Sendable {
    public typealias Model = Program.Model

    /// How long and how the model is trained.
    public let plan: TrainingPlan
    /// Exchanges gradients between processes that share the work.
    public var exchange: (any GradientExchange)?

    /// The models as the steps left them, and the optimisers.
    public private(set) var program: Program
    private var average: ExponentialMovingAverage<Model>?
    /// The model of the best epoch, with early stopping.
    private var best: Model?
    private var state: TrainingState

    /// Traps if the plan has negative epochs or patience, or an empty batch size.
    ///
    /// - Parameter program: its learning rates are multiplied by the plan's schedule.
    public init(_ program: Program, plan: TrainingPlan) {
        guard plan.epochs >= 0, plan.batchSize > 0 else {
            programmerError(
                "Trainer", "cannot train for \(plan.epochs) epochs in batches of \(plan.batchSize)")
        }
        if let stopping = plan.earlyStopping, stopping.patience < 0 {
            programmerError(
                "Trainer", "early stopping with a patience of \(stopping.patience) epochs")
        }
        self.program = program
        self.plan = plan
        average = plan.averageDecay.map {
            ExponentialMovingAverage(of: program.model, decay: $0)
        }
        state = TrainingState(
            generator: RandomGenerator(seed: plan.seed), batchSize: plan.batchSize)
    }

    /// A trainer of one model along one objective.
    ///
    /// - Parameter optimizer: created for `model`; its learning rate is multiplied by the plan's
    ///   schedule.
    public init<M: Trainable, Rule: Optimizer>(
        _ model: M, objective: some ObjectiveComponent<M.Output>, optimizer: Rule,
        plan: TrainingPlan
    ) where Program == SingleObjective<M, Rule> {
        self.init(SingleObjective(model, objective: objective, optimizer: optimizer), plan: plan)
    }

    /// The current model: with early stopping that of the best epoch, with a moving average of the
    /// weights the average.
    public var model: Model { best ?? latest }

    private var latest: Model { average?.model ?? program.model }

    /// The records of the finished epochs.
    public var history: [EpochRecord] { state.history }

    /// The record of the epoch of ``model``: with early stopping the best, otherwise the last.
    public var record: EpochRecord? {
        let best = state.best.flatMap { best in history.first { $0.epoch == best.epoch } }
        return best ?? history.last
    }

    /// Whether training is complete.
    public var isFinished: Bool { state.epoch >= plan.epochs || state.hasStoppedEarly }

    /// Trains until the plan is complete or early stopping ends it.
    ///
    /// - Parameters:
    ///   - heldOut: what the model is evaluated on after each epoch.
    ///   - validation: data for early stopping, if it is not to use the held-out data.
    ///   - run: the folder for checkpoints and metrics; without it nothing is written.
    ///   - monitor: called after each batch and epoch. An error that it throws ends the training: a
    ///     checkpoint is written first, and the same call continues from there.
    /// - Throws: `TrainingError` if the data are unsuitable or a value is not finite, `FileError`
    ///   if a checkpoint cannot be written. The trainer is then in the state before the failed
    ///   step.
    @discardableResult
    public mutating func train(
        on samples: any DataSource, heldOut: (any DataSource)? = nil,
        validation: (any DataSource)? = nil, in run: TrainingRun? = nil,
        monitor: ProgressMonitor<some Error> = .silent
    ) throws -> TrainingOutcome {
        try begin(with: samples, heldOut, validation)
        if plan.epochs == 0, state.history.isEmpty {
            let record = try evaluated(epoch: 0, heldOut, validation, in: run, monitor)
            state.history.append(record)
            try save(in: run)
            monitor.tell(.epoch(record))
        }
        if state.step == 0 { try run?.keep(latest, after: 0) }
        while !isFinished {
            try trainEpoch(on: samples, in: run, monitor)
            let record = try evaluated(
                epoch: state.epoch + 1, heldOut, validation, in: run, monitor)
            state.finishEpoch(record)
            try considerStopping(after: record)
            try run?.keep(latest, after: record.epoch)
            try save(in: run)
            monitor.tell(.epoch(record))
        }
        return state.hasStoppedEarly ? .stoppedEarly : .completed
    }

    // MARK: Checkpoints

    /// Writes everything that is needed to continue from here: the same bytes for the same plan and
    /// data, as the times of the epochs are not included.
    public func save(to path: String) throws(FileError) {
        var modules: [(String?, any Module)] = [(nil, program)]
        if let average { modules.append(("average", average)) }
        if let best { modules.append(("best", best)) }
        try Checkpoint.write(modules, state: state.withoutTimes, to: path)
    }

    /// Restores the state that a trainer of the same model, optimiser and plan has saved. The
    /// number of epochs may have changed. The times of the epochs are not restored.
    public mutating func resume(from path: String) throws(FileError) {
        var checkpoint = try Checkpoint(contentsOf: path)
        var resumed = self
        resumed.state = try checkpoint.state()
        guard resumed.state.isPossible else {
            throw FileError(
                path: path, expected: "the state of a training run in the metadata",
                found: "numbers that no run comes to")
        }
        try checkpoint.take(into: &resumed.program)
        if var average = resumed.average {
            try checkpoint.take("average", into: &average)
            resumed.average = average
        }
        resumed.best = nil
        if resumed.state.best != nil {
            var best = resumed.program.model
            try checkpoint.take("best", into: &best)
            resumed.best = best
        }
        try checkpoint.finish()
        self = resumed
    }

    /// Continues a run from its checkpoint, or from the beginning if it ended before the first
    /// checkpoint was written.
    public mutating func resume(_ run: TrainingRun) throws(FileError) {
        guard run.hasCheckpoint else { return }
        var resumed = self
        try resumed.resume(from: run.checkpointPath)
        // Only the metrics contain the times. The run may have ended between writing the two files,
        // so metrics that cannot be read are written anew.
        resumed.state.takeTimes(from: (try? run.history()) ?? [])
        self = resumed
        try run.record(history)
    }

    private func save(in run: TrainingRun?) throws(FileError) {
        guard let run else { return }
        try save(to: run.checkpointPath)
        try run.record(history)
    }
}

// MARK: - Epochs and steps

extension Trainer {
    private mutating func begin(
        with samples: any DataSource, _ heldOut: (any DataSource)?, _ validation: (any DataSource)?
    ) throws(TrainingError) {
        if let stopping = plan.earlyStopping, heldOut == nil, validation == nil {
            throw .unknownMetric(name: stopping.metric, known: [])
        }
        guard samples.count > 0 else { throw .noSamples }
        if let index = samples.firstNotFinite { throw .sampleNotFinite(index: index) }
        for source in [heldOut, validation] {
            if let index = source?.firstNotFinite { throw .sampleNotFinite(index: index) }
        }
        guard state.samples ?? samples.count == samples.count, state.batchSize == plan.batchSize
        else {
            throw .otherData(
                samples: samples.count, batchSize: plan.batchSize,
                expectedSamples: state.samples ?? samples.count,
                expectedBatchSize: state.batchSize)
        }
        state.samples = samples.count
    }

    /// The rest of the current epoch.
    private mutating func trainEpoch(
        on samples: any DataSource, in run: TrainingRun?, _ monitor: ProgressMonitor<some Error>
    ) throws {
        let order = state.orderOfEpoch(of: samples.count)
            .prefix(plan.samplesPerEpoch(of: samples.count))
        let batches = (order.count - 1) / plan.batchSize + 1
        let clock = ContinuousClock()
        var (last, saved) = (clock.now, clock.now)
        let (secondsBefore, samplesBefore) = (state.seconds, state.means.count)
        try saving(in: run) { try monitor.checkCancellation() }
        while state.batch < batches {
            let start = state.batch * plan.batchSize
            let indices = order[start..<min(order.count, start + plan.batchSize)]
            try step(by: samples, at: Array(indices))

            let now = clock.now
            state.seconds += (now - last) / .seconds(1)
            last = now
            if let run, (now - saved) / .seconds(1) >= plan.checkpointInterval {
                try save(to: run.checkpointPath)
                saved = now
            }
            let progress = TrainingProgress(
                epoch: state.epoch + 1, epochs: plan.epochs, batch: state.batch,
                batches: batches, samples: state.means.count,
                samplesPerEpoch: order.count, means: state.means.means,
                samplesPerSecond: Double(state.means.count - samplesBefore)
                    / max(state.seconds - secondsBefore, 1e-9))
            try saving(in: run) { try monitor.report(.batch(progress)) }
        }
    }

    /// Saves a checkpoint if `body` throws, so that training can continue from there.
    private func saving<Result>(in run: TrainingRun?, _ body: () throws -> Result) throws -> Result
    {
        do {
            return try body()
        } catch {
            try save(in: run)
            throw error
        }
    }

    /// The fraction of the plan's steps that is done.
    private var progress: Double {
        guard let samples = state.samples, plan.epochs > 0 else { return 0 }
        let steps = (plan.samplesPerEpoch(of: samples) - 1) / plan.batchSize + 1
        return min(1, Double(state.step) / Double(plan.epochs * steps))
    }

    /// One update of the parameters, with the samples at some positions. Nothing changes if it
    /// throws.
    private mutating func step(by samples: any DataSource, at positions: [Int]) throws {
        var generator = state.generator
        let batch = try samples.batch(
            at: positions, as: program.model.dataType, using: &generator)
        var step = TrainingStep(
            number: state.step, progress: progress, epoch: state.epoch + 1, batch: state.batch + 1,
            positions: positions, learningRateFactor: plan.schedule.factor(at: state.step),
            clipping: plan.clipping, exchange: exchange, generator: generator)
        let losses = try program.step(batch, &step)
        average?.update(with: program.model)
        state.generator = step.generator
        state.means.add(losses, of: positions.count)
        state.step += 1
        state.batch += 1
    }

    /// The record of an epoch whose steps are complete.
    private func evaluated(
        epoch: Int, _ heldOut: (any DataSource)?, _ validation: (any DataSource)?,
        in run: TrainingRun?,
        _ monitor: ProgressMonitor<some Error>
    ) throws -> EpochRecord {
        func metrics(on samples: (any DataSource)?) throws -> [String: Double]? {
            try samples.map { samples in
                try program.metrics(
                    of: latest, on: samples, batchSize: plan.batchSize, seed: plan.seed,
                    step: state.step, progress: progress, monitor: monitor)
            }
        }
        return try saving(in: run) {
            EpochRecord(
                epoch: epoch, step: state.step,
                learningRate: state.step > 0
                    ? program.learningRate * plan.schedule.factor(at: state.step - 1) : nil,
                training: state.means.byName, heldOut: try metrics(on: heldOut) ?? [:],
                validation: try metrics(on: validation), seconds: state.seconds)
        }
    }

    private mutating func considerStopping(after record: EpochRecord) throws(TrainingError) {
        guard let stopping = plan.earlyStopping else { return }
        let watched = record.validation ?? record.heldOut
        guard let value = watched[stopping.metric] else {
            throw .unknownMetric(name: stopping.metric, known: watched.keys.sorted())
        }
        if let previous = state.best, !stopping.isBetter(value, than: previous.value) {
            state.hasStoppedEarly = record.epoch - previous.epoch >= stopping.patience
        } else {
            state.best = TrainingState.Best(epoch: record.epoch, value: value)
            best = latest
        }
    }
}

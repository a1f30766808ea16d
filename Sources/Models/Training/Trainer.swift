import Autograd

/// Trains a model along the gradient of an objective, batch by batch.
///
/// ```swift
/// var trainer = Trainer(
///     vae, objective: Reconstruction() + KullbackLeibler(),
///     optimizer: Adam(for: vae, learningRate: 1e-3), plan: TrainingPlan(epochs: 30))
/// try trainer.train(on: Samples(images), heldOut: Samples(testImages))
/// trainer.model                                   // trained
/// trainer.history.last?.heldOut["elbo"]
/// ```
///
/// The same seed gives the same parameters to the last bit, for any number of threads, and
/// whether or not the run was interrupted and resumed from a checkpoint, at whichever batch.
public struct Trainer<Model: Trainable, Rule: Optimizer>: Sendable {
    public let objective: Objective
    public let plan: TrainingPlan

    /// The parameters as the optimiser left them.
    private var current: Model
    private var optimizer: Rule
    private var average: ExponentialMovingAverage<Model>?
    /// The model of the best epoch, where early stopping looks for one.
    private var best: Model?
    private var state: TrainingState
    private let learningRate: Double

    /// - Parameter optimizer: made for `model`; the plan's schedule multiplies its learning rate.
    public init(
        _ model: Model, objective: Objective, optimizer: Rule, plan: TrainingPlan
    ) {
        guard plan.epochs >= 0, plan.batchSize > 0 else {
            programmerError(
                "Trainer", "cannot train for \(plan.epochs) epochs in batches of \(plan.batchSize)")
        }
        if let stopping = plan.earlyStopping, stopping.patience < 0 {
            programmerError(
                "Trainer", "early stopping with a patience of \(stopping.patience) epochs")
        }
        self.objective = objective
        self.plan = plan
        self.optimizer = optimizer
        current = model
        average = plan.averageDecay.map { ExponentialMovingAverage(of: model, decay: $0) }
        learningRate = optimizer.learningRate
        state = TrainingState(
            generator: RandomGenerator(seed: plan.seed), batchSize: plan.batchSize)
    }

    /// The model so far: with early stopping that of the best epoch, with a moving average of
    /// the weights the average.
    public var model: Model { best ?? latest }

    private var latest: Model { average?.model ?? current }

    /// What the finished epochs came to.
    public var history: [EpochRecord] { state.history }

    /// Whether nothing is left to train.
    public var isFinished: Bool { state.epoch >= plan.epochs || state.hasStoppedEarly }

    /// Trains until the plan is fulfilled, early stopping ends it, or it is cancelled.
    ///
    /// - Parameters:
    ///   - heldOut: what the model is evaluated on after each epoch.
    ///   - run: the folder that gets checkpoints and metrics; without it nothing is written.
    ///   - report: called after each batch and epoch.
    ///   - isCancelled: asked before each batch. Where it says yes, a checkpoint is written.
    /// - Throws: `TrainingError` where the data do not serve or a value is not finite, `FileError`
    ///   where a checkpoint cannot be written. The trainer then stands before the failed step.
    @discardableResult
    public mutating func train(
        on samples: Samples, heldOut: Samples? = nil, in run: Run? = nil,
        report: (TrainingEvent) -> Void = { _ in }, isCancelled: () -> Bool = { false }
    ) throws -> TrainingOutcome {
        try begin(with: samples, heldOut)
        if plan.epochs == 0, state.history.isEmpty {
            guard let record = try record(epoch: 0, heldOut, isCancelled) else { return .cancelled }
            state.history.append(record)
            try save(in: run)
            report(.epoch(record))
        }
        while !isFinished {
            guard try trainEpoch(on: samples, in: run, isCancelled, report),
                let record = try record(epoch: state.epoch + 1, heldOut, isCancelled)
            else {
                try save(in: run)
                return .cancelled
            }
            state.finishEpoch(record)
            try considerStopping(after: record)
            try save(in: run)
            report(.epoch(record))
        }
        return state.hasStoppedEarly ? .stoppedEarly : .completed
    }

    // MARK: Checkpoints

    /// Writes all that is needed to go on from here: the same bytes for the same plan and data. What
    /// time the epochs took is not in it.
    public func save(to path: String) throws(FileError) {
        var modules: [(String, any Module)] = [("model", current), ("optimizer", optimizer)]
        if let average { modules.append(("average", average)) }
        if let best { modules.append(("best", best)) }
        try Checkpoint.write(modules, state: state.withoutTimes, to: path)
    }

    /// Goes back to where a trainer of the same model, optimiser and plan was saved. The number
    /// of epochs may have changed. The times of the epochs are not known to it.
    public mutating func resume(from path: String) throws(FileError) {
        var checkpoint = try Checkpoint(contentsOf: path)
        var resumed = self
        resumed.state = try checkpoint.state()
        guard resumed.state.isPossible else {
            throw FileError(
                path: path, expected: "the state of a training run in the metadata",
                found: "numbers that no run comes to")
        }
        try checkpoint.take("model", into: &resumed.current)
        try checkpoint.take("optimizer", into: &resumed.optimizer)
        if var average = resumed.average {
            try checkpoint.take("average", into: &average)
            resumed.average = average
        }
        resumed.best = nil
        if resumed.state.best != nil {
            var best = resumed.current
            try checkpoint.take("best", into: &best)
            resumed.best = best
        }
        try checkpoint.finish()
        self = resumed
    }

    /// Goes on where a run stands: at its checkpoint, or at the beginning where it was ended
    /// before it wrote the first.
    public mutating func resume(_ run: Run) throws(FileError) {
        guard run.hasCheckpoint else { return }
        var resumed = self
        try resumed.resume(from: run.checkpointPath)
        // The times are in the metrics alone. The run may have ended between the two files, and
        // what is not to be read there is written anew.
        resumed.state.takeTimes(from: (try? run.history()) ?? [])
        self = resumed
        try run.record(history)
    }

    private func save(in run: Run?) throws(FileError) {
        guard let run else { return }
        try save(to: run.checkpointPath)
        try run.record(history)
    }
}

// MARK: - Epochs and steps

extension Trainer {
    private mutating func begin(
        with samples: Samples, _ heldOut: Samples?
    ) throws(TrainingError) {
        if let stopping = plan.earlyStopping, heldOut == nil {
            throw .unknownMetric(name: stopping.metric, known: [])
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

    /// The rest of the epoch under way; false where it was cancelled.
    private mutating func trainEpoch(
        on samples: Samples, in run: Run?, _ isCancelled: () -> Bool,
        _ report: (TrainingEvent) -> Void
    ) throws -> Bool {
        let order = state.orderOfEpoch(of: samples.count)
            .prefix(plan.samplesPerEpoch(of: samples.count))
        let batches = (order.count - 1) / plan.batchSize + 1
        let clock = ContinuousClock()
        var (last, saved) = (clock.now, clock.now)
        let (secondsBefore, samplesBefore) = (state.seconds, state.means.count)
        while state.batch < batches {
            if isCancelled() { return false }
            let start = state.batch * plan.batchSize
            let indices = order[start..<min(order.count, start + plan.batchSize)]
            let batch = samples.batch(indices, as: current.dataType)
            try step(
                batch, samples.targets(indices, as: current.dataType) ?? batch, of: indices)

            let now = clock.now
            state.seconds += (now - last) / .seconds(1)
            last = now
            if let run, (now - saved) / .seconds(1) >= plan.checkpointInterval {
                try save(to: run.checkpointPath)
                saved = now
            }
            report(
                .batch(
                    TrainingProgress(
                        epoch: state.epoch + 1, epochs: plan.epochs, batch: state.batch,
                        batches: batches, samples: state.means.count,
                        samplesPerEpoch: order.count, means: state.means.means,
                        samplesPerSecond: Double(state.means.count - samplesBefore)
                            / max(state.seconds - secondsBefore, 1e-9))))
        }
        return true
    }

    /// One update of the parameters, by the samples at some positions. Nothing changes where it
    /// throws.
    private mutating func step(
        _ batch: Tensor, _ target: Tensor, of positions: ArraySlice<Int>
    ) throws(TrainingError) {
        var context = Context.training(state.generator)
        var numbers: [(name: String, value: Double)] = []
        var (loss, gradients) = valueWithGradient(at: current) { model in
            let value = objective(model.pass(batch, target: target, in: &context))
            numbers = value.numbers
            return value.total
        }
        guard numbers.allSatisfy(\.value.isFinite), gradients.tensors.allSatisfy(\.allFinite) else {
            throw diagnosis(of: loss, gradients, on: batch, target, positions)
        }
        // Processes that share the work would exchange their gradients here.
        optimizer.learningRate = learningRate(of: state.step)
        plan.clipping?.apply(to: &gradients)
        optimizer.update(&current, along: gradients)
        context.commit(to: &current)
        average?.update(with: current)
        state.generator = context.generator
        state.means.add(numbers, of: batch.shape[0])
        state.step += 1
        state.batch += 1
    }

    private func learningRate(of step: Int) -> Double {
        learningRate * plan.schedule.factor(at: step)
    }

    /// Why a loss or gradient is not finite: the step once more, looking at every value.
    private func diagnosis(
        of loss: Tensor, _ gradients: Model, on batch: Tensor, _ target: Tensor,
        _ positions: ArraySlice<Int>
    ) -> TrainingError {
        let (epoch, number) = (state.epoch + 1, state.batch + 1)
        if let parameter = current.firstNotFinite {
            return .parameterNotFinite(epoch: epoch, batch: number, parameter: parameter)
        }
        if !loss.allFinite, let row = current.firstWithoutLoss(objective, batch, target) {
            return .sampleWithoutLoss(
                epoch: epoch, isHeldOut: false,
                SampleElement(greatestOf: batch[row], sample: positions[positions.startIndex + row])
            )
        }
        let operation = firstNonFiniteOperation(at: current) { model in
            var context = Context.training(state.generator)
            return objective(model.pass(batch, target: target, in: &context)).total
        }
        guard loss.allFinite, let parameter = gradients.firstNotFinite else {
            return .lossNotFinite(epoch: epoch, batch: number, operation: operation)
        }
        return .gradientNotFinite(
            epoch: epoch, batch: number, parameter: parameter, operation: operation)
    }

    /// The record of an epoch whose steps are done; nil where its evaluation was cancelled.
    private func record(
        epoch: Int, _ heldOut: Samples?, _ isCancelled: () -> Bool
    ) throws(TrainingError) -> EpochRecord? {
        var metrics: [String: Double] = [:]
        if let heldOut {
            let measured = latest.metrics(
                of: objective, on: heldOut, batchSize: plan.batchSize, seed: plan.seed,
                unlessCancelled: isCancelled)
            guard let measured else { return nil }
            metrics = measured
        }
        if let name = metrics.filter({ !$0.value.isFinite }).keys.min() {
            if let heldOut, let element = latest.firstWithoutLoss(objective, heldOut) {
                throw .sampleWithoutLoss(epoch: epoch, isHeldOut: true, element)
            }
            throw .metricNotFinite(epoch: epoch, name: name)
        }
        return EpochRecord(
            epoch: epoch, step: state.step,
            learningRate: state.step > 0 ? learningRate(of: state.step - 1) : nil,
            training: state.means.byName, heldOut: metrics, seconds: state.seconds)
    }

    private mutating func considerStopping(after record: EpochRecord) throws(TrainingError) {
        guard let stopping = plan.earlyStopping else { return }
        guard let value = record.heldOut[stopping.metric] else {
            throw .unknownMetric(name: stopping.metric, known: record.heldOut.keys.sorted())
        }
        if let previous = state.best, !stopping.isBetter(value, than: previous.value) {
            state.hasStoppedEarly = record.epoch - previous.epoch >= stopping.patience
        } else {
            state.best = TrainingState.Best(epoch: record.epoch, value: value)
            best = latest
        }
    }
}

extension Trainable {
    /// The first of some samples that alone has a loss that is not finite, where it is not that of
    /// all: then the model is to blame.
    fileprivate func firstWithoutLoss(
        _ objective: Objective, _ inputs: Tensor, _ targets: Tensor
    ) -> Int? {
        let hasLoss = (0..<inputs.shape[0]).map { row in
            // As in an evaluation, where samples do not depend on each other.
            var context = Context.evaluation
            let pass = pass(
                inputs[row..<row + 1], target: targets[row..<row + 1], in: &context)
            return objective(pass).total.allFinite
        }
        return hasLoss.contains(true) ? hasLoss.firstIndex(of: false) : nil
    }

    /// The same among samples, and the element of it that is greatest.
    fileprivate func firstWithoutLoss(
        _ objective: Objective, _ samples: Samples
    ) -> SampleElement? {
        for start in stride(from: 0, to: samples.count, by: 100) {
            let range = start..<min(samples.count, start + 100)
            let batch = samples.batch(range, as: dataType)
            let targets = samples.targets(range, as: dataType) ?? batch
            if let row = firstWithoutLoss(objective, batch, targets) {
                return SampleElement(greatestOf: batch[row], sample: start + row)
            }
        }
        return nil
    }
}

extension SampleElement {
    /// The element of a sample that is farthest from zero.
    fileprivate init(greatestOf values: Tensor, sample: Int) {
        let numbers = values.cast(to: .float64).elements(as: Double.self)
        let element = numbers.indices.max { abs(numbers[$0]) < abs(numbers[$1]) } ?? 0
        self.init(sample: sample, element: element, value: numbers[element])
    }
}

extension Module {
    /// The path of the first parameter with an element that is infinite or not a number.
    fileprivate var firstNotFinite: String? { parameters.first { !$0.tensor.allFinite }?.path }
}

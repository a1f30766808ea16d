import Autograd
import Datasets
import Models

/// The training of a run in this process: tells how it goes on, and stops in good order when a
/// signal comes.
final class TrainingSession {
    private let experiment: Experiment
    private let run: Run
    private let interrupt = Interrupt()
    private var reporter: ProgressReporter

    init(_ experiment: Experiment, in run: Run, isQuiet: Bool) {
        self.experiment = experiment
        self.run = run
        reporter = .standardError(quiet: isQuiet)
    }

    /// Says what was found when the data were read.
    func tell(_ notes: [String]) {
        for note in notes { reporter.note("\(experiment.dataset.name): \(note)") }
    }

    /// Leaves the terminal as it was.
    func end() { reporter.end() }

    /// Between the files that are written once training is over: throws where a signal came.
    func goOn() throws(Interruption) {
        try stopIfInterrupted("interrupted after training, before all was written")
    }

    private func stopIfInterrupted(_ what: String) throws(Interruption) {
        guard let signal = interrupt.signal else { return }
        let command = [
            "tapestry", "train", experiment.configuration.recipe, "--resume", "--output",
        ]
        throw Interruption(
            signal: signal,
            description: "\(what); to go on: "
                + (command + [shellWord(run.path)]).joined(separator: " "))
    }

    /// The program that training begins with: where the recipe has layers trained one by one, that
    /// of the whole of those, each trained here or as far as it is in the run's folder.
    func startingProgram() throws -> any TrainingProgram {
        // Once the whole has a checkpoint, that holds all that is known.
        guard let recipe = experiment.recipe as? any PretrainedRecipe, !run.hasCheckpoint else {
            return experiment.program
        }
        let stages = experiment.stages
        guard !stages.isEmpty else { return experiment.program }
        var (training, heldOut) = (experiment.training, experiment.dataset.test)
        var layers: [any TiedLayer] = []
        for (index, stage) in stages.enumerated() {
            reporter.note(
                "layer \(index + 1) of \(stages.count): \(stage.sizes.inputs) to "
                    + "\(stage.sizes.outputs)")
            func train(_ program: some TrainingProgram) throws -> any TiedLayer {
                var trainer = experiment.trainer(for: program, stage.training)
                try self.train(
                    &trainer, on: training, heldOut: heldOut,
                    in: try run.part(RunFile.layer(index + 1)))
                guard let layer = trainer.model as? any TiedLayer else {
                    programmerError("PretrainingStage", "a layer is a \(type(of: trainer.model))")
                }
                return layer
            }
            let layer = try train(stage.program)
            layers.append(layer)
            if index + 1 < stages.count {
                training = try training.encoded(by: layer)
                heldOut = try heldOut.encoded(by: layer)
            }
        }
        reporter.note("the whole")
        return recipe.assemble(layers, for: experiment.configuration.samples)
    }

    /// Trains to the end of the plan, from where the run stands.
    ///
    /// - Throws: `Interruption` where a signal came.
    func train<Program: TrainingProgram>(
        _ trainer: inout Trainer<Program>, on training: Examples, heldOut: Examples,
        validation: Examples? = nil, in run: Run
    ) throws {
        try trainer.resume(run)
        let epochs = trainer.plan.epochs
        let outcome = try trainer.train(
            on: training, heldOut: heldOut, validation: validation, in: run,
            report: { event in
                switch event {
                case .batch(let progress): reporter.update(ProgressState(progress))
                case .epoch(let record):
                    reporter.finish(EpochSummary(record, of: epochs, samples: training.count))
                }
            },
            isCancelled: { interrupt.signal != nil })
        if outcome == .cancelled {
            let done = trainer.history.last?.epoch ?? 0
            try stopIfInterrupted("interrupted after \(done) of \(epochs) epochs")
        }
    }
}

extension ProgressState {
    init(_ progress: TrainingProgress) {
        let means = Dictionary(progress.means.map { ($0.name, $0.value) }) { first, _ in first }
        self.init(
            epoch: progress.epoch, epochs: progress.epochs, samples: progress.samples,
            samplesPerEpoch: progress.samplesPerEpoch, terms: Metrics.terms(means),
            samplesPerSecond: progress.samplesPerSecond)
    }
}

extension EpochSummary {
    init(_ record: EpochRecord, of epochs: Int, samples: Int) {
        self.init(
            epoch: record.epoch, epochs: epochs, terms: Metrics.terms(record.training),
            heldOut: record.heldOut["loss"].map { [ProgressTerm(name: "loss", value: $0)] } ?? [],
            samplesPerSecond: record.seconds > 0 ? Double(samples) / record.seconds : nil,
            seconds: record.seconds)
    }
}

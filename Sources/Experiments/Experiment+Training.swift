import Autograd
import Datasets
import FileSupport
import Models

extension Experiment {
    /// Trains the model in a folder, resuming the run there if there is one, and writes the
    /// results: checkpoint and metrics, pictures of reconstructions, samples and codes, a summary,
    /// and the report page `report.html`.
    ///
    /// ```swift
    /// let experiment = try Experiment(BetaVAE(), on: Dataset.named("digits"))
    /// let summary = try experiment.train(in: "runs/beta-vae")
    /// summary.test["elbo"]
    /// ```
    ///
    /// - Parameter monitor: receives each batch and epoch, including those of layerwise
    ///   pretraining, and the writing of the files. An error that it throws stops the work; calling
    ///   the method again resumes it, with bit-identical results.
    /// - Throws: `FileError` if the folder holds another run or cannot be written to;
    ///   `TrainingError` if the data are unsuitable.
    @discardableResult
    public func train(
        in path: String, monitor: ProgressMonitor<some Error> = .silent
    ) throws -> RunSummary {
        try train(in: try run(in: path), monitor)
    }

    /// The run in a folder: the one that was started there, or a new one.
    private func run(in path: String) throws -> TrainingRun {
        guard let begun = try? TrainingRun.open(at: path), begun.hasCheckpoint else {
            return try TrainingRun.create(at: path, configuration)
        }
        let run = try TrainingRun.resume(at: path)
        var known = run.configuration
        known.options = configuration.options
        // Earlier runs do not tell of these, of which the checksum says enough.
        known.samples.numbers = configuration.samples.numbers
        known.samples.symbols = configuration.samples.symbols
        known.samples.classesOfSome = configuration.samples.classesOfSome
        let options = try run.recipe().options
        let isSame = zip(options, recipe.options).allSatisfy { begun, asked in
            begun == asked || begun.name == "epochs"
        }
        let finished = try run.history().last?.epoch ?? 0
        guard known == configuration, isSame, recipe.training.epochs >= finished else {
            throw FileError(
                path: path,
                expected: "a run of the recipe \(configuration.recipe) with the same "
                    + "options on the same data",
                found: "a different run")
        }
        return run.configuration == configuration ? run : try run.with(recipe)
    }

    func train(
        in run: TrainingRun, _ monitor: ProgressMonitor<some Error>
    ) throws -> RunSummary {
        // Reading the data took copies of them.
        releaseUnusedMemory()
        func train<Program: TrainingProgram>(_ program: Program) throws -> RunSummary {
            let epoch = (recipe as? any FewLabelsRecipe)?.epoch(of: training)
            let trainer = try self.train(
                program, on: epoch, heldOut: dataset.test, in: run, monitor)
            try trainJudge(program, in: run, monitor)
            // There is at least one epoch.
            guard let record = trainer.record else { throw TrainingError.noSamples }
            return try conclude(trainer.model, record, trainer.history, in: run, monitor)
        }
        let (program, loaded) = try beginning(startingProgram(in: run, monitor))
        let left = run.hasCheckpoint ? nil : loaded
        for note in left?.notes ?? [] {
            try monitor.report(.note("\(configuration.start?.path ?? ""): \(note)"))
        }
        return try train(program)
    }

    /// Trains the model of a program to the end of the plan, or resumes its training.
    ///
    /// - Parameter positions: of the training samples to learn from; nil for all.
    private func train<Program: TrainingProgram>(
        _ program: Program, on positions: [Int]? = nil, heldOut: Examples?, in run: TrainingRun,
        _ monitor: ProgressMonitor<some Error>
    ) throws -> Trainer<Program> {
        let samples: any DataSource = positions.map { Selection($0, of: training) } ?? training
        var trainer = trainer(for: program, recipe.training, on: samples)
        do {
            try train(
                &trainer, on: samples, heldOut: heldOut, validation: validation, in: run, monitor)
        } catch let error as TrainingError {
            throw placed(error, among: positions.map { training[$0] } ?? training)
        }
        return trainer
    }

    /// Trains a second model on the usual samples, for anomaly scores, if the recipe has one.
    private func trainJudge(
        _ program: some TrainingProgram, in run: TrainingRun, _ monitor: ProgressMonitor<some Error>
    ) throws {
        guard let recipe = recipe as? any JudgingRecipe,
            let usual = recipe.usual(among: training, in: configuration.samples)
        else { return }
        try monitor.report(
            .note(
                "second model, for anomaly scores: the \(Format.count(usual.count)) most usual of "
                    + "\(Format.count(training.count)) rows"))
        try monitor.report(.training("the second model, for anomaly scores"))
        releaseUnusedMemory()
        // Its progress on test samples would tell nothing, except when it is to stop.
        let isWatched = recipe.training.patience != nil && validation == nil
        _ = try train(
            program, on: usual, heldOut: isWatched ? dataset.test : nil,
            in: try run.part(RunFile.judge), monitor)
    }

    /// A program whose model starts with the requested parameters, and the names that the file and
    /// the model do not share.
    func beginning(
        _ program: any TrainingProgram
    ) throws -> (program: any TrainingProgram, left: LeftOut?) {
        guard let start = configuration.start else { return (program, nil) }
        func begin(_ program: some TrainingProgram) throws -> (any TrainingProgram, LeftOut?) {
            var program = program
            let left = try program.model.loadParameters(
                from: start.path, isPartial: start.isPartial)
            return (program, left)
        }
        return try begin(program)
    }

    /// The program that training starts with. If the recipe has layerwise pretraining, the layers
    /// are trained here first, or resumed from the run's folder, and assembled.
    private func startingProgram(
        in run: TrainingRun, _ monitor: ProgressMonitor<some Error>
    ) throws -> any TrainingProgram {
        // A checkpoint of the whole model already contains the pretrained layers, or the mean.
        if run.hasCheckpoint { return program }
        guard let recipe = recipe as? any PretrainedRecipe else {
            return blueprint.startingProgram(on: training)
        }
        let stages = stages
        guard !stages.isEmpty else { return program }
        var (training, heldOut) = (training, dataset.test)
        var layers: [any AutoencoderModel] = []
        for (index, stage) in stages.enumerated() {
            try monitor.report(
                .note(
                    "layer \(index + 1) of \(stages.count): \(stage.sizes.inputs) to "
                        + "\(stage.sizes.outputs)"))
            try monitor.report(.training("layer \(index + 1) of \(stages.count)"))
            func train(_ program: some TrainingProgram) throws -> any AutoencoderModel {
                var trainer = trainer(for: program, stage.training, on: training)
                try self.train(
                    &trainer, on: training, heldOut: heldOut, validation: nil,
                    in: try run.part(RunFile.layer(index + 1)), monitor)
                guard let layer = trainer.model as? any AutoencoderModel else {
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
        try monitor.report(.note("whole model"))
        try monitor.report(.training("the whole model"))
        return recipe.assemble(layers, for: configuration.samples)
    }

    /// Resumes the run and trains to the end of the plan.
    private func train<Program: TrainingProgram>(
        _ trainer: inout Trainer<Program>, on training: any DataSource, heldOut: Examples?,
        validation: Examples?, in run: TrainingRun, _ monitor: ProgressMonitor<some Error>
    ) throws {
        try trainer.resume(run)
        try trainer.train(
            on: training, heldOut: heldOut, validation: validation, in: run, monitor: monitor)
    }

    /// Writes the pictures, the summary and the report.
    private func conclude(
        _ model: any Module, _ record: EpochRecord, _ history: [EpochRecord], in run: TrainingRun,
        _ monitor: ProgressMonitor<some Error>
    ) throws -> RunSummary {
        if record.heldOut[activeUnitsName] == 0 {
            try monitor.report(
                .note(
                    "the posterior has collapsed: no number of a code depends on the sample; "
                        + "--warm-up, --free-nats or a smaller --beta may help"))
        }
        try monitor.report(.begun("pictures"))
        try Pictures(of: model, on: dataset).write(
            in: run, seed: UInt64(recipe.training.seed), monitor: monitor)
        try AtomicFile.write(
            RunReport.lossChart(history).svg(width: 800, height: 480), to: run.file(RunFile.loss))

        var summary = RunSummary(
            self, history: history, kept: record, layers: try run.layers(), model: model)
        try monitor.checkCancellation()
        try JSON.write(summary, to: run.file(RunFile.summary))
        // Opened again, so that a folder damaged in the meantime is reported as an error.
        try RunReport(of: TrainingRun.open(at: run.path)).write()
        try monitor.checkCancellation()
        summary.run = run.path
        return summary
    }
}

extension LeftOut {
    /// The parameters that were not loaded, one sentence for each kind.
    fileprivate var notes: [String] {
        let kinds = [
            ("not in the file, initialised at random", missing), ("not in the model", unused),
        ]
        return kinds.compactMap { text, names in
            names.isEmpty ? nil : "\(text): \(names.quotedList(most: 8))"
        }
    }
}

import Autograd
import Datasets
import FileSupport
import Models

/// A measure of samples.
///
/// - Parameter areKnown: whether the samples are themselves training samples.
typealias AnomalyMeasure = (_ samples: Examples, _ areKnown: Bool) throws -> AnomalyScores

/// The measures of how much samples differ from those that a run was trained on.
struct AnomalyMeasures<Failure: Error> {
    private let trained: TrainedRun
    private let training: Examples
    /// The training samples that say what is usual: all of them, or an evenly spaced selection if there
    /// are very many.
    let reference: Examples
    private let draws: Int
    private let seed: UInt64
    private let monitor: ProgressMonitor<Failure>

    private var table: TableLayout? { trained.run.configuration.samples.table }

    init(of trained: TrainedRun, draws: Int, _ monitor: ProgressMonitor<Failure>) {
        (self.trained, self.draws, self.monitor) = (trained, draws, monitor)
        training = trained.experiment.dataset.training
        let most = 5000
        reference =
            training.count > most ? training[spread(most, over: training.count)] : training
        seed = UInt64(trained.experiment.recipe.training.seed)
    }

    // MARK: By errors of reconstructions

    /// What reconstructs samples: the run's model for anomaly scores if it has one, or else its model.
    private func judge() throws -> any Trainable {
        guard trained.model is any Encodes, let model = trained.model as? any Trainable,
            model.hasLikelihood
        else { throw trained.unfit("reconstructions", for: "score") }
        guard let run = trained.run.existingPart(RunFile.judge), run.hasCheckpoint else {
            return model
        }
        return try run.trained(model)
    }

    /// What a user should know about what reconstructs samples, in one sentence without a full stop.
    func noteOnJudge() throws -> String? {
        guard let recipe = trained.experiment.recipe as? any JudgingRecipe, recipe.hasJudge else {
            return nil
        }
        let whole = "tapestry train \(recipe.name) --resume --output \(trained.run.path)"
        guard let run = trained.run.existingPart(RunFile.judge), run.hasCheckpoint else {
            return
                "rows are scored by the model that learned all of them, as the run has no model of "
                + "the usual ones (\(whole) trains it, if there are enough rows)"
        }
        let (epochs, all) = (try run.history().last?.epoch ?? 0, recipe.training.epochs)
        // Early stopping ends before the plan does.
        guard epochs < all, recipe.training.patience == nil else { return nil }
        return
            "the model of the usual rows, which scores, is trained for \(epochs) of \(all) epochs "
            + "(\(whole) goes on)"
    }

    func reconstruction() throws -> AnomalyMeasure {
        let (model, table) = (try judge(), table)
        return { [draws, seed, monitor] samples, _ in
            let errors = try model.errors(of: samples, draws, batchSize: 500, seed, monitor)
            guard let table else { return AnomalyScores(errors.sum(axes: [1])) }
            return AnomalyScores(
                mean(of: errors, over: table.presence(of: samples.scaled().flattened())),
                contributions: errors)
        }
    }

    /// The mean of the errors of all cells, none of which is hidden, in units of what three quarters of
    /// the reference samples' errors in the same column do not exceed.
    private func standardReconstruction() throws -> AnomalyMeasure {
        let judge = try judge()
        let model = (judge as? any CorruptsInputs)?.uncorrupted ?? judge
        let errors = { [draws, seed, monitor, table] (samples: Examples) in
            let errors = try model.errors(of: samples, draws, batchSize: 500, seed, monitor)
            let presence = table.map { table in
                inParts(samples.count, of: ComparableRows.mostRows, .silent) { rows in
                    table.presence(of: samples.batch(rows).input.flattened())
                }
            }
            return (errors, presence ?? Tensor.ones(like: errors))
        }
        let (known, present) = try errors(reference)
        let usual = Self.thirdQuartiles(known, present) + 1e-3
        let isTable = table != nil
        return { samples, _ in
            let (errors, presence) = try errors(samples)
            let standard = clamp(errors / usual, from: 0, through: 1e4)
            return AnomalyScores(
                mean(of: standard, over: presence), contributions: isTable ? standard : nil)
        }
    }

    /// Of the errors in each column, `[1, columns]`, where cells are present; 1 where none is.
    private static func thirdQuartiles(_ errors: Tensor, _ presence: Tensor) -> Tensor {
        let counts = presence.sum(axes: [0], keepingAxes: true)
        let places = maximum(floor(0.75 * (counts - 1)), Tensor.zeros(like: counts))
        // Missing cells are behind all others.
        let missing = Tensor(.nan, dataType: errors.dataType)
        let sorted = select(presence .> 0, errors, missing).sorted(axis: 0)
        let quartiles = sorted.gatheredAlong(axis: 0, at: places.cast(to: .int32))
        return select(counts .> 0, quartiles, Tensor.ones(like: quartiles))
    }

    // MARK: By codes

    func mahalanobis() throws -> AnomalyMeasure {
        let model = try trained.encoder(for: "score")
        let distance = MahalanobisDistance(from: try model.codes(of: training, monitor: monitor))
        return { [monitor] samples, _ in
            AnomalyScores(distance(try model.codes(of: samples, monitor: monitor)))
        }
    }

    /// - Parameter rank: of the nearest training code to measure to, from 1; if nil the fifth, or the
    ///   last if there are fewer.
    func neighbours(rank: Int?) throws -> AnomalyMeasure {
        let model = try trained.encoder(for: "score")
        let rank = rank ?? max(1, min(5, training.count - 1))
        guard rank < training.count else {
            throw UsageError(
                "--neighbour \(rank): expected a whole number below \(training.count), the number "
                    + "of training samples")
        }
        let known = try model.codes(of: training, monitor: monitor)
        return { [monitor] samples, areKnown in
            let codes = try model.codes(of: samples, monitor: monitor.part(0...0.5))
            // The nearest neighbour of a training sample is itself.
            let place = areKnown ? rank + 1 : rank
            let nearest = try NearestNeighbours(
                of: codes, in: known, count: place, monitor: monitor.part(0.5...1))
            return AnomalyScores(
                nearest.squaredDistances.sliced(axis: 1, place - 1..<place))
        }
    }

    // MARK: By numbers, without a model

    /// The numbers by which samples can be compared: those of a table's ``ComparableRows``.
    struct Numbers {
        /// Those of the training samples, or of some if there are very many.
        let training: Tensor
        fileprivate let ofEach: (_ samples: Examples, _ body: (Tensor) -> Tensor) -> Tensor

        /// - Parameter rows: of a table; nil for other samples.
        fileprivate init(of training: Examples, _ rows: ComparableRows?) {
            let some = training.scaled().flattened().selected(ComparableRows.mostRows)
            self.training = rows.map { $0(some) } ?? some
            ofEach = { samples, body in
                let samples = samples.scaled().flattened()
                return rows.map { $0.inParts(samples, body) } ?? body(samples)
            }
        }
    }

    /// With the rarity of categories.
    func numbers() -> Numbers {
        Numbers(
            of: training,
            table.flatMap {
                ComparableRows($0, of: training.scaled().flattened(), categories: .rarity)
            })
    }

    func bulk(of numbers: Numbers) -> AnomalyMeasure {
        let distance = BulkDistance(from: numbers.training)
        return { samples, _ in AnomalyScores(numbers.ofEach(samples) { distance($0) }) }
    }

    func forest(of numbers: Numbers) -> AnomalyMeasure {
        var generator = RandomGenerator(seed: seed)
        let forest = IsolationForest(of: numbers.training, using: &generator)
        return { samples, _ in AnomalyScores(numbers.ofEach(samples) { forest($0) }) }
    }

    /// With as many principal components as a code has numbers.
    func components() throws -> AnomalyMeasure {
        let model = try trained.encoder(for: "score")
        let rows = table.flatMap { ComparableRows($0, of: training.scaled().flattened()) }
        if table != nil, rows == nil {
            throw FileError(
                path: trained.run.path,
                expected: "numbers, or categories with few values, for --by components",
                found: "none")
        }
        let numbers = Numbers(of: training, rows)
        let codeSize = model.codes(of: training[[0]]).count
        let components = PrincipalComponents(
            of: numbers.training, count: min(codeSize, numbers.training.shape[1]))
        return { samples, _ in
            AnomalyScores(
                numbers.ofEach(samples) { squaredError(components.reconstruct($0), $0) })
        }
    }

    // MARK: By all of these, and by the model's own measure

    func ensemble() throws -> AnomalyMeasure {
        let errors = try standardReconstruction()
        let numbers = numbers()
        let others = [bulk(of: numbers), forest(of: numbers)]
        let ensemble = ScoreEnsemble(
            training: try ([errors] + others).map { try $0(reference, true).values })
        return { samples, areKnown in
            let scores = try errors(samples, areKnown)
            let all = try [scores.values] + others.map { try $0(samples, areKnown).values }
            return AnomalyScores(ensemble(all), scores.contributions)
        }
    }

    func likelihood() throws -> AnomalyMeasure {
        guard let model = trained.model as? any Scores else {
            throw trained.unfit("log-likelihoods", for: "score --by likelihood")
        }
        return { [seed, monitor] samples, _ in
            var generator = RandomGenerator(seed: seed)
            return AnomalyScores(
                try inParts(samples.count, monitor) { part in
                    let batch = samples.batch(part, as: model.dataType)
                    return -model.logLikelihood(of: batch, using: &generator)
                })
        }
    }
}

/// The means of errors over the cells that are present, `[count, columns]` each, to `[count]`.
private func mean(of errors: Tensor, over presence: Tensor) -> Tensor {
    let cells = presence.cast(to: errors.dataType).sum(axes: [1])
    return errors.sum(axes: [1]) / maximum(cells, Tensor.ones(like: cells))
}

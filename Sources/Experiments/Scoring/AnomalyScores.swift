import Autograd
import Datasets
import FileSupport
import Models

/// Anomaly scores of samples: the greater the score, the more a sample differs from training.
struct AnomalyScores {
    let values: [Double]
    /// The contribution of each cell of a table row, `[count, columns]`; nil if the score is not a
    /// mean over cells. Missing cells are excluded from the mean.
    let contributions: Tensor?
}

/// Computes anomaly scores with a trained run.
struct AnomalyScorer {
    private let run: TrainingRun
    /// The training samples for the threshold and for what is usual: all of them, or an evenly spaced
    /// selection if there are very many.
    private let reference: Examples
    /// - Parameter isKnown: whether the samples are themselves training samples.
    private let measure: (_ samples: Examples, _ isKnown: Bool) throws -> AnomalyScores

    /// - Parameters:
    ///   - draws: the number of random draws to average over in a reconstruction.
    ///   - neighbour: the rank of the nearest training code to measure to, from 1.
    ///   - monitor: receives the progress of this initialiser, and then of each measurement.
    init(
        _ method: ScoreMethod, of trained: TrainedRun, draws: Int, neighbour: Int,
        monitor: ProgressMonitor<some Error>
    ) throws {
        run = trained.run
        let seed = UInt64(trained.experiment.recipe.training.seed)
        reference = Self.reference(of: trained.experiment.dataset.training)
        let reference = reference
        let table = trained.run.configuration.samples.table
        let examples = trained.experiment.dataset.training
        if method == .likelihood {
            measure = try Self.likelihoods(of: trained, seed: seed, monitor)
            return
        }
        if let baseline = try Self.baseline(method, of: trained, seed: seed) {
            measure = baseline
            return
        }
        let model = try trained.encoder(for: "score")
        switch method {
        case .ensemble:
            let errors = try Self.standardErrors(
                of: Self.judge(of: trained), table, reference, draws, seed, monitor)
            // Rows of which all columns have many values have but their errors.
            let methods: [ScoreMethod] =
                table?.plainElements.isEmpty == true ? [] : [.bulk, .forest]
            let others = try methods.compactMap { method in
                try Self.baseline(method, of: trained, seed: seed)
            }
            let ensemble = try ScoreEnsemble(
                training: [errors(reference).values]
                    + others.map { try $0(reference, true).values })
            measure = { samples, isKnown in
                let scores = try errors(samples)
                let all = try [scores.values] + others.map { try $0(samples, isKnown).values }
                return AnomalyScores(values: ensemble(all), contributions: scores.contributions)
            }
        case .reconstruction:
            let model = try Self.judge(of: trained)
            measure = { samples, _ in
                let errors = try model.errors(
                    of: samples, draws, batchSize: 500, seed, monitor)
                guard let table else {
                    return AnomalyScores(
                        values: errors.sum(axes: [1]).numbers, contributions: nil)
                }
                let cells = table.presence(of: samples.batch(0..<samples.count, as: .float32).input)
                    .sum(axes: [1])
                let means =
                    errors.sum(axes: [1]).cast(to: .float32)
                    / maximum(cells, Tensor.ones(like: cells))
                return AnomalyScores(values: means.numbers, contributions: errors)
            }
        case .mahalanobis:
            let distance = MahalanobisDistance(
                from: try model.codes(of: examples, monitor: monitor))
            measure = { samples, _ in
                let codes = try model.codes(of: samples, monitor: monitor)
                return AnomalyScores(values: distance(codes).numbers, contributions: nil)
            }
        case .neighbours:
            guard neighbour < examples.count else {
                throw UsageError(
                    "--neighbour \(neighbour): expected a whole number below \(examples.count), "
                        + "the number of training samples")
            }
            let known = try model.codes(of: examples, monitor: monitor)
            measure = { samples, isKnown in
                let codes = try model.codes(of: samples, monitor: monitor.part(0...0.5))
                // The nearest neighbour of a training sample is itself.
                let place = isKnown ? neighbour + 1 : neighbour
                let nearest = try NearestNeighbours(
                    of: codes, in: known, count: place, monitor: monitor.part(0.5...1))
                return AnomalyScores(
                    values: nearest.squaredDistances.sliced(axis: 1, place - 1..<place).numbers,
                    contributions: nil)
            }
        case .components:
            let plain = try Self.plainNumbers(of: trained, for: method)
            let samples = plain(examples)
            let codeSize = model.codes(of: examples[[0]]).count
            let count = min(codeSize, samples.shape[1])
            let components = PrincipalComponents(of: samples, count: count)
            measure = { examples, _ in
                let samples = plain(examples)
                return AnomalyScores(
                    values: squaredError(components.reconstruct(samples), samples).numbers,
                    contributions: nil)
            }
        case .bulk, .forest, .likelihood:
            programmerError("AnomalyScorer", "\(method) needs no codes")
        }
    }

    /// An evenly spaced selection of very many samples.
    private static func reference(of samples: Examples) -> Examples {
        let most = 5000
        return samples.count > most ? samples[spread(most, over: samples.count)] : samples
    }

    /// What reconstructs samples: the run's model for anomaly scores if it has one, or else its model.
    private static func judge(of trained: TrainedRun) throws -> any Trainable {
        guard let model = trained.model as? any Trainable, model.hasLikelihood else {
            throw trained.unfit("reconstructions", for: "score")
        }
        guard let run = trained.run.existingPart(RunFile.judge), run.hasCheckpoint else {
            return model
        }
        return try run.trained(model)
    }

    /// The measure of samples by the errors of their cells, none of which is hidden, in units of
    /// what three quarters of the reference samples' do not exceed in the same column: their mean,
    /// and each of them.
    private static func standardErrors(
        of model: any Trainable, _ table: TableLayout?, _ reference: Examples, _ draws: Int,
        _ seed: UInt64, _ monitor: ProgressMonitor<some Error>
    ) throws -> (Examples) throws -> AnomalyScores {
        let model = (model as? any CorruptsInputs)?.uncorrupted ?? model
        let errors = { (samples: Examples) throws -> (errors: Tensor, presence: Tensor) in
            let errors = try model.errors(of: samples, draws, batchSize: 500, seed, monitor)
                .cast(to: .float64)
            guard let table else { return (errors, Tensor.ones(like: errors)) }
            let presence = table.presence(of: samples.scaled().flattened())
            return (errors, presence.cast(to: .float64))
        }
        let (known, presence) = try errors(reference)
        let counts = presence.sum(axes: [0], keepingAxes: true)
        let places = maximum(floor(0.75 * (counts - 1)), Tensor.zeros(like: counts))
        // Missing cells are behind all others.
        let sorted = select(presence .> 0, known, Tensor(.nan, dataType: .float64)).sorted(axis: 0)
        let quartiles = sorted.gatheredAlong(axis: 0, at: places.cast(to: .int32))
        let usual = select(counts .> 0, quartiles, Tensor.ones(like: quartiles)) + 1e-3
        return { samples in
            let (errors, presence) = try errors(samples)
            let standard = clamp(errors / usual, from: 0, through: 1e4)
            let cells = presence.sum(axes: [1])
            let means = standard.sum(axes: [1]) / maximum(cells, Tensor.ones(like: cells))
            return AnomalyScores(
                values: means.numbers, contributions: table == nil ? nil : standard)
        }
    }

    /// The measure of samples by what takes no model: their numbers beside those of the training
    /// samples. Nil for other methods.
    private static func baseline(
        _ method: ScoreMethod, of trained: TrainedRun, seed: UInt64
    ) throws -> ((Examples, Bool) throws -> AnomalyScores)? {
        guard method == .bulk || method == .forest else { return nil }
        let plain = try plainNumbers(of: trained, for: method)
        let samples = plain(trained.experiment.dataset.training)
        let score: (Tensor) -> Tensor
        if method == .bulk {
            let distance = BulkDistance(from: samples)
            score = { distance($0) }
        } else {
            var generator = RandomGenerator(seed: seed)
            let forest = IsolationForest(of: samples, using: &generator)
            score = { forest($0) }
        }
        return { samples, _ in
            AnomalyScores(values: score(plain(samples)).numbers, contributions: nil)
        }
    }

    /// What takes samples to their numbers, `[count, …]`: of a table those of ``PlainNumbers``.
    ///
    /// - Throws: if there are none.
    private static func plainNumbers(
        of trained: TrainedRun, for method: ScoreMethod
    ) throws(FileError) -> (Examples) -> Tensor {
        guard let table = trained.run.configuration.samples.table else {
            return { $0.scaled().flattened() }
        }
        guard !table.plainElements.isEmpty else {
            throw FileError(
                path: trained.run.path,
                expected: "numbers, or categories with few values, for --by \(method.rawValue)",
                found: "none")
        }
        let plain = PlainNumbers(
            table, of: trained.experiment.dataset.training.scaled().flattened())
        return { plain($0.scaled().flattened()) }
    }

    /// The measure of samples by their negative log-likelihood.
    private static func likelihoods(
        of trained: TrainedRun, seed: UInt64, _ monitor: ProgressMonitor<some Error>
    ) throws -> (Examples, Bool) throws -> AnomalyScores {
        guard let model = trained.model as? any Scores else {
            throw trained.unfit("log-likelihoods", for: "score --by likelihood")
        }
        return { samples, _ in
            var generator = RandomGenerator(seed: seed)
            let values = try inParts(samples.count, monitor) { part in
                let batch = samples.batch(part, as: model.dataType)
                return -model.logLikelihood(of: batch, using: &generator)
            }
            return AnomalyScores(values: values.numbers, contributions: nil)
        }
    }

    /// The scores of finite samples. A score that is NaN becomes infinite, as the sample is too far
    /// from the training samples for the model.
    ///
    /// - Parameter areTraining: whether these are the training samples.
    func callAsFunction(_ samples: Examples, areTraining: Bool) throws -> AnomalyScores {
        let scores = try measure(samples, areTraining)
        return AnomalyScores(
            values: scores.values.map { $0.isNaN ? .infinity : $0 },
            contributions: scores.contributions)
    }

    /// The score above which samples are flagged: a quantile of the training scores.
    func threshold(quantile: Double) throws -> Double {
        let scores = try measure(reference, true).values
        guard scores.allSatisfy({ $0.isFinite }) else {
            throw FileError(
                path: run.path, expected: "a model with finite scores for its training samples",
                found: "scores that are not finite")
        }
        return scores.sorted().quantile(quantile)
    }
}

extension Tensor {
    /// The elements in double precision.
    fileprivate var numbers: [Double] { cast(to: .float64).elements(as: Double.self) }
}

import Autograd
import Datasets
import FileSupport
import Models

/// A measure of how much a sample differs from the training samples.
enum ScoreMethod: String, CaseIterable {
    /// The error of its reconstruction.
    case reconstruction
    /// The Mahalanobis distance of its code from the mean of the training codes.
    case mahalanobis
    /// The distance of its code from the nearest training codes.
    case neighbours
    /// Its squared distance from the subspace of the training samples' principal components, with
    /// as many components as a code: a baseline that does not use the model.
    case components
    /// Its distance from the bulk of the training samples: a baseline that does not use the model.
    case bulk
    /// How few random splits separate it from training samples: a baseline, too.
    case forest
    /// Its negative log-likelihood, or a bound on it, for models that compute it.
    case likelihood

    /// Whether it is about the codes or the reconstructions of a model.
    var needsCodes: Bool { ![.likelihood, .bulk, .forest].contains(self) }

    /// The default method for a model.
    init(usualFor model: any Module) {
        self = !(model is any Encodes) && model is any Scores ? .likelihood : .reconstruction
    }
}

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
    private let training: Examples
    /// - Parameter isKnown: whether the samples are themselves training samples.
    private let measure: (_ samples: Examples, _ isKnown: Bool) throws -> AnomalyScores

    /// The training samples for the threshold: all of them, or an evenly spaced selection if there
    /// are very many.
    private var reference: Examples {
        let most = 5000
        return training.count > most ? training[spread(most, over: training.count)] : training
    }

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
        let table = trained.run.configuration.samples.table
        let examples = trained.experiment.dataset.training
        training = examples
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
        case .reconstruction:
            guard let model = model as? any Trainable, model.hasLikelihood else {
                throw trained.unfit("reconstructions", for: "score")
            }
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

    /// What takes samples to their numbers, `[count, …]`: of a table without embeddings and marks.
    ///
    /// - Throws: if there are none.
    private static func plainNumbers(
        of trained: TrainedRun, for method: ScoreMethod
    ) throws(FileError) -> (Examples) -> Tensor {
        let places = trained.run.configuration.samples.table.map { table in
            Tensor(table.plainElements.map(Int32.init))
        }
        if places?.count == 0 {
            throw FileError(
                path: trained.run.path,
                expected: "numbers, or categories with few values, for --by \(method.rawValue)",
                found: "none")
        }
        return { examples in
            let samples = examples.scaled().flattened()
            return places.map { samples.gathered(at: $0, axis: 1) } ?? samples
        }
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

import Autograd
import Datasets
import FileSupport
import Models

/// By what a sample is taken to be unlike those that a model was trained on.
enum ScoreMethod: String, CaseIterable {
    /// The error of its reconstruction.
    case reconstruction
    /// The distance of its code from the middle of the training codes.
    case mahalanobis
    /// The distance of its code from the nearest training codes.
    case neighbours
    /// Its distance from the plane of the principal components of the training samples, of which
    /// there are as many as a code has numbers: not the model's, but a measure of its worth.
    case components
    /// Minus its log-likelihood, or a bound on it, of a model that says it.
    case likelihood

    /// What a model's samples are scored by if nobody says otherwise.
    init(usualFor model: any Module) {
        self = !(model is any Encodes) && model is any Scores ? .likelihood : .reconstruction
    }
}

/// How unlike the training samples of a run others are, the greater the more.
struct AnomalyScores {
    let values: [Double]
    /// What each cell of a table's row contributes, `[count, columns]`; nil where the score is not
    /// made up so. The score is the mean over the cells that are there.
    let contributions: Tensor?
}

/// Scores samples by a trained run.
struct AnomalyScorer {
    private let run: TrainingRun
    private let training: Examples
    /// - Parameter isKnown: whether the samples are some of those that are compared with.
    private let measure: (_ samples: Examples, _ isKnown: Bool) throws -> AnomalyScores

    /// The training samples that the scores of others are compared with: all, or many of them
    /// where there are very many.
    private var reference: Examples {
        let most = 5000
        return training.count > most ? training[spread(most, over: training.count)] : training
    }

    /// - Parameters:
    ///   - draws: how often what is random in a reconstruction is drawn.
    ///   - neighbour: which of the nearest training codes counts, from 1.
    ///   - monitor: told of what is known of the training samples here, then of each measurement.
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
                    "--neighbour \(neighbour): there are \(examples.count) training samples")
            }
            let known = try model.codes(of: examples, monitor: monitor)
            measure = { samples, isKnown in
                let codes = try model.codes(of: samples, monitor: monitor.part(0...0.5))
                // The nearest of a known sample is itself.
                let place = isKnown ? neighbour + 1 : neighbour
                let nearest = try NearestNeighbours(
                    of: codes, in: known, count: place, monitor: monitor.part(0.5...1))
                return AnomalyScores(
                    values: nearest.squaredDistances.sliced(axis: 1, place - 1..<place).numbers,
                    contributions: nil)
            }
        case .components, .likelihood:
            let plain = { (examples: Examples) -> Tensor in
                let samples = examples.scaled().flattened()
                guard let table else { return samples }
                return samples.gathered(
                    at: Tensor(table.plainElements.map(Int32.init)), axis: 1)
            }
            let samples = plain(examples)
            guard samples.shape[1] > 0 else {
                throw FileError(
                    path: trained.run.path,
                    expected: "numbers, or categories of few values, for --by components",
                    found: "none")
            }
            let codeSize = model.codes(of: examples[[0]]).count
            let count = min(codeSize, samples.shape[1])
            let components = PrincipalComponents(of: samples, count: count)
            measure = { examples, _ in
                let samples = plain(examples)
                return AnomalyScores(
                    values: squaredError(components.reconstruct(samples), samples).numbers,
                    contributions: nil)
            }
        }
    }

    /// What measures samples by their likelihood.
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

    /// The scores of finite samples. What a model can make no number of, though it can of those
    /// that it was trained on, is as unlike these as can be: its score is infinite.
    ///
    /// - Parameter areTraining: whether these are the training samples themselves.
    func callAsFunction(_ samples: Examples, areTraining: Bool) throws -> AnomalyScores {
        let scores = try measure(samples, areTraining)
        return AnomalyScores(
            values: scores.values.map { $0.isNaN ? .infinity : $0 },
            contributions: scores.contributions)
    }

    /// Above this score a sample is flagged: the quantile of the scores of training samples.
    func threshold(quantile: Double) throws -> Double {
        let scores = try measure(reference, true).values
        guard scores.allSatisfy({ $0.isFinite }) else {
            throw FileError(
                path: run.path, expected: "a model that gives its training samples finite scores",
                found: "one that does not")
        }
        return scores.sorted().quantile(quantile)
    }
}

extension Tensor {
    /// The elements as numbers of double precision.
    fileprivate var numbers: [Double] { cast(to: .float64).elements(as: Double.self) }
}

import Autograd
import Datasets
import FileSupport
import Models

/// Computes anomaly scores with a trained run.
struct AnomalyScorer {
    private let run: TrainingRun
    private let reference: Examples
    private let measure: AnomalyMeasure
    /// What a user should know about the scores, in one sentence without a full stop.
    let note: String?

    /// - Parameters:
    ///   - draws: the number of random draws to average over in a reconstruction.
    ///   - neighbour: the rank of the nearest training code to measure to, from 1; nil for the usual.
    ///   - monitor: receives the progress of this initialiser, and then of each measurement.
    init(
        _ method: ScoreMethod, of trained: TrainedRun, draws: Int, neighbour: Int?,
        monitor: ProgressMonitor<some Error>
    ) throws {
        run = trained.run
        let measures = AnomalyMeasures(of: trained, draws: draws, monitor)
        reference = measures.reference
        note = try [.ensemble, .reconstruction].contains(method) ? measures.noteOnJudge() : nil
        measure =
            switch method {
            case .ensemble: try measures.ensemble()
            case .reconstruction: try measures.reconstruction()
            case .mahalanobis: try measures.mahalanobis()
            case .neighbours: try measures.neighbours(rank: neighbour)
            case .components: try measures.components()
            case .bulk: measures.bulk(of: measures.numbers())
            case .forest: measures.forest(of: measures.numbers())
            case .likelihood: try measures.likelihood()
            }
    }

    /// The scores of finite samples. A score that is NaN becomes infinite, as the sample is too far
    /// from the training samples for the model.
    ///
    /// - Parameter areTraining: whether these are the training samples.
    func callAsFunction(_ samples: Examples, areTraining: Bool) throws -> AnomalyScores {
        let scores = try measure(samples, areTraining)
        return AnomalyScores(
            scores.values.map { $0.isNaN ? .infinity : $0 }, scores.contributions)
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

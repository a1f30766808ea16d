import Autograd
import NeuralNetworks

/// Scores of how far each number of a code means one thing, each from 0 to 1: several, as none of them
/// tells all (Locatello et al., "Challenging Common Assumptions in the Unsupervised Learning of
/// Disentangled Representations", arXiv:1811.12359).
public struct DisentanglementScores: Sendable, Codable {
    /// See ``CodedFactors/mutualInformationGap``.
    public let mutualInformationGap: Double
    /// See ``CodedFactors/separatedAttributePredictability``.
    public let separatedAttributePredictability: Double
    /// See ``DCIScores/disentanglement``.
    public let disentanglement: Double
    /// See ``DCIScores/completeness``.
    public let completeness: Double
    /// See ``DCIScores/informativeness``.
    public let informativeness: Double
    /// See ``CodedFactors/factorVAEScore(size:votes:using:)``.
    public let factorVAE: Double
    /// See ``CodedFactors/modularity``.
    public let modularity: Double
    /// See ``CodedFactors/explicitness``.
    public let explicitness: Double

    /// - Parameters:
    ///   - seed: of all random numbers.
    ///   - monitor: called between the scores; an error that it throws ends the work.
    public init<Failure>(
        of coded: CodedFactors, seed: UInt64 = 0, monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) {
        var generator = RandomGenerator(seed: seed)
        mutualInformationGap = coded.mutualInformationGap
        separatedAttributePredictability = coded.separatedAttributePredictability
        modularity = coded.modularity
        try monitor.advance(to: 0.1)
        let scores = coded.dciScores(using: &generator)
        (disentanglement, completeness) = (scores.disentanglement, scores.completeness)
        informativeness = scores.informativeness
        try monitor.advance(to: 0.5)
        factorVAE = coded.factorVAEScore(using: &generator)
        try monitor.advance(to: 0.6)
        explicitness = coded.explicitness
        try monitor.advance(to: 1)
    }
}

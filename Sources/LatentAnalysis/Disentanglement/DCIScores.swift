import Autograd
import Foundation

/// Disentanglement, completeness and informativeness (Eastwood and Williams, "A Framework for the
/// Quantitative Evaluation of Disentangled Representations", 2018), by random forests that tell the values
/// of factors from codes. Each from 0 to 1.
public struct DCIScores: Sendable {
    /// How far each number of a code matters to one factor only, in the mean over numbers, those that
    /// matter more counting more.
    public let disentanglement: Double
    /// How far one number alone matters to each factor.
    public let completeness: Double
    /// How well factors are told: the accuracy on test samples beyond that of the most frequent value.
    public let informativeness: Double
}

extension CodedFactors {
    /// The scores by forests that are grown on the training samples.
    public func dciScores(using generator: inout RandomGenerator) -> DCIScores {
        let bins = codes.map(Self.binned)
        let training = bins.map { Array($0[..<trainingCount]) }
        var (importances, accuracies) = ([[Double]](), [Double]())
        for classes in classes {
            let forest = DecisionForest(
                training, binCount: Self.bins, classes: Array(classes.of[..<trainingCount]),
                classCount: classes.count, using: &generator)
            importances.append(forest.importances)
            accuracies.append(
                beyondChance(classes) { sample in forest.predicted { bins[$0][sample] } })
        }
        let ofUnits = codes.indices.map { unit in importances.map { $0[unit] } }
        let weights = ofUnits.map { $0.reduce(0, +) }
        let all = weights.reduce(0, +)
        let disentanglement = zip(ofUnits, weights).reduce(0) { sum, unit in
            all > 0 ? sum + unit.1 / all * Self.concentration(unit.0) : 0
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        return DCIScores(
            disentanglement: disentanglement,
            completeness: mean(importances.map(Self.concentration)),
            informativeness: mean(accuracies))
    }

    /// 1 minus the entropy of shares, relative to that of equal ones; 0 if there is nothing to share.
    private static func concentration(_ values: [Double]) -> Double {
        let sum = values.reduce(0, +)
        guard sum > 0 else { return 0 }
        guard values.count > 1 else { return 1 }
        let entropy = values.reduce(0) { entropy, value in
            value > 0 ? entropy - value / sum * log(value / sum) : entropy
        }
        return 1 - entropy / log(Double(values.count))
    }
}

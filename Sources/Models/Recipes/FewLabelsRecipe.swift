import Autograd
import Datasets

/// A recipe that learns from all samples, and more from those that have a label, or a number.
///
/// An epoch has every sample once, and those with a label again, all equally often, until they are about
/// the given share of it. The order is drawn anew for each epoch, as ever, so that each batch has about
/// that share too; where more have labels, none is repeated. (Kingma et al., arXiv:1406.5298, draw batches
/// of both kinds side by side to the same end.)
public protocol FewLabelsRecipe: Recipe {
    /// The share of the samples with a label in an epoch.
    var labelledShare: Double { get }
}

extension OptionDeclaration<Double> {
    /// For a recipe's ``FewLabelsRecipe/labelledShare``.
    public static let labelledShare = OptionDeclaration(
        "share of samples with a label in an epoch: they are repeated until they are about that",
        in: 0...0.9)
    /// For the weight of the ``LabelledClassification``.
    public static let classification = OptionDeclaration(
        "weight of the cross-entropy of labels, a mean over the samples that have one", in: 0...)
}

extension FewLabelsRecipe {
    /// The positions of an epoch's samples among the training samples.
    ///
    /// ```swift
    /// try trainer.train(on: Selection(recipe.epoch(of: samples), of: samples))
    /// ```
    public func epoch(of samples: Examples) -> [Int] {
        let labelled = samples.positionsOfKnown
        let others = Double(samples.count - labelled.count)
        let wanted = others * labelledShare / (1 - labelledShare)
        // Sound: at most nine times the number of samples.
        let repeats = labelled.isEmpty ? 0 : Int((wanted / Double(labelled.count)).rounded())
        return Array(0..<samples.count)
            + (0..<max(0, repeats - 1)).flatMap { _ in labelled }
    }

    /// The negative evidence lower bound, and the classification of the labelled samples with a weight.
    func objective<Output: HasLikelihood & HasLatentVariables & HasLogits>(
        classification: Double
    ) -> Objective<Output> {
        Reconstruction() + KullbackLeibler() + classification * LabelledClassification()
    }
}

extension DataDescription {
    /// What the data have to be if there are not labels of several classes; nil if there are.
    var requiringLabels: String? {
        knownClasses ?? 0 > 1 ? nil : "training samples with labels of at least two classes"
    }
}

extension Examples {
    /// The positions of those of which something is known: a number where numbers are told, else a label.
    fileprivate var positionsOfKnown: [Int] {
        if let numbers = condition?.cast(to: .float64).elements(as: Double.self) {
            return numbers.indices.filter { !numbers[$0].isNaN }
        }
        let labels = labels?.elements(as: Int32.self) ?? []
        return labels.indices.filter { labels[$0] >= 0 }
    }
}

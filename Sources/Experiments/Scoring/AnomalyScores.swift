import Autograd

/// Anomaly scores of samples: the greater the score, the more a sample differs from training.
struct AnomalyScores {
    let values: [Double]
    /// What each cell of a table row contributes to the errors of its reconstruction, `[count,
    /// columns]`, 0 for missing cells; nil if the score is not about such errors.
    var contributions: Tensor?

    /// - Parameter values: the scores, in one axis.
    init(_ values: Tensor, contributions: Tensor? = nil) {
        self.init(values.flattened().elementsInDouble, contributions)
    }

    init(_ values: [Double], _ contributions: Tensor?) {
        self.values = values
        self.contributions = contributions
    }
}

extension Tensor {
    fileprivate var elementsInDouble: [Double] { cast(to: .float64).elements(as: Double.self) }
}

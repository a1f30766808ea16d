import Autograd

/// A recipe whose model is told something of each sample: its label, or the number in a column that the
/// user names.
///
/// Commands refuse data without it, and number the classes of other data by their names, as in
/// training.
public protocol ConditionalRecipe: Recipe {}

/// A recipe whose model learns to say a number that the user names, of which it is told that of some
/// samples.
///
/// Commands refuse data without it. A model that is built for a description without one takes numbers
/// as they are.
public protocol NumberRecipe: FewLabelsRecipe {}

extension ConditionalRecipe where Self: NetworkRecipe {
    public func requirement(of data: DataDescription) -> String? {
        requirementOfCondition(of: data) ?? network.requirement(of: data)
            ?? requirementOfOutput(of: data)
    }
}

extension ConditionalRecipe {
    /// What the data would have to tell of each sample; nil if they do.
    func requirementOfCondition(of data: DataDescription) -> String? {
        switch data.condition {
        case nil: "a label for each sample, or a condition"
        case .classes(let count) where count < 2: "labels of at least two classes"
        case .classes, .number: nil
        }
    }
}

extension DataDescription {
    /// What a model can be told of each sample: the number that was named, or else its class; nil if
    /// there is neither.
    public var condition: Condition? {
        number.map { .number(mean: $0.mean, deviation: $0.deviation) }
            ?? classes.map { .classes($0) }
    }

    /// The same of data that meet ``ConditionalRecipe``'s requirement. Traps if there is none.
    var requiredCondition: Condition {
        guard let condition else {
            programmerError("ConditionalRecipe", "\(inWords), of which nothing is told")
        }
        return condition
    }
}

/// The numbers in a column that a model is told of.
public struct ConditionNumbers: Codable, Hashable, Sendable {
    /// Over the training samples.
    public var mean: Double
    /// The standard deviation over the training samples.
    public var deviation: Double

    /// A mean and a standard deviation.
    public init(mean: Double, deviation: Double) {
        (self.mean, self.deviation) = (mean, deviation)
    }

    /// Of numbers that count as they are.
    static let standard = ConditionNumbers(mean: 0, deviation: 1)

    /// Of deviations from the mean, `[samples, 1]`: numbers in their own units, `float64`, `[samples]`.
    func inUnits(_ deviations: Tensor) -> Tensor {
        deviations.cast(to: .float64).reshaped([-1]) * deviation + mean
    }

    /// Of numbers `[samples]`, without those that are not a number; nil if all are the same.
    init?(of numbers: Tensor) {
        let numbers = Tensor(
            numbers.cast(to: .float64).elements(as: Double.self).filter { !$0.isNaN })
        let mean = numbers.mean()
        let deviation = sqrt(square(numbers - mean).mean()).scalar
        guard numbers.count > 0, deviation > 0, deviation.isFinite else { return nil }
        self.init(mean: mean.scalar, deviation: deviation)
    }
}

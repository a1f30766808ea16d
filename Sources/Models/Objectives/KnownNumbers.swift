import Autograd
import Datasets
import Distributions

/// An output that tells a number of each sample.
public protocol HasNumbers: Sendable {
    /// The posterior of the number given the sample alone, in deviations from the mean, `[batch, 1]`.
    var belief: Independent<Normal> { get }
    /// The mean and the deviation.
    var numbers: ConditionNumbers { get }
}

/// The negative logarithm of the density of the numbers that are known, in nats, up to that of their
/// deviation.
///
/// Its mean over a batch is that over the samples with a known number, so that its weight means the same
/// however few they are; without any it is 0.
public struct KnownNumbers<Output: HasNumbers>: ObjectiveTerm {
    public init() {}

    public var name: String { "regression" }

    /// The numbers of a batch in deviations from the mean, `[batch, 1]`, 0 where they are not known; nil if
    /// none has any.
    static func told(
        _ batch: Batch, _ numbers: ConditionNumbers
    ) -> (values: Tensor, areKnown: Tensor)? {
        guard let condition = batch.condition?.cast(to: .float64).expandingAxis(1) else {
            return nil
        }
        let areUnknown = condition.isNaN
        let values = select(
            areUnknown, Tensor.zeros(like: condition),
            (condition - numbers.mean) / numbers.deviation)
        return (values.cast(to: batch.input.dataType), .!areUnknown)
    }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let type = pass.belief.dataType
        let none = Tensor.zeros([pass.batch.count], dataType: type)
        guard let told = Self.told(pass.batch, pass.numbers) else { return none }
        let isKnown = told.areKnown.cast(to: type).reshaped([-1])
        let counted = pass.batch.weights.map { isKnown * $0 } ?? isKnown
        let share = counted.mean().scalar
        guard share > 0 else { return none }
        return -pass.belief.logProbability(of: told.values) * (isKnown / share)
    }
}

/// The root of the mean squared error of the expected numbers, in their units, over the samples of which
/// the number is known; not a number if it is of none.
public struct NumberError<Output: HasNumbers>: EvaluationMetric {
    private var count = 0
    private var squares = 0.0

    public init() {}

    public var name: String { "numberError" }

    public mutating func add(_ pass: ForwardPass<Output>) {
        guard let known = pass.batch.condition?.cast(to: .float64) else { return }
        let errors = pass.numbers.inUnits(pass.belief.mean) - known
        let found = errors.elements(as: Double.self).filter { !$0.isNaN }
        count += found.count
        squares += found.reduce(0) { $0 + $1 * $1 }
    }

    public var value: Double { count > 0 ? (squares / Double(count)).squareRoot() : .nan }
}

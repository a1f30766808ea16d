import Autograd
import Datasets
import Models

/// What pictures of a model that decodes under conditions tell it: each class, or numbers in equal steps
/// over the middle nine tenths of those of the test samples.
struct ToldConditions {
    /// Class numbers, `int32`, or numbers, `float64`: `[count]`.
    let values: Tensor
    private let areNumbers: Bool

    private static let mostClasses = 30
    private static let steps = 8

    init(of model: any Module, on dataset: Dataset) {
        let own = (model as? any DecodesGiven)?.condition
        let known: Condition? =
            dataset.test.condition == nil
            ? DataDescription.classes(of: dataset).map { .classes($0) }
            : .number(mean: 0, deviation: 1)
        switch own ?? known ?? .classes(1) {
        case .number:
            let numbers = dataset.test.condition ?? Tensor.zeros([1], dataType: .float64)
            let sorted = numbers.elements(as: Double.self).sorted()
            let (lower, upper) = (sorted.quantile(0.05), sorted.quantile(0.95))
            values = Tensor(
                (0..<Self.steps).map {
                    lower + (upper - lower) * Double($0) / Double(Self.steps - 1)
                })
            areNumbers = true
        case .classes(let classes):
            values = Tensor(spread(Self.mostClasses, over: classes).map { Int32($0) })
            areNumbers = false
        }
    }

    var count: Int { values.shape[0] }

    /// The values in turn, beginning with one of them.
    func inTurn(_ positions: Range<Int>) -> Tensor {
        values.gathered(at: Tensor(positions.map { Int32($0 % count) }))
    }

    /// For each value the position of a sample that comes nearest to it: the first one of the class, if
    /// there is one, or the one with the nearest number.
    func examples(in examples: Examples) -> [Int] {
        guard areNumbers else {
            let labels = examples.labels?.elements(as: Int32.self) ?? []
            return values.elements(as: Int32.self).compactMap { labels.firstIndex(of: $0) }
        }
        let numbers = examples.condition?.elements(as: Double.self) ?? []
        return values.elements(as: Double.self).compactMap { value in
            numbers.indices.min { abs(numbers[$0] - value) < abs(numbers[$1] - value) }
        }
    }
}

import Datasets

/// A part of a data set.
enum DatasetPart: String, CaseIterable {
    case training, test

    init(_ arguments: Arguments) throws(UsageError) {
        guard let name = arguments.string(.part) else {
            self = .test
            return
        }
        guard let part = DatasetPart(rawValue: name) else {
            throw UsageError(unknown: "part", name, known: Self.allCases.map(\.rawValue))
        }
        self = part
    }

    func examples(of dataset: Dataset) -> Examples {
        self == .training ? dataset.training : dataset.test
    }
}

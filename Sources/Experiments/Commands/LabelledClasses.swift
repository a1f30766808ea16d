import Autograd
import Datasets
import FileSupport

/// The labelled samples of a data set and their classes, for classifiers.
struct LabelledClasses {
    let training: Examples
    let test: Examples
    /// The number of classes; all labels are below it.
    let count: Int
    /// The possible numbers of training samples, with at least one of each class.
    let sizes: ClosedRange<Int>

    init(of dataset: Dataset) throws(FileError) {
        (training, test) = (dataset.training.labelled, dataset.test.labelled)
        guard let knownLabels = training.labels, let askedLabels = test.labels else {
            throw FileError(path: dataset.name, expected: "labels", found: "none")
        }
        let known = Set(knownLabels.elements(as: Int32.self))
        let asked = Set(askedLabels.elements(as: Int32.self))
        guard known.count > 1 else {
            throw FileError(
                path: dataset.name, expected: "labels of at least two classes to train on",
                found: "\(known.count)")
        }
        guard !asked.isEmpty else {
            throw FileError(
                path: dataset.name, expected: "a labelled test sample", found: "none")
        }
        if let stranger = asked.subtracting(known).min() {
            throw FileError(
                path: dataset.name, expected: "test labels that also occur in training",
                found: "label \(dataset.className(of: stranger) ?? "")")
        }
        count = Int(known.max() ?? 0) + 1
        sizes = known.count...training.count
    }
}

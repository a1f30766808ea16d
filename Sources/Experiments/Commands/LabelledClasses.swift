import Autograd
import Datasets
import FileSupport

/// The samples of a data set that have a label, as classifiers need them, and their classes.
struct LabelledClasses {
    let training: Examples
    let test: Examples
    /// The labels are below it.
    let count: Int
    /// How many training samples can be asked for, one of each class at least.
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
                path: dataset.name, expected: "labels of two classes at least to train on",
                found: "\(known.count)")
        }
        guard !asked.isEmpty else {
            throw FileError(
                path: dataset.name, expected: "a test sample with a label", found: "none")
        }
        if let stranger = asked.subtracting(known).min() {
            throw FileError(
                path: dataset.name, expected: "test labels that training samples have too",
                found: "label \(dataset.className(of: stranger) ?? "")")
        }
        count = Int(known.max() ?? 0) + 1
        sizes = known.count...training.count
    }
}

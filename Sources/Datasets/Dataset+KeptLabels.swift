import Autograd
import FileSupport

extension Dataset {
    /// The data as if only so many training samples had been labelled: equally many of each class, as
    /// far as there are enough, drawn with the seed. Test samples keep their labels.
    ///
    /// - Throws: unless there are that many labels of at least two classes, and one for each.
    public func keepingLabels(_ count: Int, seed: UInt64) throws(FileError) -> Dataset {
        var labels = training.labels?.elements(as: Int32.self) ?? []
        let known = labels.filter { $0 >= 0 }
        let classes = Set(known).count
        func refuse(_ expected: String, _ found: String) throws(FileError) -> Never {
            throw FileError(path: name, expected: expected, found: found)
        }
        if known.isEmpty { try refuse("training samples with labels, to keep \(count)", "none") }
        if classes < 2 {
            try refuse("labels of at least two classes, to keep \(count)", "one class")
        }
        if count > known.count {
            try refuse("\(count) training samples with labels, to keep as many", "\(known.count)")
        }
        if count < classes {
            try refuse("at least \(classes) labels to keep, one for each class", "\(count)")
        }
        // Independent of the generators of the model and of its training.
        var generator = RandomGenerator(seed: seed ^ 0xC2B2_AE3D_27D4_EB4F)
        let kept = Set(training.balancedPositions(count, using: &generator))
        for position in labels.indices where !kept.contains(position) { labels[position] = -1 }
        return Dataset(
            name: name, training: training.with(labels: Tensor(labels)), test: test,
            classNames: classNames, columnNames: columnNames, notes: notes, source: source)
    }
}

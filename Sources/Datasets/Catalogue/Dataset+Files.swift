import Autograd
import FileSupport
import Foundation

extension Dataset {
    /// The data set in a file, one example per row; nil if the name is not that of a data file.
    ///
    /// - Parameter labels: where its labels are; nil if it has none.
    package static func file(
        _ path: String, splitting split: DataSplit = DataSplit(), labels: LabelSource? = nil
    ) throws(FileError) -> Dataset? {
        guard let file = try Examples.file(path, labels: labels) else { return nil }
        return try Dataset(
            name: path, splitting: file.examples, classNames: file.classNames,
            columnNames: file.columnNames, notes: file.notes, source: path, path: path, split)
    }

    /// By default, a tenth of the examples for testing, chosen at random but always the same.
    init(
        name: String, splitting examples: Examples, classNames: [String],
        columnNames: [String] = [], notes: [String] = [], source: String, path: String,
        _ split: DataSplit = DataSplit()
    ) throws(FileError) {
        let (training, test) = try split.positions(examples.count, path: path)
        self.init(
            name: name, training: examples[training], test: examples[test],
            classNames: classNames, columnNames: columnNames, notes: notes, source: source)
    }

    /// Whether a name is that of a file that can be read as data, by its suffix or its content.
    package static func isFile(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: filePath(of: name))
            && DataFormat(ofFile: name) != nil
    }

    /// The path of the named file, without the name of an array in an archive.
    package static func filePath(of name: String) -> String { NPZ.Place(name)?.archive ?? name }

    /// The data set with only the training examples that have the given label.
    ///
    /// - Throws: if there are none.
    package func training(onLabel label: String) throws(FileError) -> Dataset {
        guard let number = classNames.firstIndex(of: label), let labels = training.labels else {
            throw FileError(
                path: name, expected: "samples with the label \(label.quoted)",
                found: classNames.isEmpty
                    ? "none with labels" : "labels \(classNames.joined(separator: ", "))")
        }
        let numbers = labels.elements(as: Int32.self)
        let chosen = training[numbers.indices.filter { numbers[$0] == number }]
        guard chosen.count > 0 else {
            throw FileError(
                path: name, expected: "samples to train on with the label \(label.quoted)",
                found: "none")
        }
        return Dataset(
            name: name, training: chosen, test: test, classNames: classNames,
            columnNames: columnNames, notes: notes, source: source)
    }

    /// The data set with its classes numbered as others are, by their names.
    ///
    /// - Throws: if a sample is of a class that is none of these.
    package func numberingClasses(as names: [String]) throws(FileError) -> Dataset {
        guard names != classNames else { return self }
        let numbers = Dictionary(zip(names, Int32(0)...)) { first, _ in first }
        func numbered(_ examples: Examples) throws(FileError) -> Examples {
            guard let labels = examples.labels?.elements(as: Int32.self) else { return examples }
            let others = try labels.map { label throws(FileError) -> Int32 in
                guard let name = className(of: label) else { return -1 }
                guard let number = numbers[name] else {
                    throw FileError(
                        path: self.name,
                        expected: "labels that occur in training: \(names.quotedList(most: 20))",
                        found: name.quoted)
                }
                return number
            }
            return examples.with(labels: Tensor(others))
        }
        return Dataset(
            name: name, training: try numbered(training), test: try numbered(test),
            classNames: names, columnNames: columnNames, notes: notes, source: source)
    }
}

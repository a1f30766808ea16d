import Autograd
import FileSupport

extension Dataset {
    /// The data with the values of a factor that samples were made by as the conditions of a model.
    ///
    /// - Throws: unless there is such a factor, whose values have an order.
    package func telling(_ factor: String) throws(FileError) -> Dataset {
        func told(_ examples: Examples) throws(FileError) -> Examples {
            let all = examples.factors?.all ?? []
            let known = all.filter { !$0.isCategory }.map(\.name)
            guard let index = all.firstIndex(where: { $0.name == factor && !$0.isCategory }),
                let values = examples.factors?.values(of: index)
            else {
                throw FileError(
                    path: name,
                    expected:
                        "a file .csv or .tsv with a column \(factor.quoted) of conditions, or "
                        + "samples made by such a factor",
                    found: known.isEmpty ? "neither" : "the factors \(known.quotedList(most: 8))")
            }
            return examples.with(condition: values.cast(to: .float64))
        }
        return Dataset(
            name: name, training: try told(training), test: try told(test), classNames: classNames,
            columnNames: columnNames, notes: notes, source: source)
    }

    /// The data as if only so many conditions of training samples had been known, drawn with the seed; the
    /// others are not a number. Test samples keep theirs.
    ///
    /// - Throws: unless there are that many, and one.
    package func keepingConditions(_ count: Int, seed: UInt64) throws(FileError) -> Dataset {
        guard let condition = training.condition, (1...training.count).contains(count) else {
            throw FileError(
                path: name, expected: "\(count) training samples with numbers, to keep as many",
                found: training.condition == nil ? "none" : "\(training.count)")
        }
        // Independent of the generators of the model and of its training.
        var generator = RandomGenerator(seed: seed ^ 0xC2B2_AE3D_27D4_EB4F)
        var numbers = condition.cast(to: .float64).elements(as: Double.self)
        for position in generator.permutation(numbers.count).dropFirst(count) {
            numbers[position] = .nan
        }
        return Dataset(
            name: name, training: training.with(condition: Tensor(numbers)), test: test,
            classNames: classNames, columnNames: columnNames, notes: notes, source: source)
    }
}

import Autograd
import Datasets
import FileSupport
import Models

/// What is known of the training samples besides themselves, by which their codes are told apart: their
/// labels, their factors, and the columns of a table.
struct SampleAttributes {
    private struct Column {
        let name: String
        /// Of each training sample; nil if it is missing.
        let cells: [String?]
        /// All values that occur, in the training samples or elsewhere.
        let values: Set<String>
        /// The cells as numbers, if all of them are; nil if they are names.
        let numbers: [Double?]?

        init(_ name: String, _ cells: [String?], among all: [String?], areNames: Bool = false) {
            (self.name, self.cells) = (name, cells)
            values = Set(all.compactMap { $0 })
            let areNumbers = !areNames && values.allSatisfy { Double($0)?.isFinite == true }
            numbers = areNumbers ? cells.map { $0.flatMap { Double($0) } } : nil
        }
    }

    private var columns: [Column] = []

    /// - Parameter path: of a table with a row for each sample of the data, in the order of their file or
    ///   folder; nil if there is none.
    init(of dataset: Dataset, table path: String?) throws(FileError) {
        let training = dataset.training
        if let labels = training.labels?.elements(as: Int32.self) {
            let names = labels.map(dataset.className)
            columns.append(
                Column("label", names, among: names + dataset.classNames, areNames: true))
        }
        for (index, factor) in (training.factors?.all ?? []).enumerated() {
            let values = training.factors?.values(of: index).elements(as: Float.self) ?? []
            let cells = values.map(\.description)
            columns.append(Column(factor.name, cells, among: cells))
        }
        guard let path else { return }
        let table = try CSV.Table(contentsOf: path)
        try dataset.requireOneOrigin(of: table.rowCount, "row", in: path)
        let places = (0..<training.count).map(training.origin)
        for (index, name) in table.header.enumerated() {
            let cells = (0..<table.rowCount).map { row -> String? in
                let text = table[row, index].trimmed
                return text.isEmpty ? nil : text
            }
            columns.append(Column(name, places.map { cells[$0] }, among: cells))
        }
    }

    /// Whether nothing is known.
    var isEmpty: Bool { columns.isEmpty }

    /// Which samples have an attribute; nil for those of which it is not known.
    ///
    /// - Parameter name: `COLUMN=VALUE`; a value that one column alone has; or a column of numbers, of
    ///   which those above the mean count as having it.
    func marks(_ name: String) throws(UsageError) -> [Bool?] {
        if let split = name.firstIndex(of: "="),
            let column = columns.first(where: { $0.name == name[..<split] })
        {
            let value = String(name[name.index(after: split)...])
            guard column.values.contains(value) else {
                throw UsageError(
                    unknown: "value of \(column.name)", value, known: column.values.sorted())
            }
            return column.cells.map { $0.map { $0 == value } }
        }
        let holding = columns.filter { $0.values.contains(name) }
        if holding.count == 1 { return holding[0].cells.map { $0.map { $0 == name } } }
        guard holding.isEmpty else {
            throw UsageError(
                "the attribute \(name.quoted) is a value of several columns: expected one of "
                    + holding.map { "\($0.name)=\(name)" }.joined(separator: ", "))
        }
        if let column = columns.first(where: { $0.name == name }), let numbers = column.numbers {
            let known = numbers.compactMap { $0 }
            let mean = known.reduce(0, +) / Double(max(1, known.count))
            return numbers.map { $0.map { $0 > mean } }
        }
        throw UsageError(unknown: "attribute", name, known: names)
    }

    /// The attributes that can be named, some of each column at most.
    private var names: [String] {
        columns.flatMap { column in
            column.numbers != nil ? [column.name] : Array(column.values.sorted().prefix(30))
        }
    }
}

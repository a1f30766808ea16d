import Autograd
import FileSupport

/// A table as a data set, with the encoding needed to read other tables the same way.
public struct TableDataset: Sendable {
    /// Rows as samples. Labels are the indices of their texts in `classNames`, and −1 if they are
    /// missing; nil if all are. Its notes only concern the file, see ``TableSchema/notes(on:)``.
    public let dataset: Dataset
    public let encoding: TableEncoding
    /// For each column, the number of cells with values that did not occur in training.
    public let unseen: [(column: String, cells: Int)]
}

extension TableDataset {
    /// The names of the tables that ``Dataset/named(_:directory:)`` knows.
    public static let names = tables.keys.sorted()

    private static let tables: [String: @Sendable () -> CSV.Table] = [
        "customers": { CSV.Table.customers() }
    ]

    /// Whether a name is that of a table: of a file `.csv`, `.tsv`, `.tab`, `.txt` or `.data`, also
    /// gzipped or in upper case, or one of ``names``.
    public static func isTable(_ name: String) -> Bool {
        names.contains(name) || DataFormat(ofFile: name) == .table
    }

    /// The table with such a name, as text, see ``CSV/Table/init(contentsOf:dialect:)``.
    ///
    /// - Parameter dialect: how the fields of a file are separated, if known.
    public static func table(
        _ name: String, dialect: CSV.Dialect? = nil
    ) throws(FileError) -> CSV.Table {
        if let make = tables[name] { return make() }
        guard isTable(name) else {
            throw FileError(
                path: name, expected: "a table, a file .csv or .tsv", found: "another name")
        }
        let table = try CSV.Table(contentsOf: name, dialect: dialect)
        guard table.rowCount > 0 else {
            throw FileError(path: name, expected: "rows below the header", found: "none")
        }
        return table
    }

    /// The label column of the tables that come with the package.
    public static func usualLabel(of name: String) -> String? {
        name == "customers" ? "fraud" : nil
    }

    /// Splits a table and fits a schema to the training rows.
    ///
    /// - Parameter name: the name of the table, for error messages.
    public init(
        _ table: CSV.Table, name: String, schema: TableSchema, splitting split: DataSplit
    ) throws(FileError) {
        try self.init(table, name: name, schema: schema, splitting: split, condition: nil)
    }

    /// - Parameter condition: the column that a conditional model is told, in place of labels; the label column of
    ///   the schema.
    package init(
        _ table: CSV.Table, name: String, schema: TableSchema, splitting split: DataSplit,
        condition: String?
    ) throws(FileError) {
        var (training, test) = try split.positions(table.rowCount, path: name)
        if let normal = split.normal {
            guard let label = schema.label,
                let place = table.header.firstIndex(of: label)
            else {
                throw FileError(
                    path: name, expected: "a column of labels, to train on \(normal.quoted) alone",
                    found: "none")
            }
            training = try Self.rows(training, of: table, labelled: normal, at: place, name)
        }
        let encoding = try TableEncoding(fitting: schema, to: table, rows: training, path: name)
        let told = try condition.map { column throws(FileError) in
            try ConditionColumn(named: column, of: table, areNumbers: nil, path: name)
        }
        try self.init(
            table, name: name, encoding: encoding, training: training, test: test,
            labels: told?.labels, condition: told?.numbers)
    }

    /// Splits a table in the same way, with an encoding that was fitted before.
    public init(
        _ table: CSV.Table, name: String, encoding: TableEncoding, splitting split: DataSplit
    ) throws(FileError) {
        try self.init(table, name: name, encoding: encoding, splitting: split, labels: nil)
    }

    /// - Parameter labels: where the labels are, unless in the column that the encoding knows.
    package init(
        _ table: CSV.Table, name: String, encoding: TableEncoding, splitting split: DataSplit,
        labels: LabelSource?
    ) throws(FileError) {
        var table = table
        var told: ConditionColumn?
        if case .condition(let column, let isNumber) = labels {
            told = try ConditionColumn(named: column, of: table, areNumbers: isNumber, path: name)
        }
        let labels = try labels?.labels(of: &table, readBy: encoding, path: name)
        var (training, test) = try split.positions(table.rowCount, path: name)
        if let normal = split.normal, let label = encoding.label,
            let place = table.header.firstIndex(of: label)
        {
            training = try Self.rows(training, of: table, labelled: normal, at: place, name)
        }
        try self.init(
            table, name: name, encoding: encoding, training: training, test: test, labels: labels,
            condition: told?.numbers)
    }

    /// Those of the given rows that have a label in a column; at least one.
    private static func rows(
        _ rows: [Int], of table: CSV.Table, labelled label: String, at column: Int, _ name: String
    ) throws(FileError) -> [Int] {
        let labelled = rows.filter { table.cell($0, column) == label }
        guard !labelled.isEmpty else {
            throw FileError(
                path: name, expected: "rows to train on with the label \(label.quoted)",
                found: "none")
        }
        return labelled
    }

    private init(
        _ table: CSV.Table, name: String, encoding: TableEncoding, training: [Int],
        test: [Int], labels: [String?]?, condition: Tensor?
    ) throws(FileError) {
        let texts = if let labels { labels } else { try encoding.labels(of: table, path: name) }
        // What is told as numbers is no label.
        let labels = ClassLabels(condition == nil ? texts ?? [] : [])
        // The whole table never exists beside its parts: it may be half of the memory.
        func part(_ rows: [Int]) throws(FileError) -> (examples: Examples, rows: EncodedRows) {
            let encoded = try encoding.encode(rows, of: table, path: name)
            let places = Tensor(rows.map { Int32($0) })
            let examples = Examples(
                encoded.samples, labels: labels.numbers?.gathered(at: places),
                condition: condition?.gathered(at: places), origins: rows)
            return (examples, encoded)
        }
        let known = try part(training)
        let other = test == training ? nil : try part(test)
        self.encoding = encoding
        unseen = EncodedRows.unseen([known.rows] + (other.map { [$0.rows] } ?? []))
        dataset = Dataset(
            name: name, training: known.examples, test: (other ?? known).examples,
            classNames: labels.classNames, notes: table.notes, source: name)
    }
}

extension Dataset {
    /// The table ``CSV/Table/customers(count:seed:)`` as numbers, with its inferred columns.
    static func customers() throws(FileError) -> Dataset {
        let table = CSV.Table.customers()
        let name = "customers"
        let schema = try TableSchema(
            inferredFrom: table, label: TableDataset.usualLabel(of: name), path: name)
        return try TableDataset(table, name: name, schema: schema, splitting: DataSplit()).dataset
    }
}

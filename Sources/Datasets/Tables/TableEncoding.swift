import Autograd
import FileSupport
import Foundation

/// How the rows of a table become samples: a schema fitted to the training rows, so that other rows
/// are encoded the same way.
///
/// A row is a vector, column after column. A number or a date takes two elements: its scaled value,
/// and 1 if the cell is not missing; a category takes one for each of its values and one for all
/// unseen values; an embedding takes one, the number of its value from 1, the last being for unseen
/// values. A missing cell is all zeros.
public struct TableEncoding: Codable, Hashable, Sendable {
    public struct Column: Codable, Hashable, Sendable {
        public let name: String
        let content: Content
        /// Texts that stand for a missing cell of this column, besides those of all columns.
        let missing: [String]

        /// The kind that the schema gives the column.
        public var kind: TableSchema.Kind {
            switch content {
            case .number(.standard, _, _): .number
            case .number(.rank, _, _): .rank
            case .category: .category
            case .embedding: .embedding
            case .date: .date
            case .ignored: .ignored
            case .label: .label
            }
        }

        /// How many values a category can have, counting unseen values as one; 0 for other kinds.
        public var values: Int {
            switch content {
            case .category(let values), .embedding(let values): values.count + 1
            case .number, .date, .ignored, .label: 0
            }
        }

        /// How many elements of a sample the column takes.
        public var elements: Int {
            switch content {
            case .number, .date: 2
            case .category: values
            case .embedding: 1
            case .ignored, .label: 0
            }
        }

        var isInput: Bool { elements > 0 }

        /// The number in a cell, or for a date the days since the beginning of 1970; nil for other
        /// kinds.
        public func number(_ field: String) -> Double? {
            switch content {
            case .number(_, _, let style): (style ?? .plain).number(field.trimmed)
            case .date(_, let format): format.days(field.trimmed)
            case .category, .embedding, .ignored, .label: nil
            }
        }

        /// A number, or the date of the given days since the beginning of 1970, written like the
        /// cells of the column; empty for other kinds.
        public func text(of number: Double) -> String {
            switch content {
            case .number(_, let decimals, let style):
                return (style ?? .plain).text(number, decimals: decimals)
            case .date(_, let format): return format.text(number)
            case .category, .embedding, .ignored, .label: return ""
            }
        }
    }

    enum Content: Codable, Hashable, Sendable {
        /// Numbers with the given number of decimals, nil if written with exponents, and their
        /// style, nil if as programs write them.
        case number(NumberScale, decimals: Int?, style: NumberStyle?)
        case category(values: [String])
        case embedding(values: [String])
        case date(NumberScale, format: DateFormat)
        case ignored
        case label
    }

    public let columns: [Column]
    /// The texts that stand for a missing cell, in order.
    public let missing: [String]

    /// The columns that samples consist of, in order.
    public var inputs: [Column] { columns.filter(\.isInput) }

    /// The elements of a sample.
    public var elements: Int { columns.reduce(0) { $0 + $1.elements } }

    /// The label column, if the schema names one.
    public var label: String? { columns.first { $0.kind == .label }?.name }

    /// Whether a text stands for a missing cell in every column.
    public func isMissing(_ field: String) -> Bool { missing.contains(field.trimmed) }

    /// Whether a text stands for a missing cell of a column, which may have further such texts.
    public func isMissing(_ field: String, in column: Column) -> Bool {
        let cell = field.trimmed
        return missing.contains(cell) || column.missing.contains(cell)
            || column.kind.isOrdered && MissingCells.isMark(Array(cell.utf8).span)
    }

    /// Which texts stand for a missing cell of a column.
    func missingCells(of column: Column) -> MissingCells {
        MissingCells(missing, and: column.missing, takesMarks: column.kind.isOrdered)
    }

    // MARK: Fitting

    /// Fits a schema to the rows of a table.
    ///
    /// - Parameters:
    ///   - rows: the positions of the training rows.
    ///   - path: the file to name in errors.
    /// - Throws: if the columns are not those of the schema, a cell is not of its column's kind, or
    ///   all cells of a column are missing that is not ignored.
    public init(
        fitting schema: TableSchema, to table: CSV.Table, rows: [Int], path: String
    ) throws(FileError) {
        try TableSchema.checkNames(of: table, path: path)
        let missing = Set(schema.missing.map(\.trimmed)).sorted()
        let everywhere = MissingCells(missing, takesMarks: false)
        let names = schema.columns.map(\.name)
        // A column without a name only numbers the rows.
        let places = try Self.places(of: names, optional: [""], in: table, path: path)
        // All rows show how numbers and dates are written, not only the training rows.
        var styles: [NumberStyle]?
        var columns: [Column] = []
        for column in schema.columns {
            guard let place = places[column.name] else { continue }
            let missing = schema.missing(in: column)
            var fitting = Fitting(
                table: table, rows: rows, place: place, column: column, missing: missing,
                ranksDates: schema.ranksDates, path: path)
            if column.kind == .number || column.kind == .rank {
                let plain = PlainNumbers(
                    table, column: place, everywhere: everywhere, missing: missing)
                fitting.style = plain.evidence.style(otherwise: .point)
                fitting.plain = plain
                // Other columns matter only if this one does not tell.
                if plain.evidence.isAmbiguous {
                    let all =
                        styles ?? table.numberStyles { everywhere.contains($0) }.map(\.style)
                    (styles, fitting.style) = (all, all[place])
                }
            }
            columns.append(
                Column(
                    name: column.name, content: try fitting.content(), missing: column.missing))
        }
        self.columns = columns
        self.missing = missing
        guard elements > 0 else {
            throw FileError(
                path: path, expected: "a column to learn from",
                found: "none that is neither ignored nor the label")
        }
    }

    // MARK: Columns

    /// Where the columns are in a table that must have all of the given names, and no others.
    ///
    /// - Parameter optional: names that need not exist.
    static func places(
        of names: [String], optional: Set<String>, in table: CSV.Table, path: String
    ) throws(FileError) -> [String: Int] {
        let places = Dictionary(zip(table.header, table.header.indices)) { first, _ in first }
        let lacking = names.filter { places[$0] == nil && !optional.contains($0) }
        let known = Set(names)
        let extra = table.header.filter { !$0.isEmpty && !known.contains($0) }
        guard lacking.isEmpty, extra.isEmpty else {
            let found = [
                lacking.isEmpty ? nil : "a table without \(lacking.quotedList(most: 5))",
                extra.isEmpty ? nil : "\(extra.quotedList(most: 5)) besides",
            ]
            throw FileError(
                path: path, expected: "the columns of the schema",
                found: found.compactMap { $0 }.joined(separator: ", and "))
        }
        return places
    }
}

// MARK: - File

extension TableEncoding {
    /// The encoding in a file.
    public init(contentsOf path: String) throws(FileError) {
        self = try JSON.read(from: path, expected: "the encoding of a table", limit: .max)
    }

    public func write(to path: String) throws(FileError) { try JSON.write(self, to: path) }

    private enum CodingKeys: CodingKey { case columns, missing }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        columns = try container.decode([Column].self, forKey: .columns)
        missing = try container.decode([String].self, forKey: .missing)
        if let flaw {
            throw DecodingError.dataCorruptedError(
                forKey: .columns, in: container, debugDescription: flaw)
        }
    }

    /// What is invalid about the encoding, if anything, as one that was read from a file may be.
    private var flaw: String? {
        if let name = columns.map(\.name).firstDuplicate {
            return "two columns called \(name.quoted)"
        }
        if columns.count(where: { $0.kind == .label }) > 1 { return "two columns of labels" }
        if elements == 0 { return "no column to learn from" }
        if let text = missing.firstDuplicate { return "the missing text \(text.quoted) twice" }
        return columns.lazy.compactMap { column in
            column.content.flaw.map { "\($0) in the column \(column.name.quoted)" }
        }.first
    }
}

extension TableEncoding.Column {
    private enum CodingKeys: CodingKey { case name, content, missing }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        content = try container.decode(TableEncoding.Content.self, forKey: .content)
        missing = try container.decodeIfPresent([String].self, forKey: .missing) ?? []
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(content, forKey: .content)
        if !missing.isEmpty { try container.encode(missing, forKey: .missing) }
    }
}

extension TableEncoding.Content {
    fileprivate var flaw: String? {
        switch self {
        case .number(let scale, let decimals, _):
            if let decimals, !(0...17 ~= decimals) { return "\(decimals) decimals" }
            return scale.flaw
        case .date(let scale, _): return scale.flaw
        case .category(let values), .embedding(let values):
            if values.isEmpty { return "a category without values" }
            return values.firstDuplicate.map { "the value \($0.quoted) twice" }
        case .ignored, .label: return nil
        }
    }
}

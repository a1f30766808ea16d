import Autograd
import Foundation

/// How the rows of a table become samples: a schema fitted to the rows that a model is trained
/// on, so that other rows are taken the same way.
///
/// A row is a vector, column after column. A number or a date takes two elements: its scaled
/// value, and 1 where the cell is there; a category one for each of its values and one for all
/// values that were never seen; an embedding one, the number of its value from 1, the last being
/// that of values never seen. A missing cell is all zeros.
public struct TableEncoding: Codable, Hashable, Sendable {
    public struct Column: Codable, Hashable, Sendable {
        public let name: String
        let content: Content

        /// The kind that the schema gave the column.
        public var kind: TableSchema.Kind {
            switch content {
            case .number(.standard, _): .number
            case .number(.rank, _): .rank
            case .category: .category
            case .embedding: .embedding
            case .date: .date
            case .ignored: .ignored
            case .label: .label
            }
        }

        /// How many values a category can have, those never seen counting as one; else 0.
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

        /// The number in a cell, or of a date its days since the beginning of 1970; nil for all
        /// else.
        public func number(_ field: String) -> Double? {
            switch content {
            case .number: Double(field.trimmed)
            case .date(_, let format): format.days(field.trimmed)
            case .category, .embedding, .ignored, .label: nil
            }
        }

        /// A number, or the date of days since the beginning of 1970, written as the cells of the
        /// column are; empty for all else.
        public func text(of number: Double) -> String {
            switch content {
            case .number(_, let decimals?):
                let text = String(format: "%.*f", min(decimals, 17), number)
                return text.allSatisfy { "-0.".contains($0) }
                    ? text.replacingOccurrences(of: "-", with: "") : text
            case .number(_, nil): return "\(number)"
            case .date(_, let format): return format.text(number)
            case .category, .embedding, .ignored, .label: return ""
            }
        }
    }

    enum Content: Codable, Hashable, Sendable {
        /// Numbers that are written with so many decimals; nil where with exponents.
        case number(NumberScale, decimals: Int?)
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

    /// The column of labels, if the schema names one.
    public var label: String? { columns.first { $0.kind == .label }?.name }

    /// Whether a text stands for a missing cell.
    public func isMissing(_ field: String) -> Bool { missing.contains(field.trimmed) }

    // MARK: Fitting

    /// Fits a schema to the rows of a table.
    ///
    /// - Parameters:
    ///   - rows: the positions of the rows that a model is to be trained on.
    ///   - path: named where something is wrong.
    /// - Throws: where the columns are not those of the schema, a cell is not of its column's
    ///   kind, or a column that is not left out has no cell that is there.
    public init(
        fitting schema: TableSchema, to table: CSV.Table, rows: [Int], path: String
    ) throws(FileError) {
        try TableSchema.checkNames(of: table, path: path)
        missing = Set(schema.missing.map(\.trimmed)).sorted()
        let names = schema.columns.map(\.name)
        let places = try Self.places(of: names, optional: [], in: table, path: path)
        var columns: [Column] = []
        for column in schema.columns {
            let place = places[column.name]!
            var cells: [String] = []
            for row in rows {
                let cell = table.rows[row][place].trimmed
                if !missing.contains(cell) { cells.append(cell) }
            }
            columns.append(
                Column(
                    name: column.name,
                    content: try Self.content(column, cells, rows: rows.count, path: path)))
        }
        self.columns = columns
        guard elements > 0 else {
            throw FileError(
                path: path, expected: "a column to learn from",
                found: "none that is neither ignored nor the label")
        }
    }

    private static func content(
        _ column: TableSchema.Column, _ cells: [String], rows: Int, path: String
    ) throws(FileError) -> Content {
        switch column.kind {
        case .ignored: return .ignored
        case .label: return .label
        case .number, .rank, .category, .embedding, .date: break
        }
        guard !cells.isEmpty else {
            throw FileError(
                path: path,
                expected: "a cell of the column \(column.name.quoted) that is there "
                    + "(or a schema that ignores the column)",
                found: "all \(rows) missing")
        }
        switch column.kind {
        case .number, .rank:
            var numbers: [Double] = []
            for cell in cells {
                numbers.append(try number(cell, in: column.name, path: path))
            }
            return .number(
                column.kind == .rank ? .rank(numbers) : .standard(numbers),
                decimals: decimals(of: cells))
        case .date:
            guard let format = DateFormat(of: cells) else {
                throw FileError(
                    path: path,
                    expected: "dates as 2026-03-31 or 2026-03-31 12:30:00 in the column "
                        + column.name.quoted,
                    found: cells.first { DateFormat(of: [$0]) == nil }?.quoted
                        ?? "some of either kind")
            }
            return .date(.standard(cells.map { format.days($0)! }), format: format)
        case .category: return .category(values: Set(cells).sorted())
        case .embedding: return .embedding(values: Set(cells).sorted())
        case .ignored, .label: return .ignored
        }
    }

    private static func number(
        _ cell: String, in column: String, path: String
    ) throws(FileError) -> Double {
        guard let number = Double(cell), number.isFinite else {
            throw FileError(
                path: path, expected: "numbers in the column \(column.quoted)", found: cell.quoted)
        }
        return number
    }

    /// The most decimals that numbers are written with; nil where one has an exponent.
    private static func decimals(of cells: [String]) -> Int? {
        var most = 0
        for cell in cells {
            guard !cell.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }) else { return nil }
            let point = cell.utf8.firstIndex(of: UInt8(ascii: "."))
            most = max(
                most, point.map { cell.utf8.distance(from: $0, to: cell.utf8.endIndex) - 1 } ?? 0)
        }
        return most
    }

    // MARK: Columns

    /// Where the columns of a table are that has all of some names, and no others.
    ///
    /// - Parameter optional: names that need not be there.
    static func places(
        of names: [String], optional: Set<String>, in table: CSV.Table, path: String
    ) throws(FileError) -> [String: Int] {
        let places = Dictionary(zip(table.header, table.header.indices)) { first, _ in first }
        let lacking = names.filter { places[$0] == nil && !optional.contains($0) }
        let extra = table.header.filter { !names.contains($0) }
        guard lacking.isEmpty, extra.isEmpty else {
            func list(_ names: [String]) -> String {
                names.prefix(5).map(\.quoted).joined(separator: ", ")
                    + (names.count > 5 ? " and \(names.count - 5) more" : "")
            }
            let found = [
                lacking.isEmpty ? nil : "a table without \(list(lacking))",
                extra.isEmpty ? nil : "\(list(extra)) besides",
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
        let input = try InputFile(at: path)
        let bytes = try input.bytes(0..<input.size)
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(bytes))
        } catch {
            throw FileError(
                path: path, expected: "the encoding of a table", found: error.explanation)
        }
    }

    public func write(to path: String) throws(FileError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Its numbers are finite.
        try AtomicFile.write(Array(try! encoder.encode(self)) + [0x0A], to: path)
    }
}

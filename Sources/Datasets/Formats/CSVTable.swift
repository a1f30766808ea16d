import Autograd
import FileSupport

extension CSV {
    /// Fields as text; every row has as many as the header.
    public struct Table: Sendable {
        /// The names of the columns; empty if the file has no header.
        public var header: [String]
        public var rows: [[String]]
        /// How it is written in its file, if it was read from one.
        public internal(set) var reading: Reading?

        public init(header: [String], rows: [[String]]) {
            self.header = header
            self.rows = rows
        }

        /// What a user should know about how the file was read, one sentence each.
        public var notes: [String] { reading?.notes ?? [] }

        /// How fields are separated in its file.
        public var dialect: Dialect { reading?.dialect ?? .commas }
    }

    /// How a table is written in its file.
    public struct Reading: Sendable, Hashable {
        public let dialect: Dialect
        /// Whether its first row holds the names of the columns; otherwise they are numbered.
        public internal(set) var hasHeader: Bool
        /// The line in which each row begins.
        public internal(set) var lines: [Int]
        public internal(set) var notes: [String] = []
    }
}

/// Tables are equal if their names and fields are, wherever they come from.
extension CSV.Table: Hashable {
    public static func == (one: CSV.Table, other: CSV.Table) -> Bool {
        one.header == other.header && one.rows == other.rows
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(header)
        hasher.combine(rows)
    }
}

extension CSV.Table {
    /// Reads a table like ``CSV/read(_:_:hasHeader:)``, and detects the separator from the content.
    /// If the whole first row is numeric, it is not a header, and columns are numbered from 1.
    ///
    /// - Parameter dialect: how fields are separated, if known.
    public init(contentsOf path: String, dialect: CSV.Dialect? = nil) throws(FileError) {
        try self.init(decoding: CSV.text(of: path), dialect: dialect, path: path)
    }

    /// - Parameter labels: a column that need not be numeric in a numeric first row.
    init(
        decoding bytes: [UInt8], dialect: CSV.Dialect?, labels: Int? = nil, path: String
    ) throws(FileError) {
        let usual = CSV.Dialect.usual(ofFile: path)
        let dialect = dialect ?? CSV.Dialect(of: bytes, otherwise: usual)
        self = try CSV.decode(bytes, dialect, hasHeader: false, path: path)
        if dialect.separator != usual.separator {
            reading?.notes.append("fields are separated by \(dialect.name)")
        }
        if let first = rows.first, Self.areNumbers(first, but: labels) {
            header = Self.numbers(first.count)
            reading?.notes.append(Self.note(withoutNames: first.count))
        } else {
            try takeHeader(path: path)
            dropEmptyLastColumn()
        }
    }

    /// Whether a first row is numeric, except perhaps for one column, and so not a header.
    static func areNumbers(_ row: [String], but column: Int?) -> Bool {
        row.indices.allSatisfy { $0 == column || WrittenNumber.isNumber(row[$0]) }
            && !(row.count == 1 && column == 0)
    }

    /// The names of columns without names.
    static func numbers(_ count: Int) -> [String] { (0..<count).map { "\($0 + 1)" } }

    static func note(withoutNames count: Int) -> String {
        "the first row is one of numbers: columns have no names and are called 1 to \(count)"
    }

    /// Uses the first row as the names of the columns.
    mutating func takeHeader(path: String) throws(FileError) {
        guard !rows.isEmpty else {
            throw FileError(path: path, expected: "a header", found: "an empty file")
        }
        header = rows.removeFirst()
        reading?.hasHeader = true
        if reading?.lines.isEmpty == false { reading?.lines.removeFirst() }
    }

    /// Removes a last column that has no name and only empty fields: lines that end in a separator.
    mutating func dropEmptyLastColumn() {
        let count = rows.first?.count ?? header.count
        guard count > 1, header.isEmpty || header.last == "",
            rows.allSatisfy({ $0.last?.isEmpty == true })
        else { return }
        if !header.isEmpty { header.removeLast() }
        for row in rows.indices { rows[row].removeLast() }
    }

    /// The location of a row: its line in the file, or its number if there is no file.
    func place(ofRow row: Int) -> String {
        guard let lines = reading?.lines, lines.count == rows.count else { return "row \(row + 1)" }
        return "line \(lines[row])"
    }
}

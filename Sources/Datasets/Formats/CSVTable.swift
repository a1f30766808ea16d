import Autograd
import FileSupport

extension CSV {
    /// Fields as text; every row has as many as the header.
    public struct Table: Sendable {
        /// The names of the columns; empty where the file has no header.
        public var header: [String]
        public var rows: [[String]]
        /// How it stands in its file, where it was read from one.
        public internal(set) var reading: Reading?

        public init(header: [String], rows: [[String]]) {
            self.header = header
            self.rows = rows
        }

        /// What a user should know of how the file was read, a sentence each.
        public var notes: [String] { reading?.notes ?? [] }

        /// How fields are told apart in its file.
        public var dialect: Dialect { reading?.dialect ?? .commas }
    }

    /// How a table stands in its file.
    public struct Reading: Sendable, Hashable {
        public let dialect: Dialect
        /// Whether its first row tells the names of the columns; else they are called by number.
        public internal(set) var hasHeader: Bool
        /// The line in which each row begins.
        public internal(set) var lines: [Int]
        public internal(set) var notes: [String] = []
    }
}

/// Tables are equal where their names and fields are, wherever they come from.
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
    /// Reads a table as people have it, as ``CSV/read(_:_:hasHeader:)`` does, and tells the
    /// separator from what is in the file. Where all of the first row are numbers, it is no
    /// header, and columns are called by their numbers from 1.
    ///
    /// - Parameter dialect: how fields are told apart, where it is known.
    public init(contentsOf path: String, dialect: CSV.Dialect? = nil) throws(FileError) {
        try self.init(decoding: CSV.text(of: path), dialect: dialect, path: path)
    }

    /// - Parameter labels: a column that need not be of numbers in a first row of numbers.
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

    /// Whether a first row is one of numbers, perhaps but for one column, and so no header.
    static func areNumbers(_ row: [String], but column: Int?) -> Bool {
        row.indices.allSatisfy { $0 == column || WrittenNumber.isNumber(row[$0]) }
            && !(row.count == 1 && column == 0)
    }

    /// What columns without names are called.
    static func numbers(_ count: Int) -> [String] { (0..<count).map { "\($0 + 1)" } }

    static func note(withoutNames count: Int) -> String {
        "the first row is one of numbers: columns have no names and are called 1 to \(count)"
    }

    /// Makes the first row the names of the columns.
    mutating func takeHeader(path: String) throws(FileError) {
        guard !rows.isEmpty else {
            throw FileError(path: path, expected: "a header", found: "an empty file")
        }
        header = rows.removeFirst()
        reading?.hasHeader = true
        if reading?.lines.isEmpty == false { reading?.lines.removeFirst() }
    }

    /// Takes away a last column without a name or anything else in it: lines that end in a
    /// separator.
    mutating func dropEmptyLastColumn() {
        let count = rows.first?.count ?? header.count
        guard count > 1, header.isEmpty || header.last == "",
            rows.allSatisfy({ $0.last?.isEmpty == true })
        else { return }
        if !header.isEmpty { header.removeLast() }
        for row in rows.indices { rows[row].removeLast() }
    }

    /// Where a row is found: its line in the file, or its number where there is none.
    func place(ofRow row: Int) -> String {
        guard let lines = reading?.lines, lines.count == rows.count else { return "row \(row + 1)" }
        return "line \(lines[row])"
    }
}

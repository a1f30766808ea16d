/// Tables as text (RFC 4180), separated by commas or tabulators.
public enum CSV {
    /// How fields are told apart.
    public struct Dialect: Sendable, Hashable {
        /// One ASCII character.
        public var separator: Character
        /// Whether fields may stand in double quotes, and then hold anything.
        public var hasQuotes: Bool

        public init(separator: Character, hasQuotes: Bool) {
            guard separator.isASCII, !separator.isNewline, separator != "\"" else {
                fatalError("CSV: \"\(separator)\" cannot separate fields")
            }
            self.separator = separator
            self.hasQuotes = hasQuotes
        }

        public static let commas = Dialect(separator: ",", hasQuotes: true)
        public static let tabulators = Dialect(separator: "\t", hasQuotes: false)
    }

    /// Fields as text; every row has as many as the header.
    public struct Table: Sendable, Hashable {
        /// The names of the columns; empty where the file has no header.
        public var header: [String]
        public var rows: [[String]]

        public init(header: [String], rows: [[String]]) {
            self.header = header
            self.rows = rows
        }
    }

    /// A table of numbers.
    public struct Numbers: Sendable, Hashable {
        /// The names of the columns; empty where the file has no header.
        public var header: [String]
        /// 64-bit floating point, [rows, columns].
        public var values: NumberArray

        public init(header: [String], values: NumberArray) {
            self.header = header
            self.values = values
        }
    }

    /// Reads a file, gzipped or not, in UTF-8, with line breaks of one or two
    /// characters. A row of another length than the first is refused.
    public static func read(
        _ path: String, _ dialect: Dialect = .commas, hasHeader: Bool = true
    ) throws(DataError) -> Table {
        let bytes = try FileReading.contents(of: path)
        return try decode(bytes, dialect, hasHeader: hasHeader, path: path)
    }

    /// Reads a file all fields of which are finite numbers, or one of the texts
    /// in `missing`, which become NaN. Any other field is an error that names its
    /// line and column.
    public static func readNumbers(
        _ path: String, _ dialect: Dialect = .commas, hasHeader: Bool = true,
        missing: Set<String> = []
    ) throws(DataError) -> Numbers {
        let bytes = try FileReading.contents(of: path)
        return try decodeNumbers(
            bytes, dialect, hasHeader: hasHeader, missing: missing, path: path)
    }

    /// Writes a table. Without quotes in the dialect, a field that would need
    /// them is refused.
    public static func write(
        _ table: Table, to path: String, _ dialect: Dialect = .commas
    ) throws(DataError) {
        try AtomicFile.write(encode(table, dialect, path: path), to: path)
    }

    /// Writes numbers, each with as many digits as it takes to read it back alike.
    public static func write(
        _ numbers: Numbers, to path: String, _ dialect: Dialect = .commas
    ) throws(DataError) {
        guard numbers.values.shape.count == 2, case .float64(let values) = numbers.values.elements
        else { fatalError("CSV: a table of shape \(numbers.values.shape) is not one of numbers") }
        let columns = numbers.values.shape[1]
        let rows = stride(from: 0, to: values.count, by: max(columns, 1)).map { start in
            values[start..<start + columns].map(\.description)
        }
        try write(Table(header: numbers.header, rows: rows), to: path, dialect)
    }

    // MARK: Bytes

    static func decode(
        _ bytes: [UInt8], _ dialect: Dialect, hasHeader: Bool, path: String
    ) throws(DataError) -> Table {
        var scanner = CSVScanner(bytes, dialect, path: path)
        let header = hasHeader ? try scanner.header() : []
        var rows: [[String]] = []
        while let (_, fields) = try scanner.nextRow() { rows.append(fields) }
        return Table(header: header, rows: rows)
    }

    static func decodeNumbers(
        _ bytes: [UInt8], _ dialect: Dialect, hasHeader: Bool, missing: Set<String>, path: String
    ) throws(DataError) -> Numbers {
        var scanner = CSVScanner(bytes, dialect, path: path)
        let header = hasHeader ? try scanner.header() : []
        var values: [Double] = []
        var rowCount = 0
        while let (line, fields) = try scanner.nextRow() {
            rowCount += 1
            for (index, field) in fields.enumerated() {
                if missing.contains(field) {
                    values.append(.nan)
                } else if let number = Double(field), number.isFinite {
                    values.append(number)
                } else {
                    let name = header.isEmpty ? "" : " (\(header[index]))"
                    throw DataError(
                        path: path,
                        expected: "a finite number in line \(line), column \(index + 1)\(name)",
                        found: field.quoted)
                }
            }
        }
        let shape = [rowCount, rowCount == 0 ? header.count : values.count / rowCount]
        return Numbers(
            header: header, values: NumberArray(shape: shape, elements: .float64(values)))
    }

    static func encode(_ table: Table, _ dialect: Dialect, path: String) throws(DataError)
        -> [UInt8]
    {
        var bytes: [UInt8] = []
        let separator = dialect.separator.asciiValue!
        for fields in (table.header.isEmpty ? [] : [table.header]) + table.rows {
            for (index, field) in fields.enumerated() {
                if index > 0 { bytes.append(separator) }
                let hasBreak = field.utf8.contains {
                    $0 == separator || $0 == 0x0A || $0 == 0x0D
                }
                if dialect.hasQuotes && (hasBreak || field.utf8.contains(0x22)) {
                    bytes += "\"\(field.replacing("\"", with: "\"\""))\"".utf8
                } else if !hasBreak {
                    bytes += field.utf8
                } else {
                    throw DataError(
                        path: path, expected: "fields without separators or line breaks",
                        found: field.quoted)
                }
            }
            bytes.append(0x0A)
        }
        return bytes
    }
}

/// Splits text into rows of fields.
struct CSVScanner {
    private let bytes: [UInt8]
    private let separator: UInt8
    private let hasQuotes: Bool
    private let path: String
    private var position: Int
    private var line = 1
    /// The fields of the first row, which all others have.
    private var columnCount: Int?

    init(_ bytes: [UInt8], _ dialect: CSV.Dialect, path: String) {
        self.bytes = bytes
        separator = dialect.separator.asciiValue!
        hasQuotes = dialect.hasQuotes
        self.path = path
        // Some programs mark UTF-8 by three bytes at the start.
        position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    mutating func header() throws(DataError) -> [String] {
        guard let (_, fields) = try nextRow() else {
            throw DataError(path: path, expected: "a header", found: "an empty file")
        }
        return fields
    }

    /// The next row and the line it starts in, or nil at the end.
    mutating func nextRow() throws(DataError) -> (line: Int, fields: [String])? {
        guard position < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        fields.reserveCapacity(columnCount ?? 0)
        repeat { fields.append(try nextField()) } while !endsRow()
        guard fields.count == columnCount ?? fields.count else {
            throw DataError(
                path: path, expected: "\(columnCount!) fields in line \(start)",
                found: "\(fields.count)")
        }
        columnCount = fields.count
        return (start, fields)
    }

    /// Steps over what ended a field; whether it ended the row too.
    private mutating func endsRow() -> Bool {
        guard position < bytes.count else { return true }
        if bytes[position] == separator {
            position += 1
            return false
        }
        if bytes[position] == 0x0D { position += 1 }
        position += 1
        line += 1
        return true
    }

    private func isEndOfField(_ position: Int) -> Bool {
        guard position < bytes.count else { return true }
        let byte = bytes[position]
        return byte == separator || byte == 0x0A
            || byte == 0x0D && position + 1 < bytes.count && bytes[position + 1] == 0x0A
    }

    private mutating func nextField() throws(DataError) -> String {
        if hasQuotes && position < bytes.count && bytes[position] == 0x22 {
            return try quotedField()
        }
        let start = position
        while !isEndOfField(position) {
            if hasQuotes && bytes[position] == 0x22 {
                throw DataError(
                    path: path, expected: "quotes only around whole fields in line \(line)",
                    found: "a quote within a field")
            }
            position += 1
        }
        return try text(bytes[start..<position])
    }

    private mutating func quotedField() throws(DataError) -> String {
        let start = line
        var content: [UInt8] = []
        position += 1
        while true {
            guard position < bytes.count else {
                throw DataError(
                    path: path, expected: "an end of the quotes from line \(start)",
                    found: "the end of the file")
            }
            let byte = bytes[position]
            position += 1
            if byte == 0x22 {
                guard position < bytes.count, bytes[position] == 0x22 else { break }
                position += 1
            }
            if byte == 0x0A { line += 1 }
            content.append(byte)
        }
        guard isEndOfField(position) else {
            throw DataError(
                path: path, expected: "the end of the field after its quotes in line \(line)",
                found: "more text")
        }
        return try text(content[...])
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(DataError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DataError(
                path: path, expected: "UTF-8 in line \(line)", found: "other bytes")
        }
        return text
    }
}

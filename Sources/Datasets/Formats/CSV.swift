import Autograd

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
                programmerError("CSV", "\"\(separator)\" cannot separate fields")
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
    public struct Numbers: Sendable {
        /// The names of the columns; empty where the file has no header.
        public var header: [String]
        /// `float64` where read; shape [rows, columns].
        public var values: Tensor

        public init(header: [String], values: Tensor) {
            self.header = header
            self.values = values
        }
    }

    /// Reads a file, gzipped or not, in UTF-8, with line breaks of one or two
    /// characters. A row of another length than the first is refused.
    public static func read(
        _ path: String, _ dialect: Dialect = .commas, hasHeader: Bool = true
    ) throws(FileError) -> Table {
        let bytes = try FileReading.contents(of: path)
        return try decode(bytes, dialect, hasHeader: hasHeader, path: path)
    }

    /// Reads a file all fields of which are finite numbers, or one of the texts
    /// in `missing`, which become NaN. Any other field is an error that names its
    /// line and column.
    public static func readNumbers(
        _ path: String, _ dialect: Dialect = .commas, hasHeader: Bool = true,
        missing: Set<String> = []
    ) throws(FileError) -> Numbers {
        let bytes = try FileReading.contents(of: path)
        return try decodeNumbers(
            bytes, dialect, hasHeader: hasHeader, missing: missing, path: path)
    }

    /// Writes a table. Without quotes in the dialect, a field that would need
    /// them is refused.
    public static func write(
        _ table: Table, to path: String, _ dialect: Dialect = .commas
    ) throws(FileError) {
        try AtomicFile.write(encode(table, dialect, path: path), to: path)
    }

    /// Writes numbers, each with as many digits as it takes to read it back alike.
    public static func write(
        _ numbers: Numbers, to path: String, _ dialect: Dialect = .commas
    ) throws(FileError) {
        guard numbers.values.rank == 2 else {
            programmerError("CSV", "numbers of shape \(numbers.values.shape) are not a table")
        }
        let columns = numbers.values.shape[1]
        let values = descriptions(numbers.values)
        let rows = stride(from: 0, to: values.count, by: max(columns, 1)).map { start in
            Array(values[start..<start + columns])
        }
        try write(Table(header: numbers.header, rows: rows), to: path, dialect)
    }

    // MARK: Bytes

    static func decode(
        _ bytes: [UInt8], _ dialect: Dialect, hasHeader: Bool, path: String
    ) throws(FileError) -> Table {
        var scanner = CSVScanner(bytes, dialect, path: path)
        let header = hasHeader ? try scanner.header() : []
        var rows: [[String]] = []
        while let (_, fields) = try scanner.nextRow() { rows.append(fields) }
        return Table(header: header, rows: rows)
    }

    static func decodeNumbers(
        _ bytes: [UInt8], _ dialect: Dialect, hasHeader: Bool, missing: Set<String>, path: String
    ) throws(FileError) -> Numbers {
        try decodeNumbers(
            bytes, dialect, hasHeader: hasHeader, missing: missing, apart: nil, path: path
        ).numbers
    }

    /// - Parameter column: one whose texts are no numbers of the table.
    static func decodeNumbers(
        _ bytes: [UInt8], _ dialect: Dialect, hasHeader: Bool, missing: Set<String>,
        apart column: Int?, path: String
    ) throws(FileError) -> (numbers: Numbers, texts: [String]) {
        var scanner = CSVScanner(bytes, dialect, path: path)
        var header = hasHeader ? try scanner.header() : []
        var values: [Double] = []
        var texts: [String] = []
        var rowCount = 0
        while let (line, fields) = try scanner.nextRow() {
            rowCount += 1
            for (index, field) in fields.enumerated() {
                if index == column {
                    texts.append(field)
                } else if missing.contains(field) {
                    values.append(.nan)
                } else if let number = Double(field), number.isFinite {
                    values.append(number)
                } else {
                    let name = header.isEmpty ? "" : " (\(header[index]))"
                    throw FileError(
                        path: path,
                        expected: "a finite number in line \(line), column \(index + 1)\(name)",
                        found: field.quoted)
                }
            }
        }
        if let column, hasHeader { header.remove(at: column) }
        let columnCount = rowCount == 0 ? header.count : values.count / rowCount
        let numbers = Tensor(values, shape: [rowCount, columnCount])
        return (Numbers(header: header, values: numbers), texts)
    }

    private static func descriptions(_ tensor: Tensor) -> [String] {
        switch tensor.dataType {
        case .float32: tensor.elements(as: Float.self).map(\.description)
        case .float64: tensor.elements(as: Double.self).map(\.description)
        case .int32: tensor.elements(as: Int32.self).map(\.description)
        case .uint8: tensor.elements(as: UInt8.self).map(\.description)
        case .bool: tensor.elements(as: Bool.self).map { $0 ? "1" : "0" }
        }
    }

    static func encode(_ table: Table, _ dialect: Dialect, path: String) throws(FileError)
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
                    // By bytes: to a Character, a quote under an accent is no quote.
                    bytes.append(0x22)
                    for byte in field.utf8 { bytes += byte == 0x22 ? [byte, byte] : [byte] }
                    bytes.append(0x22)
                } else if !hasBreak {
                    bytes += field.utf8
                } else {
                    throw FileError(
                        path: path, expected: "fields without separators or line breaks",
                        found: field.quoted)
                }
            }
            bytes.append(0x0A)
        }
        // What looks like the mark of UTF-8 would be taken for one: so give one.
        return bytes.starts(with: CSVScanner.mark) ? CSVScanner.mark + bytes : bytes
    }
}

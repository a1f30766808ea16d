import Autograd
import FileSupport

/// Tables as text (RFC 4180), separated by commas, semicolons, tabs or other characters.
public enum CSV {
    /// A table of numbers.
    public struct Numbers: Sendable {
        /// The names of the columns; empty if the file has no header.
        public var header: [String]
        /// `float64` when read; shape [rows, columns].
        public var values: Tensor

        public init(header: [String], values: Tensor) {
            self.header = header
            self.values = values
        }
    }

    /// Reads a file, gzipped or not, in UTF-8, or in UTF-16 with a byte order mark.
    ///
    /// Any line breaks are accepted; empty lines, blanks around fields and an empty field at the
    /// end of all rows are ignored. Throws if a row differs in length from the first.
    public static func read(
        _ path: String, _ dialect: Dialect = .commas, hasHeader: Bool = true
    ) throws(FileError) -> Table {
        try decode(text(of: path), dialect, hasHeader: hasHeader, path: path)
    }

    /// The bytes of a file as text in UTF-8.
    static func text(of path: String) throws(FileError) -> [UInt8] {
        try UTF16Text.decoded(FileReading.contents(of: path), path: path)
    }

    /// Reads a file in which all fields are finite numbers, or one of the texts in `missing`, which
    /// become NaN. For any other field it throws an error that names its line and column.
    public static func readNumbers(
        _ path: String, _ dialect: Dialect = .commas, hasHeader: Bool = true,
        missing: Set<String> = []
    ) throws(FileError) -> Numbers {
        try decodeNumbers(
            text(of: path), dialect, hasHeader: hasHeader, missing: missing, path: path)
    }

    /// Writes a table. Throws if a field would need quotes and the dialect has none.
    public static func write(
        _ table: Table, to path: String, _ dialect: Dialect = .commas
    ) throws(FileError) {
        try AtomicFile.write(encode(table, dialect, path: path), to: path)
    }

    /// Writes numbers, each with as many digits as needed to read back the same value. Traps if
    /// they are not a matrix.
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
        _ bytes: [UInt8], _ dialect: Dialect, hasHeader: Bool, skipsEmptyLines: Bool = true,
        path: String
    ) throws(FileError) -> Table {
        var scanner = CSVScanner(bytes, dialect, skipsEmptyLines: skipsEmptyLines, path: path)
        var table = Table(header: [], rows: [])
        var lines: [Int] = []
        while let (line, fields) = try scanner.nextRow() {
            table.rows.append(fields)
            lines.append(line)
        }
        table.reading = Reading(dialect: dialect, hasHeader: false, lines: lines)
        if hasHeader { try table.takeHeader(path: path) }
        table.dropEmptyLastColumn()
        return table
    }

    static func decodeNumbers(
        _ bytes: [UInt8], _ dialect: Dialect, hasHeader: Bool, missing: Set<String>, path: String
    ) throws(FileError) -> Numbers {
        var scanner = CSVScanner(bytes, dialect, path: path)
        let header = hasHeader ? try scanner.header() : []
        var values: [Double] = []
        var rowCount = 0
        while let (line, fields) = try scanner.nextRow() {
            rowCount += 1
            for (index, field) in fields.enumerated() {
                if missing.contains(field) {
                    values.append(.nan)
                } else if let number = plainNumber(field) {
                    values.append(number)
                } else {
                    throw FileError(
                        noNumber: field, inLine: line, column: index, of: header, path: path)
                }
            }
        }
        let columnCount = rowCount == 0 ? header.count : values.count / rowCount
        return Numbers(header: header, values: Tensor(values, shape: [rowCount, columnCount]))
    }

    private static func descriptions(_ tensor: Tensor) -> [String] {
        switch tensor.dataType {
        case .float32: tensor.elements(as: Float.self).map(\.description)
        case .float64: tensor.elements(as: Double.self).map(\.description)
        case .int32: tensor.elements(as: Int32.self).map(\.description)
        case .uint8: tensor.elements(as: UInt8.self).map(\.description)
        case .bool: tensor.elements(as: Bool.self).map { $0 ? "1" : "0" }
        case .float16, .bfloat16: descriptions(tensor.widened)
        }
    }

    static func encode(_ table: Table, _ dialect: Dialect, path: String) throws(FileError)
        -> [UInt8]
    {
        var bytes: [UInt8] = []
        let separator = dialect.separatorByte
        let hasHeader = !table.header.isEmpty && table.reading?.hasHeader != false
        for fields in (hasHeader ? [table.header] : []) + table.rows {
            for (index, field) in fields.enumerated() {
                if index > 0 { bytes.append(separator) }
                let hasBreak = field.utf8.contains {
                    $0 == separator || $0 == 0x0A || $0 == 0x0D
                }
                // What reading would remove: blanks at the ends, and an empty line.
                let blanks: [UInt8?] = [0x20, 0x09]
                let isLost =
                    blanks.contains(field.utf8.first) || blanks.contains(field.utf8.last)
                    || field.isEmpty && fields.count == 1
                if dialect.hasQuotes && (hasBreak || isLost || field.utf8.contains(0x22)) {
                    // By bytes: a quote with a combining accent is not a quote as a Character.
                    bytes.append(0x22)
                    for byte in field.utf8 { bytes += byte == 0x22 ? [byte, byte] : [byte] }
                    bytes.append(0x22)
                } else if !hasBreak && !(field.isEmpty && fields.count == 1) {
                    bytes += field.utf8
                } else {
                    throw FileError(
                        path: path, expected: "fields without separators or line breaks",
                        found: field.quoted)
                }
            }
            bytes.append(0x0A)
        }
        // Text that looks like a byte order mark would be taken for one: so write one first.
        return bytes.starts(with: CSVScanner.mark) ? CSVScanner.mark + bytes : bytes
    }
}

extension FileError {
    /// The error that a field is not a number, or not a finite one.
    init(noNumber field: String, inLine line: Int, column: Int, of header: [String], path: String) {
        let name = header.indices.contains(column) ? " (\(header[column]))" : ""
        self.init(
            path: path, expected: "a finite number in line \(line), column \(column + 1)\(name)",
            found: field.quoted)
    }
}

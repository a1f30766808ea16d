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
    /// Any line breaks are accepted; empty lines, blanks around fields and empty fields at the end
    /// of all rows are ignored. Throws if a row differs in length from the first.
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

    /// Writes a table that is made part by part, so that it is never in memory as a whole; the header is
    /// that of the first part.
    package static func write(
        parts: some Sequence<Table>, to path: String, _ dialect: Dialect = .commas
    ) throws(FileError) {
        var file = try AtomicFile(at: path)
        var isFirst = true
        for var part in parts {
            if !isFirst { part.header = [] }
            isFirst = false
            try encode(part, dialect, path: path).withUnsafeBytes { file.append($0) }
        }
        try file.commit()
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
        var table = Table(header: numbers.header, rows: [])
        for start in stride(from: 0, to: values.count, by: max(columns, 1)) {
            table.append(Array(values[start..<start + columns]))
        }
        try write(table, to: path, dialect)
    }

    // MARK: Bytes

    static func decode(
        _ bytes: consuming [UInt8], _ dialect: Dialect, hasHeader: Bool,
        skipsEmptyLines: Bool = true, path: String
    ) throws(FileError) -> Table {
        var table = try Table(
            CSVScanner(bytes, dialect, skipsEmptyLines: skipsEmptyLines, path: path), dialect)
        if hasHeader { try table.takeHeader(path: path) }
        table.dropEmptyLastColumns()
        return table
    }

    static func decodeNumbers(
        _ bytes: consuming [UInt8], _ dialect: Dialect, hasHeader: Bool, missing: Set<String>,
        path: String
    ) throws(FileError) -> Numbers {
        var read = try Table(CSVScanner(bytes, dialect, path: path), dialect)
        if hasHeader { try read.takeHeader(path: path) }
        let table = read
        let missing = DistinctTexts(Array(missing))
        let values = try table.numbers(of: Array(0..<table.columnCount)) { _, field in
            missing.number(of: field) != nil ? .nan : plainNumber(field)
        } orThrow: { row, column in
            FileError(
                noNumber: table[row, column], inLine: table.reading?.rowLines[row] ?? row + 1,
                column: column, of: table.header, path: path)
        }
        return Numbers(header: table.header, values: values)
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
        bytes.reserveCapacity(table.fields.bytes.count + table.fields.count)
        if !table.header.isEmpty && table.reading?.hasHeader != false {
            var names = PackedTexts()
            for name in table.header { names.append(name) }
            try append(names, 0..<names.count, to: &bytes, dialect, path: path)
        }
        let width = table.columnCount
        for row in 0..<table.rowCount {
            let range = row * width..<(row + 1) * width
            try append(table.fields, range, to: &bytes, dialect, path: path)
        }
        // Text that looks like a byte order mark would be taken for one: so write one first.
        return bytes.starts(with: CSVScanner.mark) ? CSVScanner.mark + bytes : bytes
    }

    /// Writes some fields as a row.
    private static func append(
        _ fields: PackedTexts, _ range: Range<Int>, to bytes: inout [UInt8], _ dialect: Dialect,
        path: String
    ) throws(FileError) {
        let separator = dialect.separatorByte
        let text = fields.bytes.span
        for index in range {
            if index > range.lowerBound { bytes.append(separator) }
            let place = fields.range(of: index)
            let field = text.extracting(place)
            var (hasBreak, hasQuote) = (false, false)
            for position in field.indices {
                let byte = field[position]
                hasBreak = hasBreak || byte == separator || byte == 0x0A || byte == 0x0D
                hasQuote = hasQuote || byte == 0x22
            }
            let isEmptyLine = field.isEmpty && range.count == 1
            // What reading would remove: blanks at the ends, and an empty line.
            let isLost =
                isEmptyLine
                || !field.isEmpty && (isBlank(field[0]) || isBlank(field[field.count - 1]))
            if dialect.hasQuotes && (hasBreak || isLost || hasQuote) {
                // By bytes: a quote with a combining accent is not a quote as a Character.
                bytes.append(0x22)
                for position in field.indices {
                    if field[position] == 0x22 { bytes.append(0x22) }
                    bytes.append(field[position])
                }
                bytes.append(0x22)
            } else if !hasBreak && !isEmptyLine {
                bytes += fields.bytes[place]
            } else {
                throw FileError(
                    path: path, expected: "fields without separators or line breaks",
                    found: fields[index].quoted)
            }
        }
        bytes.append(0x0A)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
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

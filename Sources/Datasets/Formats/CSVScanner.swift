import Autograd
import FileSupport

/// Splits text into rows of fields as people write them: with any line breaks, and with blanks
/// around fields and empty lines, which are ignored.
struct CSVScanner {
    /// The byte order mark that some programs put at the start of a file to mark it as UTF-8.
    static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private let bytes: [UInt8]
    private let separator: UInt8
    private let hasQuotes: Bool
    private let skipsEmptyLines: Bool
    private let path: String
    private var position: Int
    private var line = 1
    /// The number of fields of the first row, which all others must have.
    private var columnCount: Int?
    /// Whether the last field of the first row is empty.
    private var endsEmpty = false

    init(
        _ bytes: [UInt8], _ dialect: CSV.Dialect, skipsEmptyLines: Bool = true, path: String
    ) {
        self.bytes = bytes
        separator = dialect.separatorByte
        hasQuotes = dialect.hasQuotes
        self.skipsEmptyLines = skipsEmptyLines
        self.path = path
        position = bytes.starts(with: Self.mark) ? Self.mark.count : 0
    }

    mutating func header() throws(FileError) -> [String] {
        guard let (_, fields) = try nextRow() else {
            throw FileError(path: path, expected: "a header", found: "an empty file")
        }
        return fields
    }

    /// The next row and the line it starts in, or nil at the end.
    ///
    /// A separator at the end of a line is optional: an empty last field that other rows lack does
    /// not count.
    mutating func nextRow() throws(FileError) -> (line: Int, fields: [String])? {
        if skipsEmptyLines { skipEmptyLines() }
        guard position < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        fields.reserveCapacity(columnCount ?? 0)
        repeat { fields.append(try nextField()) } while !endsRow()
        guard let columnCount else {
            columnCount = fields.count
            endsEmpty = fields.last == ""
            return (start, fields)
        }
        if fields.count == columnCount + 1, fields.last == "" { fields.removeLast() }
        if fields.count == columnCount - 1, endsEmpty { fields.append("") }
        guard fields.count == columnCount else {
            throw FileError(
                path: path, expected: "\(columnCount) fields in line \(start)",
                found: "\(fields.count)")
        }
        return (start, fields)
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        (byte == 0x20 || byte == 0x09) && byte != separator
    }

    private mutating func skipEmptyLines() {
        while true {
            var end = position
            while end < bytes.count, isBlank(bytes[end]) { end += 1 }
            if end == bytes.count { position = end }
            guard end < bytes.count, bytes[end] == 0x0A || bytes[end] == 0x0D else { return }
            position = end
            _ = endsRow()
        }
    }

    /// Skips what ended a field; returns whether it ended the row too.
    private mutating func endsRow() -> Bool {
        guard position < bytes.count else { return true }
        if bytes[position] == separator {
            position += 1
            return false
        }
        let isReturn = bytes[position] == 0x0D
        position += 1
        if isReturn, position < bytes.count, bytes[position] == 0x0A { position += 1 }
        line += 1
        return true
    }

    private func isEndOfField(_ position: Int) -> Bool {
        guard position < bytes.count else { return true }
        let byte = bytes[position]
        return byte == separator || byte == 0x0A || byte == 0x0D
    }

    private mutating func nextField() throws(FileError) -> String {
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
        if hasQuotes && position < bytes.count && bytes[position] == 0x22 {
            return try quotedField()
        }
        let start = position
        while !isEndOfField(position) { position += 1 }
        var end = position
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        return try text(bytes[start..<end])
    }

    private mutating func quotedField() throws(FileError) -> String {
        let start = line
        var content: [UInt8] = []
        position += 1
        while true {
            guard position < bytes.count else {
                throw FileError(
                    path: path, expected: "an end of the quotes from line \(start)",
                    found: "the end of the file")
            }
            let byte = bytes[position]
            position += 1
            if byte == 0x22 {
                guard position < bytes.count, bytes[position] == 0x22 else { break }
                position += 1
            }
            let isBreak =
                byte == 0x0A
                || byte == 0x0D && !(position < bytes.count && bytes[position] == 0x0A)
            if isBreak { line += 1 }
            content.append(byte)
        }
        while position < bytes.count, isBlank(bytes[position]) { position += 1 }
        guard isEndOfField(position) else {
            throw FileError(
                path: path, expected: "the end of the field after its quotes in line \(line)",
                found: "more text")
        }
        return try text(content[...])
    }

    private func text(_ bytes: ArraySlice<UInt8>) throws(FileError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FileError(
                path: path, expected: "UTF-8 in line \(line) (save the file as UTF-8)",
                found: "bytes of another encoding, such as Latin-1")
        }
        return text
    }
}

import Autograd

/// Splits text into rows of fields.
struct CSVScanner {
    /// What some programs put at the start of a file to mark it as UTF-8.
    static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

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
        position = bytes.starts(with: Self.mark) ? Self.mark.count : 0
    }

    mutating func header() throws(FileError) -> [String] {
        guard let (_, fields) = try nextRow() else {
            throw FileError(path: path, expected: "a header", found: "an empty file")
        }
        return fields
    }

    /// The next row and the line it starts in, or nil at the end.
    mutating func nextRow() throws(FileError) -> (line: Int, fields: [String])? {
        guard position < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        fields.reserveCapacity(columnCount ?? 0)
        repeat { fields.append(try nextField()) } while !endsRow()
        guard fields.count == columnCount ?? fields.count else {
            throw FileError(
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

    private mutating func nextField() throws(FileError) -> String {
        if hasQuotes && position < bytes.count && bytes[position] == 0x22 {
            return try quotedField()
        }
        let start = position
        while !isEndOfField(position) {
            if hasQuotes && bytes[position] == 0x22 {
                throw FileError(
                    path: path, expected: "quotes only around whole fields in line \(line)",
                    found: "a quote within a field")
            }
            position += 1
        }
        return try text(bytes[start..<position])
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
            if byte == 0x0A { line += 1 }
            content.append(byte)
        }
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
                path: path, expected: "UTF-8 in line \(line)", found: "other bytes")
        }
        return text
    }
}

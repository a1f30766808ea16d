import Autograd
import FileSupport

/// Splits text into rows of fields as people write them: with any line breaks, and with blanks
/// around fields and empty lines, which are ignored.
///
/// The fields are moved together where they are, without what separates and quotes them: nothing
/// becomes longer by that, and no second copy of the text is made.
struct CSVScanner {
    /// The byte order mark that some programs put at the start of a file to mark it as UTF-8.
    static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The fields, row after row.
    private(set) var fields = PackedTexts()
    private(set) var rowCount = 0
    /// The number of fields of the first row, which all others must have; 0 before it.
    private(set) var columnCount = 0
    private(set) var lines = RowLines()

    private let separator: UInt8
    private let hasQuotes: Bool
    private let skipsEmptyLines: Bool
    private let path: String
    private let isUTF8: Bool

    /// The next byte to read, and where the next one is moved to.
    private var position: Int
    private var end = 0
    private var bounds = Offsets(0)
    private var line = 1
    /// Whether the last field of the first row is empty.
    private var endsEmpty = false

    /// Reads all rows.
    init(
        _ bytes: consuming [UInt8], _ dialect: CSV.Dialect, skipsEmptyLines: Bool = true,
        path: String
    ) throws(FileError) {
        separator = dialect.separatorByte
        hasQuotes = dialect.hasQuotes
        self.skipsEmptyLines = skipsEmptyLines
        self.path = path
        position = bytes.starts(with: Self.mark) ? Self.mark.count : 0
        isUTF8 = Self.isUTF8(bytes)
        try readRows(&bytes)
        bytes.removeLast(bytes.count - end)
        fields = PackedTexts(bytes, bounds: bounds)
        bounds = Offsets(0)
    }

    /// Whether all of a text is in UTF-8; by pieces, which are cut between characters.
    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        var start = 0
        while start < bytes.count {
            var end = min(start + 1 << 16, bytes.count)
            while end < bytes.count, end > start + 1 << 15, bytes[end] & 0xC0 == 0x80 { end -= 1 }
            guard
                bytes.span.extracting(start..<end).isASCII
                    || String(validating: bytes[start..<end], as: UTF8.self) != nil
            else { return false }
            start = end
        }
        return true
    }

    private mutating func readRows(_ bytes: inout [UInt8]) throws(FileError) {
        var text = bytes.mutableSpan
        while try readRow(&text) {
            // As many as there will be, by the share of the text that was read.
            if rowCount == 1000 {
                // Rows that follow may be longer than these: not more than a field for four bytes.
                let share = bounds.count * (text.count / max(position, 1) + 1)
                bounds.reserve(min(share, bounds.count + text.count / 4))
            }
        }
    }

    /// Reads the next row; false at the end.
    ///
    /// A separator at the end of a line is optional: an empty last field that other rows lack does
    /// not count.
    private mutating func readRow(_ text: inout MutableSpan<UInt8>) throws(FileError) -> Bool {
        if skipsEmptyLines { skipEmptyLines(text) }
        guard position < text.count else { return false }
        let start = line
        var count = 0
        var isEmpty = true
        repeat {
            let begin = end
            try readField(&text)
            bounds.append(end)
            isEmpty = begin == end
            count += 1
        } while !endsRow(text)
        if rowCount == 0 {
            columnCount = count
            endsEmpty = isEmpty
        } else if count == columnCount + 1, isEmpty {
            bounds.removeLast()
        } else if count == columnCount - 1, endsEmpty {
            bounds.append(end)
        } else if count != columnCount {
            throw FileError(
                path: path, expected: "\(columnCount) fields in line \(start)", found: "\(count)")
        }
        rowCount += 1
        lines.append(start)
        return true
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        (byte == 0x20 || byte == 0x09) && byte != separator
    }

    private func isEndOfField(_ byte: UInt8) -> Bool {
        byte == separator || byte == 0x0A || byte == 0x0D
    }

    private mutating func skipEmptyLines(_ text: borrowing MutableSpan<UInt8>) {
        while true {
            var end = position
            while end < text.count, isBlank(text[end]) { end += 1 }
            if end == text.count { position = end }
            guard end < text.count, text[end] == 0x0A || text[end] == 0x0D else { return }
            position = end
            _ = endsRow(text)
        }
    }

    private mutating func skipBlanks(_ text: borrowing MutableSpan<UInt8>) {
        while position < text.count, isBlank(text[position]) { position += 1 }
    }

    /// Skips what ended a field; returns whether it ended the row too.
    private mutating func endsRow(_ text: borrowing MutableSpan<UInt8>) -> Bool {
        guard position < text.count else { return true }
        if text[position] == separator {
            position += 1
            return false
        }
        let isReturn = text[position] == 0x0D
        position += 1
        if isReturn, position < text.count, text[position] == 0x0A { position += 1 }
        line += 1
        return true
    }

    private mutating func readField(_ text: inout MutableSpan<UInt8>) throws(FileError) {
        skipBlanks(text)
        let start = end
        if hasQuotes && position < text.count && text[position] == 0x22 {
            try readQuotes(&text)
        } else {
            moveWords(&text)
            while position < text.count, !isEndOfField(text[position]) {
                text[end] = text[position]
                position += 1
                end += 1
            }
            while end > start, isBlank(text[end - 1]) { end -= 1 }
        }
        if !isUTF8 { try checkUTF8(text, start..<end) }
    }

    /// Moves eight bytes at a time up to the end of a field.
    @inline(__always) private mutating func moveWords(_ text: inout MutableSpan<UInt8>) {
        // What is written must not reach what is still to be read.
        guard position - end >= 8 else { return }
        let count = text.count
        var bytes = text.mutableBytes
        while position + 8 <= count {
            // Sound: any eight bytes are an integer; both calls check the bounds.
            let word = UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(
                    fromByteOffset: position, as: UInt64.self))
            bytes.storeBytes(of: word.littleEndian, toByteOffset: end, as: UInt64.self)
            let moved = min(
                word.firstPlace(of: separator), word.firstPlace(of: 0x0A),
                word.firstPlace(of: 0x0D))
            position += moved
            end += moved
            if moved < 8 { return }
        }
    }

    private mutating func readQuotes(_ text: inout MutableSpan<UInt8>) throws(FileError) {
        let start = line
        position += 1
        while true {
            guard position < text.count else {
                throw FileError(
                    path: path, expected: "an end of the quotes from line \(start)",
                    found: "the end of the file")
            }
            let byte = text[position]
            position += 1
            if byte == 0x22 {
                guard position < text.count, text[position] == 0x22 else { break }
                position += 1
            }
            let isBreak =
                byte == 0x0A
                || byte == 0x0D && !(position < text.count && text[position] == 0x0A)
            if isBreak { line += 1 }
            text[end] = byte
            end += 1
        }
        skipBlanks(text)
        guard position >= text.count || isEndOfField(text[position]) else {
            throw FileError(
                path: path, expected: "the end of the field after its quotes in line \(line)",
                found: "more text")
        }
    }

    private func checkUTF8(
        _ text: borrowing MutableSpan<UInt8>, _ range: Range<Int>
    ) throws(FileError) {
        let field = range.map { text[$0] }
        guard String(validating: field, as: UTF8.self) == nil else { return }
        throw FileError(
            path: path, expected: "UTF-8 in line \(line) (save the file as UTF-8)",
            found: "bytes of another encoding, such as Latin-1")
    }
}

/// Which texts stand for a missing cell of a column.
struct MissingCells {
    private let texts: Set<String>
    private let longest: Int
    /// Their first bytes: most cells are decided by the first byte.
    private let beginnings: [Bool]
    private let bytes: [[UInt8]]
    private let areASCII: Bool
    private let takesMarks: Bool

    /// - Parameters:
    ///   - texts: those of the whole table.
    ///   - more: those of this column alone.
    ///   - takesMarks: whether marks such as a dash stand for a missing cell, as they do among
    ///     numbers and dates.
    init(_ texts: [String], and more: [String] = [], takesMarks: Bool) {
        self.texts = Set(texts).union(more)
        bytes = self.texts.map { Array($0.utf8) }
        longest = bytes.reduce(0) { max($0, $1.count) }
        var beginnings = [Bool](repeating: false, count: 256)
        for text in bytes { beginnings[Int(text.first ?? 0)] = true }
        self.beginnings = beginnings
        areASCII = bytes.allSatisfy { $0.span.isASCII }
        self.takesMarks = takesMarks
    }

    /// - Parameter text: a cell without the blanks around it.
    @inline(__always) func contains(_ text: Span<UInt8>) -> Bool {
        let first = text.isEmpty ? 0 : text[0]
        return beginnings[Int(first)] && text.count <= longest && isListed(text)
            || takesMarks && Self.isMark(text)
    }

    func contains(_ text: String) -> Bool { contains(Array(text.utf8).span) }

    private func isListed(_ text: Span<UInt8>) -> Bool {
        if areASCII, text.isASCII { return bytes.contains { text.isEqual(to: $0.span) } }
        return texts.contains(String(text))
    }

    /// Whether a text consists only of dashes, points and the like.
    @inline(__always) static func isMark(_ text: Span<UInt8>) -> Bool {
        // Most cells begin with a digit or a letter.
        guard !text.isEmpty, !(0x30...0x39 ~= text[0] | 0x20 || 0x61...0x7A ~= text[0] | 0x20)
        else { return false }
        return text.count <= 9 && consistsOfMarks(text)
    }

    private static func consistsOfMarks(_ text: Span<UInt8>) -> Bool {
        var position = 0
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "*"), UInt8(ascii: "/"),
                UInt8(ascii: "_"):
                position += 1
            case 0xE2:
                // En and em dash, and the ellipsis: U+2013, U+2014, U+2026.
                guard position + 2 < text.count, text[position + 1] == 0x80,
                    [0x93, 0x94, 0xA6].contains(text[position + 2])
                else { return false }
                position += 3
            default: return false
            }
        }
        return true
    }
}

extension TableSchema.Kind {
    /// Whether cells are numbers or dates, among which marks such as a dash stand for a missing
    /// value.
    var isOrdered: Bool { self == .number || self == .rank || self == .date }
}

extension TableSchema {
    /// Which texts stand for a missing cell of a column.
    func missing(in column: Column) -> MissingCells {
        MissingCells(missing, and: column.missing, takesMarks: column.kind.isOrdered)
    }
}

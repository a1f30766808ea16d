/// Which texts stand for a missing cell of a column.
struct MissingCells {
    private let texts: Set<String>
    private let longest: Int
    /// Their first bytes: most cells are decided by the first byte.
    private let beginnings: [Bool]
    private let takesMarks: Bool

    /// - Parameters:
    ///   - texts: those of the whole table.
    ///   - more: those of this column alone.
    ///   - takesMarks: whether marks such as a dash stand for a missing cell, as they do among
    ///     numbers and dates.
    init(_ texts: [String], and more: [String] = [], takesMarks: Bool) {
        self.texts = Set(texts).union(more)
        longest = self.texts.reduce(0) { max($0, $1.utf8.count) }
        var beginnings = [Bool](repeating: false, count: 256)
        for text in self.texts { beginnings[Int(text.utf8.first ?? 0)] = true }
        self.beginnings = beginnings
        self.takesMarks = takesMarks
    }

    /// - Parameter text: a cell without the blanks around it.
    func contains(_ text: String) -> Bool {
        beginnings[Int(text.utf8.first ?? 0)] && text.utf8.count <= longest && texts.contains(text)
            || takesMarks && Self.isMark(text)
    }

    private static let marks = Set("-.*/_\u{2013}\u{2014}\u{2026}".unicodeScalars)

    /// Whether a text consists only of dashes, points and the like.
    static func isMark(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39 ~= first) else { return false }
        return text.utf8.count <= 9 && text.unicodeScalars.allSatisfy(marks.contains)
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

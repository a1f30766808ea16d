import Foundation

/// How the numbers of a column are written, if not simply as programs write them.
struct NumberStyle: Codable, Hashable, Sendable {
    typealias DecimalMark = WrittenNumber.DecimalMark

    var decimalMark = DecimalMark.point
    /// The separator between every three digits before the decimal mark; empty if there is none.
    var groupMark = ""
    /// The text before and after each number, with the blanks between: a currency, a percent sign.
    var before = ""
    var after = ""

    /// As programs write numbers.
    static let plain = NumberStyle()

    /// The number in a cell; nil if it is not one.
    ///
    /// The currency may be missing in cells, and so may the separators between groups of digits;
    /// another currency is not allowed. In a column of percentages all numbers but 0 need the
    /// percent sign.
    func number(_ cell: String) -> Double? {
        if decimalMark == .point, !isPercent, let number = plainNumber(cell) { return number }
        guard let written = WrittenNumber(cell), let reading = written.reading(decimalMark) else {
            return nil
        }
        let units = [written.unitBefore + written.unitAfter, before.trimmed + after.trimmed]
        guard units[0] == units[1] || units[0].isEmpty && (!isPercent || reading.value == 0) else {
            return nil
        }
        return reading.value
    }

    private var isPercent: Bool { after.hasSuffix("%") }

    /// A number in this style, with the given number of decimals; as many as needed if nil.
    func text(_ number: Double, decimals: Int?) -> String {
        let plain = decimals.map { String(format: "%.*f", $0, abs(number)) } ?? "\(abs(number))"
        let isZero = plain.utf8.allSatisfy { $0 == 0x30 || $0 == 0x2E }
        let sign = number < 0 && !isZero ? "-" : ""
        if self == .plain { return sign + plain }
        let parts = plain.split(separator: ".", maxSplits: 1)
        var whole = parts.first.map(String.init) ?? "0"
        if !groupMark.isEmpty, whole.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
            var groups: [Substring] = []
            var rest = whole[...]
            while rest.count > 3 {
                groups.insert(rest.suffix(3), at: 0)
                rest = rest.dropLast(3)
            }
            whole = ([rest] + groups).joined(separator: groupMark)
        }
        let fraction = parts.count > 1 ? decimalMark.rawValue + parts[1] : ""
        return sign + before + whole + fraction + after
    }
}

/// What the cells of a column show about how its numbers are written.
struct NumberEvidence {
    /// Cells that can only be read with one of the decimal marks.
    private(set) var points = 0
    private(set) var commas = 0
    /// The first cell that is one number with a point and another with a comma.
    private(set) var ambiguous: String?
    /// Whether all numbers are as programs write them, if they use a point.
    private var isPlain = true
    private var units: [[String]: Int] = [:]
    private var groupMarks: [DecimalMark: [String: Int]] = [:]

    private typealias DecimalMark = WrittenNumber.DecimalMark

    init(_ cells: some Sequence<String>) {
        for cell in cells {
            // A hundred are enough, as long as nothing contradicts them.
            if points >= 100, commas == 0, cell.utf8.allSatisfy(Self.isPlain) { continue }
            if let isAmbiguous = Self.pointOfPlainNumber(in: cell) {
                if isAmbiguous { ambiguous = ambiguous ?? cell } else { points += 1 }
            } else if plainNumber(cell) == nil, let written = WrittenNumber(cell) {
                add(written, cell)
            }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || byte == 0x2E || byte == 0x2D
    }

    /// For a number as programs write it with a point, whether that could separate thousands; nil
    /// for everything else.
    private static func pointOfPlainNumber(in cell: String) -> Bool? {
        guard let place = cell.utf8.firstIndex(of: 0x2E), plainNumber(cell) != nil else {
            return nil
        }
        let whole = cell.utf8[..<place].drop { $0 == 0x2B || $0 == 0x2D }
        let rest = cell.utf8[place...].dropFirst()
        return 1...3 ~= whole.count && whole.first != 0x30 && rest.count == 3
            && rest.allSatisfy { 0x30...0x39 ~= $0 }
    }

    private mutating func add(_ written: WrittenNumber, _ cell: String) {
        let (point, comma) = (written.reading(.point), written.reading(.comma))
        guard point != nil || comma != nil else { return }
        isPlain = false
        if comma == nil { points += 1 }
        if point == nil { commas += 1 }
        if let point, let comma, point.value != comma.value { ambiguous = ambiguous ?? cell }
        units[[written.before, written.after], default: 0] += 1
        for (mark, reading) in [(DecimalMark.point, point), (.comma, comma)] {
            if let reading, !reading.groupMark.isEmpty {
                groupMarks[mark, default: [:]][reading.groupMark, default: 0] += 1
            }
        }
    }

    /// The style of the column.
    ///
    /// - Parameter mark: the decimal mark to use if it is ambiguous.
    func style(otherwise mark: WrittenNumber.DecimalMark) -> NumberStyle {
        let decimalMark: DecimalMark =
            points == commas
            ? (ambiguous == nil ? .point : mark) : points > commas ? .point : .comma
        if isPlain, decimalMark == .point { return .plain }
        func most<Key: Hashable & Comparable>(_ counts: [Key: Int]?) -> Key? {
            counts?.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        }
        let unit = units.max { ($0.value, $1.key.joined()) < ($1.value, $0.key.joined()) }?.key
        return NumberStyle(
            decimalMark: decimalMark, groupMark: most(groupMarks[decimalMark]) ?? "",
            before: unit?.first ?? "", after: unit?.last ?? "")
    }

    /// Whether the decimal mark is ambiguous, though it matters.
    var isAmbiguous: Bool { points == commas && ambiguous != nil }
}

extension CSV.Table {
    /// How the numbers of each column are written, and an ambiguous cell if one remains. For an
    /// ambiguous column, the other columns decide, or else the field separator, as decimal commas
    /// do not go with commas between fields.
    func numberStyles(
        isMissing: @escaping (String) -> Bool
    ) -> [(style: NumberStyle, ambiguous: String?)] {
        let evidence = header.indices.map { column in
            NumberEvidence(rows.lazy.map { $0[column].trimmed }.filter { !isMissing($0) })
        }
        let commas = evidence.reduce(0) { $0 + ($1.commas > $1.points ? 1 : 0) }
        let points = evidence.reduce(0) { $0 + ($1.points > $1.commas ? 1 : 0) }
        return evidence.map { column in
            let hasComma = column.ambiguous?.contains(",") == true
            let separator = reading?.dialect.separator ?? ","
            let otherwise: WrittenNumber.DecimalMark =
                commas != points
                ? commas > points ? .comma : .point : hasComma && separator != "," ? .comma : .point
            let style = column.style(otherwise: otherwise)
            let isTold = !column.isAmbiguous || style == .plain || commas != points
            return (style, isTold ? nil : column.ambiguous)
        }
    }
}

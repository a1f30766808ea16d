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
    func number(_ cell: Span<UInt8>) -> Double? {
        if readsPlainNumbers, let number = plainNumber(cell) { return number }
        guard cell.hasDigit, let written = WrittenNumber(cell),
            let reading = written.reading(decimalMark)
        else { return nil }
        // Nearly always to the letter.
        if written.before == before, written.after == after { return reading.value }
        let units = [written.unitBefore + written.unitAfter, before.trimmed + after.trimmed]
        guard units[0] == units[1] || units[0].isEmpty && (!isPercent || reading.value == 0) else {
            return nil
        }
        return reading.value
    }

    func number(_ cell: String) -> Double? { number(Array(cell.utf8).span) }

    /// Whether numbers as programs write them are numbers in this style too.
    var readsPlainNumbers: Bool { decimalMark == .point && !isPercent }

    private var isPercent: Bool { after.utf8.last == UInt8(ascii: "%") }

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
    private(set) var isPlain = true
    /// What stands before and after numbers; what was met last is the last.
    private var units: [(before: String, after: String, count: Int)] = []
    private var groupMarks: [DecimalMark: [String: Int]] = [:]

    private typealias DecimalMark = WrittenNumber.DecimalMark

    init() {}

    init(_ cells: some Sequence<String>) {
        for cell in cells {
            let cell = Array(cell.utf8)
            add(cell.span, isNumber: plainNumber(cell.span) != nil)
        }
    }

    /// Whether the next cell tells nothing new: after a hundred, as long as nothing contradicts them,
    /// all that can agree are counted as if they did.
    private func isKnown(_ cell: Span<UInt8>) -> Bool {
        guard points >= 100, commas == 0 else { return false }
        for index in cell.indices {
            let byte = cell[index]
            guard 0x30...0x39 ~= byte || byte == 0x2E || byte == 0x2D else { return false }
        }
        return true
    }

    mutating func add(_ cell: Span<UInt8>) {
        if cell.isEmpty { return }
        if isKnown(cell) {
            points += 1
        } else {
            add(cell, isNumber: plainNumber(cell) != nil)
        }
    }

    /// - Parameter isNumber: whether the cell is a number as programs write it.
    @inline(__always) mutating func add(_ cell: Span<UInt8>, isNumber: Bool) {
        if isNumber ? points >= 100 && commas == 0 : isKnown(cell) {
            // It is not looked at, and agrees.
            points += 1
        } else {
            add(new: cell, isNumber: isNumber)
        }
    }

    private mutating func add(new cell: Span<UInt8>, isNumber: Bool) {
        if isNumber {
            guard let isAmbiguous = Self.pointOfPlainNumber(in: cell) else { return }
            if isAmbiguous { ambiguous = ambiguous ?? String(cell) } else { points += 1 }
        } else if cell.hasDigit, let written = WrittenNumber(cell) {
            add(written, cell)
        }
    }

    /// For a number as programs write it with a point, whether that could separate thousands; nil
    /// if it has no point.
    private static func pointOfPlainNumber(in cell: Span<UInt8>) -> Bool? {
        guard let place = cell.indices.first(where: { cell[$0] == 0x2E }) else { return nil }
        let start = cell[0] == 0x2B || cell[0] == 0x2D ? 1 : 0
        return 1...3 ~= place - start && cell[start] != 0x30 && cell.count - place == 4
            && (place + 1..<cell.count).allSatisfy { 0x30...0x39 ~= cell[$0] }
    }

    private mutating func add(_ written: WrittenNumber, _ cell: Span<UInt8>) {
        let (point, comma) = (written.withPoint, written.withComma)
        isPlain = false
        if comma == nil { points += 1 }
        if point == nil { commas += 1 }
        if let point, let comma, point.value != comma.value {
            ambiguous = ambiguous ?? String(cell)
        }
        if let last = units.last, last.before == written.before, last.after == written.after {
            units[units.count - 1].count += 1
        } else {
            count(unit: written)
        }
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
        let unit = units.max {
            ($0.count, $1.before + $1.after) < ($1.count, $0.before + $0.after)
        }
        return NumberStyle(
            decimalMark: decimalMark, groupMark: most(groupMarks[decimalMark]) ?? "",
            before: unit?.before ?? "", after: unit?.after ?? "")
    }

    private mutating func count(unit written: WrittenNumber) {
        var unit = (before: written.before, after: written.after, count: 0)
        if let place = units.firstIndex(where: {
            $0.before == written.before && $0.after == written.after
        }) {
            unit = units.remove(at: place)
        }
        unit.count += 1
        units.append(unit)
    }

    /// Whether the decimal mark is ambiguous, though it matters.
    var isAmbiguous: Bool { points == commas && ambiguous != nil }
}

extension CSV.Table {
    /// How the numbers of each column are written, and an ambiguous cell if one remains.
    func numberStyles(
        isMissing: (Span<UInt8>) -> Bool
    ) -> [(style: NumberStyle, ambiguous: String?)] {
        numberStyles(
            header.indices.map { column in
                var evidence = NumberEvidence()
                forEachCell(of: column, in: 0..<rowCount) { _, cell in
                    if !isMissing(cell) { evidence.add(cell) }
                }
                return evidence
            })
    }

    /// The same by what the cells of each column show. For an ambiguous column, the other columns
    /// decide, or else the field separator, as decimal commas do not go with commas between fields.
    func numberStyles(
        _ evidence: [NumberEvidence]
    ) -> [(style: NumberStyle, ambiguous: String?)] {
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

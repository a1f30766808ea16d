/// The number that a text stands for as programs write it: digits, perhaps with a point, a sign and
/// an exponent. Nil for names of infinity and hexadecimal digits, which Swift would read, and for
/// numbers that overflow.
func plainNumber(_ text: some StringProtocol) -> Double? {
    let isHexadecimal = text.utf8.contains { $0 | 0x20 == UInt8(ascii: "x") }
    guard !isHexadecimal, let number = Double(text), number.isFinite else { return nil }
    return number
}

/// A number as people write it, split into sign, unit and digits: `−$1,101.50`, `(12)`, `3,5 %`.
struct WrittenNumber {
    /// What separates a number's whole part from the rest.
    enum DecimalMark: String, Codable, Hashable, Sendable {
        case point = "."
        case comma = ","
    }

    /// The digits, read in one of two ways.
    struct Reading: Equatable {
        let value: Double
        /// The separator between every three digits; empty if there is none.
        let groupMark: String
        /// Nil if there is an exponent.
        let decimals: Int?
    }

    /// The text before and after the digits, with the blanks between, without the sign.
    private(set) var before = ""
    private(set) var after = ""
    private var isNegative = false
    private var digits: [Unicode.Scalar] = []

    /// Nil if the text is not a number, however it is read.
    init?(_ text: String) {
        guard text.utf8.contains(where: { 0x30...0x39 ~= $0 }) else { return nil }
        var scalars = Array(text.unicodeScalars)[...]
        if scalars.first == "(", scalars.last == ")" {
            isNegative = true
            scalars = scalars.dropFirst().dropLast()
        }
        guard let start = scalars.firstIndex(where: Self.isDigit),
            let end = scalars.lastIndex(where: Self.isDigit)
        else { return nil }
        // A point may come before the first digit or after the last.
        let isLed = start > scalars.startIndex && Self.isMark(scalars[start - 1])
        let isFollowed = end + 1 < scalars.endIndex && Self.isMark(scalars[end + 1])
        let body = (isLed ? start - 1 : start)...(isFollowed ? end + 1 : end)
        digits = Array(scalars[body])

        var signs = 0
        for scalar in scalars[..<body.lowerBound] {
            if let sign = Self.signs[scalar] {
                signs += 1
                isNegative = isNegative != (sign < 0)
            } else {
                before.unicodeScalars.append(scalar)
            }
        }
        after.unicodeScalars.append(contentsOf: scalars[(body.upperBound + 1)...])
        guard signs < 2, Self.isUnit(before), Self.isUnit(after),
            unitBefore.isEmpty || unitAfter.isEmpty, unitBefore != "%"
        else { return nil }
    }

    /// Whether a text is a number with either decimal mark.
    static func isNumber(_ text: String) -> Bool {
        if plainNumber(text) != nil { return true }
        guard let written = WrittenNumber(text) else { return false }
        return written.reading(.point) != nil || written.reading(.comma) != nil
    }

    /// A currency, or a percent sign; empty if there is none.
    var unitBefore: String { before.trimmed }
    var unitAfter: String { after.trimmed }

    private static let signs: [Unicode.Scalar: Int] = ["+": 1, "-": -1, "\u{2212}": -1]
    private static let currencies: Set<String> = [
        "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD", "US$", "R$", "Fr.", "kr",
        "z\u{142}", "K\u{10D}",
    ]
    /// What may separate groups of digits, besides the other decimal mark: blanks, including
    /// non-breaking ones, and apostrophes.
    private static let groupMarks: Set<Unicode.Scalar> = [
        " ", "\u{A0}", "\u{202F}", "\u{2009}", "'", "\u{2019}",
    ]

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }

    private static func isUnit(_ text: String) -> Bool {
        let unit = text.trimmed
        guard let first = unit.unicodeScalars.first else { return true }
        if unit.unicodeScalars.count == 1 {
            return first == "%" || first.properties.generalCategory == .currencySymbol
        }
        return currencies.contains(unit)
    }

    /// The number with one of the two decimal marks; the other may separate every three digits. Nil
    /// if the digits cannot be read this way.
    func reading(_ mark: DecimalMark) -> Reading? {
        let point: Unicode.Scalar = mark == .point ? "." : ","
        let other: Unicode.Scalar = mark == .point ? "," : "."
        let exponent = digits.firstIndex { $0 == "e" || $0 == "E" } ?? digits.endIndex
        let mantissa = digits[..<exponent]
        let place = mantissa.firstIndex(of: point) ?? mantissa.endIndex
        let whole = mantissa[..<place]
        let fraction = mantissa[place...].dropFirst()
        guard fraction.allSatisfy(Self.isDigit) else { return nil }

        var text = isNegative ? "-" : ""
        var groupMark = ""
        var group = 0
        for scalar in whole {
            if Self.isDigit(scalar) {
                text.unicodeScalars.append(scalar)
                group += 1
                continue
            }
            guard scalar == other || Self.groupMarks.contains(scalar) else { return nil }
            // The first group has one to three digits, without a leading zero; then always three.
            let isFirst = groupMark.isEmpty
            guard isFirst ? 1...3 ~= group && whole.first != "0" : group == 3,
                isFirst || groupMark == String(scalar)
            else { return nil }
            groupMark = String(scalar)
            group = 0
        }
        guard groupMark.isEmpty || group == 3 else { return nil }
        text += "."
        text.unicodeScalars.append(contentsOf: fraction)
        text.unicodeScalars.append(contentsOf: digits[exponent...])
        guard !whole.isEmpty || !fraction.isEmpty, let value = plainNumber(text) else { return nil }
        return Reading(
            value: value, groupMark: groupMark,
            decimals: exponent == digits.endIndex ? fraction.count : nil)
    }
}

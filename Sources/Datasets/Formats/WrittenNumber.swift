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
    /// The number with a point and with a comma as its decimal mark, where it can be read so: the
    /// other may separate every three digits.
    private(set) var withPoint: Reading?
    private(set) var withComma: Reading?

    /// Nil if the text is not a number, however it is read.
    init?(_ text: Span<UInt8>) {
        var range = text.indices
        var isNegative = false
        if text.count > 1, text[0] == UInt8(ascii: "("), text[text.count - 1] == UInt8(ascii: ")") {
            isNegative = true
            range = 1..<text.count - 1
        }
        guard let start = range.first(where: { Self.isDigit(text[$0]) }),
            let end = range.last(where: { Self.isDigit(text[$0]) })
        else { return nil }
        // A point may come before the first digit or after the last.
        let isLed = start > range.lowerBound && Self.isMark(text[start - 1])
        let isFollowed = end + 1 < range.upperBound && Self.isMark(text[end + 1])
        let body = (isLed ? start - 1 : start)..<(isFollowed ? end + 2 : end + 1)
        guard Self.mayBeDigits(text, body) else { return nil }

        if range.lowerBound < body.lowerBound {
            var signs = 0
            for scalar in String(text.extracting(range.lowerBound..<body.lowerBound)).unicodeScalars
            {
                if let sign = Self.signs[scalar] {
                    signs += 1
                    isNegative = isNegative != (sign < 0)
                } else {
                    before.unicodeScalars.append(scalar)
                }
            }
            guard signs < 2 else { return nil }
        }
        if body.upperBound < range.upperBound {
            after = String(text.extracting(body.upperBound..<range.upperBound))
        }
        guard before.isEmpty || Self.isUnit(before), after.isEmpty || Self.isUnit(after),
            before.isEmpty || after.isEmpty || unitBefore.isEmpty || unitAfter.isEmpty,
            before.isEmpty || unitBefore != "%"
        else { return nil }
        withPoint = Self.reading(text, body, .point, isNegative)
        withComma = Self.reading(text, body, .comma, isNegative)
        if withPoint == nil, withComma == nil { return nil }
    }

    init?(_ text: String) { self.init(Array(text.utf8).span) }

    /// Whether a text is a number with either decimal mark.
    static func isNumber(_ text: String) -> Bool {
        plainNumber(text) != nil || WrittenNumber(text) != nil
    }

    func reading(_ mark: DecimalMark) -> Reading? { mark == .point ? withPoint : withComma }

    /// A currency, or a percent sign; empty if there is none.
    var unitBefore: String { before.trimmed }
    var unitAfter: String { after.trimmed }

    private static let signs: [Unicode.Scalar: Int] = ["+": 1, "-": -1, "\u{2212}": -1]
    private static let currencies: Set<String> = [
        "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD", "US$", "R$", "Fr.", "kr",
        "z\u{142}", "K\u{10D}",
    ]

    /// The most usual, and all in ASCII, as bytes.
    private static let plainUnits = (["€", "$", "%"] + currencies).map { Array($0.utf8) }

    private static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
    private static func isMark(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ".") || byte == UInt8(ascii: ",")
    }

    private static func isUnit(_ text: String) -> Bool {
        let bytes = Array(text.utf8.drop { $0 == 0x20 })
        let end = (bytes.lastIndex { $0 != 0x20 } ?? -1) + 1
        if end == 0 || plainUnits.contains(where: { $0[...] == bytes[..<end] }) { return true }
        if bytes.allSatisfy({ 0x20..<0x7F ~= $0 }) { return false }
        let unit = text.trimmed
        guard let first = unit.unicodeScalars.first else { return true }
        if unit.unicodeScalars.count == 1 {
            return first == "%" || first.properties.generalCategory == .currencySymbol
        }
        return unit.utf8.count <= 8 && currencies.contains(unit)
    }

    /// Whether there is no byte that neither digits nor what separates them have: most texts with a
    /// digit are dates and names.
    private static func mayBeDigits(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
        for index in range {
            switch text[index] {
            case 0x30...0x39, 0x80...0xFF: continue
            case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "'"):
                continue
            case UInt8(ascii: "e"), UInt8(ascii: "E"): continue
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                guard index > range.lowerBound, text[index - 1] | 0x20 == UInt8(ascii: "e") else {
                    return false
                }
            default: return false
            }
        }
        return true
    }

    /// What may separate groups of digits, besides the other decimal mark: blanks, including
    /// non-breaking ones, and apostrophes.
    private static let groupMarks = [" ", "'", "\u{A0}", "\u{202F}", "\u{2009}", "\u{2019}"].map {
        (mark: $0, bytes: Array($0.utf8))
    }

    /// The mark between groups of digits at a position, with its length.
    private static func groupMark(
        _ text: Span<UInt8>, _ range: Range<Int>, besides mark: DecimalMark
    ) -> (mark: String, count: Int)? {
        let byte = text[range.lowerBound]
        if isMark(byte) {
            let other: DecimalMark = mark == .point ? .comma : .point
            return byte == other.rawValue.utf8.first ? (other.rawValue, 1) : nil
        }
        for (mark, bytes) in groupMarks where byte == bytes[0] && range.count >= bytes.count {
            if bytes.indices.allSatisfy({ text[range.lowerBound + $0] == bytes[$0] }) {
                return (mark, bytes.count)
            }
        }
        return nil
    }

    /// The number with one of the two decimal marks; nil if the digits cannot be read this way.
    private static func reading(
        _ text: Span<UInt8>, _ body: Range<Int>, _ mark: DecimalMark, _ isNegative: Bool
    ) -> Reading? {
        let point = mark == .point ? UInt8(ascii: ".") : UInt8(ascii: ",")
        var number = DecimalNumber()
        number.isNegative = isNegative
        var groupMark = ""
        var (group, whole) = (0, 0)
        var position = body.lowerBound
        while position < body.upperBound {
            let byte = text[position]
            if isDigit(byte) {
                number.append(digit: byte - 0x30)
                group += 1
                position += 1
                whole += 1
                continue
            }
            if byte == point || byte | 0x20 == UInt8(ascii: "e") { break }
            let rest = position..<body.upperBound
            guard let (mark, count) = Self.groupMark(text, rest, besides: mark) else { return nil }
            // The first group has one to three digits, without a leading zero; then always three.
            let isFirst = groupMark.isEmpty
            guard isFirst ? 1...3 ~= group && text[body.lowerBound] != 0x30 : group == 3,
                isFirst || groupMark == mark
            else { return nil }
            groupMark = mark
            group = 0
            position += count
        }
        guard groupMark.isEmpty || group == 3 else { return nil }
        var decimals = 0
        if position < body.upperBound, text[position] == point {
            position += 1
            while position < body.upperBound, isDigit(text[position]) {
                number.append(decimal: text[position] - 0x30)
                decimals += 1
                position += 1
            }
        }
        guard whole + decimals > 0 else { return nil }
        let hasExponent = position < body.upperBound
        if hasExponent {
            guard text[position] | 0x20 == UInt8(ascii: "e"),
                number.readExponent(text, position + 1..<body.upperBound)
            else { return nil }
        }
        guard let value = number.value ?? library(text, body, point, isNegative) else { return nil }
        return Reading(
            value: value, groupMark: groupMark, decimals: hasExponent ? nil : decimals)
    }

    /// The value of digits that have been found to be valid.
    private static func library(
        _ text: Span<UInt8>, _ body: Range<Int>, _ point: UInt8, _ isNegative: Bool
    ) -> Double? {
        var plain: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        for index in body {
            switch text[index] {
            case point: plain.append(UInt8(ascii: "."))
            case 0x30...0x39, 0x41...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"):
                plain.append(text[index])
            default: continue
            }
        }
        return Double(String(decoding: plain, as: UTF8.self)).flatMap { $0.isFinite ? $0 : nil }
    }
}

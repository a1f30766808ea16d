/// A decimal number digit by digit, and the `Double` nearest to it.
struct DecimalNumber {
    var isNegative = false
    /// All digits as one integer, as long as there are at most 19: then it is below 10¹⁹ < 2⁶⁴.
    private var mantissa: UInt64 = 0
    private(set) var digits = 0
    /// How many of the digits are decimals.
    private(set) var decimals = 0
    /// What stands behind `e`.
    private var power = 0
    private(set) var hasExponent = false

    init() {}

    @inline(__always) mutating func append(digit: UInt8) {
        mantissa = 10 &* mantissa &+ UInt64(digit)
        digits &+= 1
    }

    @inline(__always) mutating func append(decimal digit: UInt8) {
        append(digit: digit)
        decimals &+= 1
    }

    /// Appends the digits of a text from a position on, up to the first character that is none;
    /// returns where that is.
    @inline(__always) mutating func append(digitsOf text: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < text.count {
            // Sound: within the text by the loop's condition.
            let digit = text[unchecked: position] &- 0x30
            guard digit < 10 else { break }
            mantissa = 10 &* mantissa &+ UInt64(digit)
            position &+= 1
        }
        digits &+= position &- start
        return position
    }

    @inline(__always) mutating func append(
        decimalsOf text: Span<UInt8>, from start: Int
    ) -> Int {
        let end = append(digitsOf: text, from: start)
        decimals &+= end &- start
        return end
    }

    /// Reads what stands behind `e`; false if it is not a whole number.
    @inline(__always) mutating func readExponent(
        _ text: Span<UInt8>, _ range: Range<Int>
    ) -> Bool {
        guard let exponent = Self.exponent(text, range) else { return false }
        (power, hasExponent) = (exponent, true)
        return true
    }

    @inline(never) private static func exponent(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var position = range.lowerBound
        guard position < range.upperBound else { return nil }
        let isNegative = text[position] == UInt8(ascii: "-")
        if isNegative || text[position] == UInt8(ascii: "+") { position += 1 }
        guard position < range.upperBound else { return nil }
        var value = 0
        while position < range.upperBound {
            guard 0x30...0x39 ~= text[position] else { return nil }
            value = min(10 * value + Int(text[position] - 0x30), 1_000_000)
            position += 1
        }
        return isNegative ? -value : value
    }

    /// Nil where finding it takes more than integers of 128 bits: then the library does.
    @inline(__always) var value: Double? {
        guard digits <= 19 else { return nil }
        let exponent = power - decimals
        // Both are exact, so that one operation rounds once.
        if mantissa <= 1 << 53, -22...22 ~= exponent {
            let magnitude =
                exponent < 0
                ? Double(mantissa) / Self.tens[-exponent] : Double(mantissa) * Self.tens[exponent]
            return isNegative ? -magnitude : magnitude
        }
        return exactValue(exponent)
    }

    @inline(never) private func exactValue(_ exponent: Int) -> Double? {
        if mantissa == 0 { return isNegative ? -0.0 : 0 }
        guard -27...27 ~= exponent else { return nil }
        let magnitude = exponent < 0 ? quotient(-exponent) : product(exponent)
        return isNegative ? -magnitude : magnitude
    }

    /// Powers of ten that are exact.
    private static let tens: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]
    /// All powers of five that fit.
    private static let fives: [UInt64] = (0...27).map { exponent in
        (0..<exponent).reduce(1) { power, _ in 5 * power }
    }

    /// The mantissa divided by 5^k, to 63 bits or more, of which the last is set if there are others
    /// behind it; then by 2^k.
    private func quotient(_ k: Int) -> Double {
        let divisor = Self.fives[k]
        let shift = mantissa.leadingZeroBitCount
        let divisorShift = divisor.leadingZeroBitCount
        let dividend = mantissa << UInt64(shift)
        let (quotient, remainder) = (divisor << UInt64(divisorShift)).dividingFullWidth(
            (dividend >> 1, dividend << 63))
        let bits = remainder == 0 ? quotient : quotient | 1
        return Double(sign: .plus, exponent: divisorShift - shift - 63 - k, significand: 1)
            * Double(bits)
    }

    /// The mantissa times 5^k, to 64 bits as above; then times 2^k.
    private func product(_ k: Int) -> Double {
        let (high, low) = mantissa.multipliedFullWidth(by: Self.fives[k])
        let shift = high.leadingZeroBitCount
        let top = shift == 64 ? low : shift == 0 ? high : high << shift | low >> (64 - shift)
        let isExact = shift == 64 || low << UInt64(shift) == 0
        return Double(sign: .plus, exponent: 64 - shift + k, significand: 1)
            * Double(isExact ? top : top | 1)
    }
}

extension DecimalNumber {
    /// Reads a number as programs write it; false if the text is not one.
    @inline(__always) mutating func read(_ text: Span<UInt8>) -> Bool {
        guard !text.isEmpty else { return false }
        return text.count <= 8 && readWord(text) || readDigits(text)
    }

    /// Reads at most eight characters at once, as one integer: digits with at most a sign and a
    /// point. False, with nothing changed, if there is something else.
    @inline(__always) private mutating func readWord(_ text: Span<UInt8>) -> Bool {
        let count = text.count
        var word = text.word
        let zeros: UInt64 = 0x3030_3030_3030_3030
        // A sign counts as a zero.
        let sign = text[0]
        let hasSign = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
        if hasSign { word ^= UInt64(sign ^ 0x30) }
        // The point is taken out.
        var (length, behind) = (count, 0)
        let point = word.firstPlace(of: UInt8(ascii: "."))
        if point < count {
            let below = (1 as UInt64) &<< UInt64(8 &* point) &- 1
            word = word & below | word >> 8 & ~below
            length &-= 1
            behind = length &- point
        }
        guard length > (hasSign ? 1 : 0) else { return false }
        // Zeros before the first digit make them eight.
        word = word &<< UInt64(64 &- 8 &* length) | zeros >> UInt64(8 &* length)
        guard word & 0xF0F0_F0F0_F0F0_F0F0 == zeros,
            (word &+ 0x0606_0606_0606_0606) & 0xF0F0_F0F0_F0F0_F0F0 == zeros
        else { return false }
        // Neighbours together: digits, then pairs, then groups of four.
        word &-= zeros
        word = (word &* 10 &+ word >> 8) & 0x00FF_00FF_00FF_00FF
        word = (word &* 100 &+ word >> 16) & 0x0000_FFFF_0000_FFFF
        mantissa = (word &* 10_000 &+ word >> 32) & 0xFFFF_FFFF
        isNegative = sign == UInt8(ascii: "-")
        (digits, decimals) = (length, behind)
        return true
    }

    @inline(__always) private mutating func readDigits(_ text: Span<UInt8>) -> Bool {
        var position = 0
        if text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
            isNegative = text[0] == UInt8(ascii: "-")
            position = 1
        }
        position = append(digitsOf: text, from: position)
        if position < text.count, text[position] == UInt8(ascii: ".") {
            position = append(decimalsOf: text, from: position + 1)
        }
        guard digits > 0 else { return false }
        if position < text.count {
            guard text[position] | 0x20 == UInt8(ascii: "e"),
                readExponent(text, position + 1..<text.count)
            else { return false }
        }
        return true
    }

    /// The value of the number that was read from a text; nil if it overflows.
    @inline(__always) func value(of text: Span<UInt8>) -> Double? {
        value ?? Self.library(text)
    }

    @inline(never) private static func library(_ text: Span<UInt8>) -> Double? {
        Double(String(text)).flatMap { $0.isFinite ? $0 : nil }
    }
}

/// The number that a text stands for as programs write it: digits, perhaps with a point, a sign and
/// an exponent. Nil for names of infinity and hexadecimal digits, which Swift would read, and for
/// numbers that overflow.
@inline(__always) func plainNumber(_ text: Span<UInt8>) -> Double? {
    // Most words are no numbers by their first letter.
    guard !text.isEmpty, text[0] < 0x3A else { return nil }
    return number(text)
}

private func number(_ text: Span<UInt8>) -> Double? {
    var number = DecimalNumber()
    return number.read(text) ? number.value(of: text) : nil
}

/// The same for a string.
func plainNumber(_ text: some StringProtocol) -> Double? {
    plainNumber(Array(text.utf8).span)
}

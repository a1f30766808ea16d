import Foundation
import Testing

@testable import Datasets

/// Numbers read digit by digit are those that the library reads, to the last bit.
@Suite struct DecimalNumberTests {
    /// What `plainNumber` is by definition.
    private static func expected(_ text: String) -> Double? {
        if text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "x") }) { return nil }
        return Double(text).flatMap { $0.isFinite ? $0 : nil }
    }

    private static func check(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let (number, other) = (plainNumber(text), expected(text))
        if number?.bitPattern == other?.bitPattern { return }
        Issue.record(
            "\(text): \(number as Any), not \(other as Any)", sourceLocation: sourceLocation)
    }

    @Test func formsOfNumbers() {
        for text in [
            "", "1", "1.", ".5", ".", "+1", "-0", "-0.0", "+.5e1", "1e5", "1E-5", "1e", "1e+", "e5",
            ".e5", "1.e5", "inf", "-Infinity", "nan", "NaN(5)", "0x10", "0x1p3", "1p3", "1 ", " 1",
            "1_000", "1,5", "--1", "+-1", "1.2.3", "1e5.", "1e400", "-1e400", "1e-400", "0e999999",
            "0e99999999999999999999", "1e-99999999999999999999", "1e99999999999999999999", "١",
            "\01", "½", "1\u{301}", "-", "+",
            // The greatest, what rounds to it, and what does not.
            "1.7976931348623157e308", "1.797693134862315807e308", "1.797693134862315809e308",
            // The least normal number, denormal ones, and halves of the least.
            "2.2250738585072014e-308", "2.2250738585072011e-308", "4.9e-324", "2.47e-324",
            "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-323",
            // In the middle between two numbers: to even, unless something follows.
            "9007199254740993", "9007199254740993.00000000000000000000000000000000001",
            "9007199254740995", "9007199254740992.5", "4503599627370497.5", "1125899906842624.125",
            "10000000000000000000000", "100000000000000000000000", "9223372036854775808",
            "18446744073709551615", "18446744073709551616", "99999999999999999999",
            "0.000000000000000000000000001", "123456789012345678e-27", "9999999999999999999e27",
            "0000000000000000000000000000000000001.5",
            "0.00000000000000000000000000000000012345678",
        ] { Self.check(text) }
        // The library stops at the end of a string in C.
        #expect(plainNumber("1\0") == nil && plainNumber("1e5\0") == nil)
    }

    @Test func numbersAsTheyAreWritten() {
        var generator = SplitMix(seed: 1)
        for _ in 0..<30_000 {
            let bits = UInt64.random(in: 0 ... .max, using: &generator)
            let number = Double(bitPattern: bits)
            if number.isFinite { Self.check("\(number)") }
            // Of a size that is common in tables, and as short as it can be.
            let common = Double(bits >> 11) * 0x1p-53 * pow(10, Double(bits & 15) - 4)
            Self.check("\(common)")
            Self.check(String(format: "%.\(bits % 25)f", common))
            Self.check(String(format: "%.\(bits % 22)e", common))
        }
    }

    /// Any digits, with a point and an exponent at any place: about one in a thousand is close to
    /// the middle between two numbers.
    @Test func digitsOfAllLengths() {
        var generator = SplitMix(seed: 2)
        for _ in 0..<60_000 {
            let count = Int.random(in: 1...22, using: &generator)
            var text = (0..<count).map { _ in "\(Int.random(in: 0...9, using: &generator))" }
            if Bool.random(using: &generator) {
                text.insert(".", at: Int.random(in: 0...count, using: &generator))
            }
            if Bool.random(using: &generator) { text.insert("-", at: 0) }
            var end = ""
            if Bool.random(using: &generator) {
                end = "e\(Int.random(in: -45...45, using: &generator))"
            }
            Self.check(text.joined() + end)
        }
        // The exact middles of numbers of 53 bits, and what is just beside them.
        for _ in 0..<20_000 {
            let odd = UInt64.random(in: 1 << 53..<1 << 54, using: &generator) | 1
            let k = Int.random(in: 0...9, using: &generator)
            let middle = odd << UInt64(k)
            for text in ["\(middle)", "\(middle - 1)", "\(middle + 1)", "\(middle)0e-1"] {
                Self.check(text)
            }
            // odd / 2 and odd / 4 are decimal fractions.
            Self.check("\(odd / 2).5")
            Self.check("\(odd / 2).5000000000000000000001")
            Self.check("\(odd / 4).\(odd & 2 == 0 ? "25" : "75")e\(Int(k) - 5)")
        }
    }
}

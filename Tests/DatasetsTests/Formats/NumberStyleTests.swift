import Autograd
import Testing

@testable import Datasets

/// Numbers as people write them.
@Suite struct NumberStyleTests {
    private static func style(
        _ cells: [String], otherwise mark: WrittenNumber.DecimalMark = .point
    ) -> NumberStyle {
        NumberEvidence(cells).style(otherwise: mark)
    }

    /// Cells of a column, the numbers they are, and 1234.5 written like them.
    static let written: [(cells: [String], numbers: [Double], like: String)] = [
        (["1", "-2.5", "+3", ".5", "4.", "1e3"], [1, -2.5, 3, 0.5, 4, 1000], "1234.50"),
        (["1,101.50", "12", "-1,000,000.25"], [1101.5, 12, -1_000_000.25], "1,234.50"),
        (["1.101,50", "12", "0,5"], [1101.5, 12, 0.5], "1.234,50"),
        (["1,5", "2,25", "-3"], [1.5, 2.25, -3], "1234,50"),
        (["1 101", "12", "10 000"], [1101, 12, 10_000], "1 234.50"),
        (["1\u{A0}101,5", "2,5"], [1101.5, 2.5], "1\u{A0}234,50"),
        (["1'101.5", "2.5"], [1101.5, 2.5], "1'234.50"),
        (["$5", "-$1,000.25", "($3.50)", "$ 7"], [5, -1000.25, -3.5, 7], "$1,234.50"),
        (["5 €", "1.000,25 €", "€ 3,5", "2"], [5, 1000.25, 3.5, 2], "1.234,50 €"),
        (["£5", "£1.5"], [5, 1.5], "£1234.50"), (["5 USD", "7.25 USD"], [5, 7.25], "1234.50 USD"),
        (["5%", "12.5%", "0"], [5, 12.5, 0], "1234.50%"),
        (["3,5 %", "7 %"], [3.5, 7], "1234,50 %"),
        (["\u{2212}3", "(4)", "5"], [-3, -4, 5], "1234.50"),
    ]

    @Test(arguments: written)
    func columns(_ cells: [String], _ numbers: [Double], _ like: String) {
        let style = Self.style(cells)
        #expect(cells.map(style.number) == numbers)
        #expect(style.text(1234.5, decimals: 2) == like)
        #expect(style.number(like) == 1234.5)
        #expect(style.text(-1e-9, decimals: 1) == style.text(0, decimals: 1))
    }

    @Test func whatIsNoNumber() {
        for text in [
            "", "-", ".", "nan", "inf", "Infinity", "∞", "1e999", "0x1p3", "0x10", "nan(0x1)",
            "1,10", "1,1000", "0,123", "1.2.3", "1,234,56", "12 34", "1  234", "1-2", "--1", "+-1",
            "$1€", "5 kg", "a5", "5a", "½", "²", "٣", "1e", "1e+", "31/01/2026", "12:30", "(1",
            "%5",
            "1,234.567,8", "$", "1_000",
        ] {
            #expect(NumberStyle.plain.number(text) == nil, "\(text)")
        }
        // A currency is not another, and per cent is not left out.
        #expect(Self.style(["$5"]).number("€5") == nil && Self.style(["$5"]).number("5") == 5)
        #expect(Self.style(["5%"]).number("0.05") == nil && Self.style(["5%"]).number("0") == 0)
        #expect(NumberStyle.plain.number("$5") == nil)
    }

    /// Where cells may be read in two ways, others tell.
    @Test func decimalMarks() throws {
        #expect(Self.style(["1,234"]).number("1,234") == 1234)
        #expect(Self.style(["1,234"], otherwise: .comma).number("1,234") == 1.234)
        #expect(Self.style(["1,234", "0,5"]).number("1,234") == 1.234)
        #expect(Self.style(["1.234", "0,5"]).number("1.234") == 1234)
        #expect(Self.style(["1.234", "0.5"], otherwise: .comma).number("1.234") == 1.234)
        #expect(Self.style(["1,234", "1,234,567"], otherwise: .comma).number("1,234") == 1234)

        func numbers(_ text: String) throws -> ([Double?], [String?]) {
            let table = try FoundTableTests.table(text)
            let styles = table.numberStyles { $0.isEmpty }
            return (zip(styles, table.rows[0]).map { $0.style.number($1) }, styles.map(\.ambiguous))
        }
        // Nothing tells: as it is between semicolons, and as it is in quotes between commas.
        #expect(try numbers("x;y\n1,234;7\n") == ([1.234, 7], ["1,234", nil]))
        #expect(try numbers("x,y\n\"1,234\",7\n") == ([1234, 7], ["1,234", nil]))
        #expect(try numbers("x;y\n1.234;7\n") == ([1.234, 7], [nil, nil]))
        // Other columns tell.
        #expect(try numbers("x;y\n1.234;7,5\n") == ([1234, 7.5], [nil, nil]))
        #expect(try numbers("x;y\n1,234;7.5\n") == ([1234, 7.5], [nil, nil]))
    }

    @Test func textsKeepTheirDigits() {
        #expect(NumberStyle.plain.text(1e300, decimals: nil) == "1e+300")
        #expect(Self.style(["1,5"]).text(0.1, decimals: nil) == "0,1")
        #expect(Self.style(["1,101"]).text(1_234_567, decimals: 0) == "1,234,567")
        #expect(Self.style(["1,101"]).text(-123, decimals: 0) == "-123")
    }
}

@Suite struct DateFormatTests {
    @Test(
        arguments: [
            ("2024-02-29", 19_782.0), ("1970-01-01T12:00:00", 0.5), ("1969-12-31 00:00:00", -1),
            ("2026-01-31T12:00:00Z", 20_484.5), ("2026-01-31 12:00", 20_484.5),
            ("2026-01-31T12:00:00.250000", 20_484.5 + 0.25 / 86_400),
            ("2026-01-31T12:00:00+02:00", 20_484.5 - 2.0 / 24),
            ("2026-01-31 12:00:00 UTC", 20_484.5),
            ("2026-01-31T00:30:00-0530", 20_484 + 6.0 / 24), ("31/01/2026", 20_484),
            ("31.01.2026", 20_484), ("31-01-2026", 20_484), ("31.1.2026", 20_484),
            ("1/31/2026", 20_484), ("01/31/2026", 20_484), ("2026/01/31", 20_484),
            ("31.01.2026 18:00", 20_484.75), ("1/31/2026 6:00:00 PM", 20_484.75),
            ("1/31/2026 12:00 AM", 20_484), ("0001-01-01", -719_162), ("9999-12-31", 2_932_896),
            ("2000-02-29", 11_016),
        ] as [(String, Double)])
    func dates(_ text: String, _ days: Double) throws {
        let (format, isAmbiguous) = try #require(DateFormat.of([text]))
        #expect(!isAmbiguous)
        let read = try #require(format.days(text))
        #expect(abs(read - days) < 1e-9)
        #expect(format.text(read) == text)
    }

    @Test func whatIsNoDate() {
        for text in [
            "2023-02-29", "1900-02-29", "2024-2-29", "2024-02-29x", "", "29.02.24", "2024-13-01",
            "2024-00-01", "2024-01-00", "0000-01-01", "32/01/2026", "01/02/03", "2024-01-01T24:00",
            "2024-01-01T12:60", "2024-01-01T12", "2024-01-01T12:00:60", "2024-01-01T12:00+1",
            "2024-01/01", "13:00", "2024-01-01T12:00 XM", "2024-01-01 13:00 PM", "20240101",
            "1.5.2.2024", "2024-01-01T12:00:00.", "31.01.2026 ",
        ] {
            #expect(DateFormat.of([text]) == nil, "\(text)")
        }
    }

    /// The whole column tells days from months.
    @Test func orderOfDayAndMonth() throws {
        let day = try #require(DateFormat.of(["01/02/2026", "31/01/2026"]))
        #expect(day.format.days("01/02/2026") == 20_485 && !day.isAmbiguous)
        let month = try #require(DateFormat.of(["01/02/2026", "01/31/2026"]))
        #expect(month.format.days("01/02/2026") == 20_455 && !month.isAmbiguous)
        let either = try #require(DateFormat.of(["01/02/2026"]))
        #expect(either.format.days("01/02/2026") == 20_485 && either.isAmbiguous)
        #expect(DateFormat.of(["31/01/2026", "01/31/2026"]) == nil)
        #expect(DateFormat.of(["31/01/2026", "31.01.2026"]) == nil)
        #expect(DateFormat.of(["2026-01-31", "31-01-2026"]) == nil)
    }

    /// Times, fractions and zones may be there or not; dates are written with all there are.
    @Test func mixtures() throws {
        let texts = ["2026-01-31", "2026-01-31 06:00", "2026-01-31 06:00:00.5+01:00"]
        let format = try #require(DateFormat.of(texts)).format
        let days = texts.map { format.days($0) ?? .nan }
        #expect(days[0] == 20_484 && days[1] == 20_484.25)
        #expect(abs(days[2] - (20_484.25 + 0.5 / 86_400 - 1.0 / 24)) < 1e-9)
        #expect(format.text(20_484.25) == "2026-01-31 06:00:00.0")
        #expect(DateFormat.standard.text(.nan) == "1970-01-01")
        #expect(DateFormat.standard.text(.infinity) == "9999-12-31")
        #expect(DateFormat.standard.text(-1e300) == "0001-01-01")
    }

    /// Day by day through five centuries: each is one more than the last, and written as it was.
    @Test func everyDay() {
        var previous = ""
        for day in stride(from: -150_000.0, to: 50_000, by: 7) {
            let text = DateFormat.standard.text(day)
            #expect(text > previous && DateFormat.standard.days(text) == day)
            previous = text
        }
    }

    @Test(arguments: [
        "2026-03-31", "31.03.2026", "3/31/2026", "31.3.2026 10:30", "2026-03-31T10:30:15.500+14:00",
        "03/31/2026 10:30:15 AM", "2026/03/31 10:30:15Z",
    ])
    func kept(_ text: String) throws {
        let format = try #require(DateFormat.of([text])).format
        #expect(format.example == text)
    }
}

import Testing

@testable import Experiments

@Suite struct FormatTests {
    @Test func percentages() {
        #expect(Format.percentage(0.0135) == "1.35 %")
        #expect(Format.percentage(1) == "100.00 %" && Format.percentage(0) == "0.00 %")
    }

    @Test(
        arguments: [
            (0, "0"), (104.2345, "104.23"), (-104.2345, "-104.23"), (0.001234567, "0.0012346"),
            (12345.6, "12346"), (1.2345e-7, "1.2345e-07"), (3.5e9, "3.5000e+09"), (.nan, "NaN"),
            (.infinity, "inf"), (-.infinity, "-inf"), (999_999.7, "1.0000e+06"), (1, "1.0000"),
        ] as [(Double, String)])
    func numbers(value: Double, text: String) {
        #expect(Format.number(value) == text)
    }

    @Test func columnsAgreeInDecimals() {
        #expect(Format.column([104.234, 9.5, 0.25]) == ["104.23", "9.50", "0.25"])
        #expect(Format.column([100, .nan, 0.5]) == ["100.00", "NaN", "0.50"])
        #expect(Format.column([1e-6, 100.5]) == ["1.0000e-06", "100.50"])
        #expect(Format.column([17, 62500, -3]) == ["17", "62,500", "-3"])
        #expect(Format.column([]) == [])
        #expect(Format.column([.nan]) == ["NaN"])
    }

    @Test(arguments: [
        (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-12345, "-12,345"),
        (Int.min, "-9,223,372,036,854,775,808"),
    ])
    func counts(value: Int, text: String) {
        #expect(Format.count(value) == text)
        let words = [Format.count(value, "row"), Format.count(value, "anomaly", "anomalies")]
        #expect(words == ["\(text) rows", "\(text) anomalies"])
        #expect(Format.count(1, "anomaly", "anomalies") == "1 anomaly")
    }

    @Test(
        arguments: [
            (0, "0.0"), (9.87, "9.9"), (9.96, "10"), (870, "870"), (999.6, "1.00k"),
            (12345, "12.3k"), (123_456, "123k"), (999_600, "1.00M"), (2.5e9, "2.50G"),
            (.nan, "?"), (.infinity, "?"), (-1, "?"),
        ] as [(Double, String)])
    func rates(value: Double, text: String) {
        #expect(Format.rate(value) == text)
    }

    @Test(
        arguments: [
            (0, "0.0 s"), (0.42, "0.4 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1 min 00 s"),
            (65, "1 min 05 s"), (3599.7, "1 h 00 min"), (7380, "2 h 03 min"),
            (100_800, "1 d 04 h"), (.nan, "?"), (-1, "?"), (.infinity, "?"),
        ] as [(Double, String)])
    func durations(seconds: Double, text: String) {
        #expect(Format.duration(seconds: seconds) == text)
    }
}

import Autograd
import FileSupport
import Testing

@testable import Datasets

/// Numbers at the edge of what there is, and encodings that were changed by hand.
@Suite struct EncodingLimitsTests {
    private static let greatest = Double.greatestFiniteMagnitude

    @Test(arguments: [
        [-1.797693e308, 0.5, 1.5], [1e154, -1e154], [-greatest, greatest], [greatest, greatest],
        [1e-308, 2e-308], [.leastNonzeroMagnitude, 0, .leastNonzeroMagnitude],
        [1e300, 1e300 * (1 + 1e-15)], [0, -0.0],
        [1e-200, 3e-200],
    ])
    func scalesAreFinite(_ numbers: [Double]) throws {
        for scale in [NumberScale.standard(numbers), .rank(numbers)] {
            #expect(scale.flaw == nil)
            for number in numbers {
                let value = scale.scaled(number)
                #expect(value.isFinite && abs(value) < 2)
                let back = scale.unscaled(value)
                #expect(back.isFinite)
                #expect(abs(back / 2 - number / 2) <= 1e-9 * (numbers.map { abs($0) }.max() ?? 0))
            }
            #expect(scale.unscaled(1e6).isFinite && scale.unscaled(-1e6).isFinite)
            #expect(
                [-Self.greatest, Self.greatest].allSatisfy {
                    scale.scaled($0).isFinite || abs($0) > 0
                })
        }
    }

    /// As the definition says, at any scale.
    @Test(arguments: [1.0, 0x1p-1000, 0x1p1000])
    func deviations(_ unit: Double) {
        let numbers = [2.0, 4, 4, 4, 5, 5, 7, 9].map { $0 * unit }
        #expect(NumberScale.standard(numbers) == .standard(mean: 5 * unit, deviation: 2 * unit))
        let constant = NumberScale.standard([unit, unit, unit])
        #expect(constant == .standard(mean: unit, deviation: max(1, 1e-12 * unit)))
    }

    @Test func ranksOfFarNumbers() {
        let scale = NumberScale.rank([-1e308, 1e308])
        #expect(scale.scaled(0) == 0 && scale.unscaled(0) == 0)
        #expect(scale.unscaled(scale.scaled(5e307)).isFinite)
    }

    @Test func farNumbersEncode() throws {
        let cells = ["-1.797693e308"] + (0..<20).map { "\($0).5" } + ["1e308"]
        let table = CSV.Table(header: ["x", "c"], rows: cells.map { [$0, "a"] })
        for kind in [TableSchema.Kind.number, .rank] {
            let schema = TableSchema(columns: [
                .init(name: "x", kind: kind), .init(name: "c", kind: .category),
            ])
            let encoding = try TableEncoding(
                fitting: schema, to: table, rows: Array(table.rows.indices), path: "")
            let samples = try encoding.encode(table, path: "").samples
            #expect(samples.elements(as: Float.self).allSatisfy { $0.isFinite })
            let filled = try encoding.fill(
                CSV.Table(header: ["x", "c"], rows: cells.map { _ in ["", ""] }), from: samples,
                path: "")
            #expect(filled.table.rows.allSatisfy { Double($0[0])?.isFinite == true })
            try withTemporaryFolder { folder in
                try encoding.write(to: folder + "/e.json")
                #expect(try TableEncoding(contentsOf: folder + "/e.json") == encoding)
            }
        }
        // What a model makes of cells may be no number at all.
        let dates = CSV.Table(header: ["d", "e"], rows: [["2026-01-01", "a"], ["", ""]])
        let schema = TableSchema(columns: [
            .init(name: "d", kind: .date), .init(name: "e", kind: .embedding),
        ])
        let encoding = try TableEncoding(fitting: schema, to: dates, rows: [0], path: "")
        for value in [Float.nan, .infinity, -.infinity, 1e38] {
            let samples = Tensor([Float](repeating: value, count: 6), shape: [2, 3])
            let filled = try encoding.fill(dates, from: samples, path: "").table
            #expect(
                filled.rows[1][1] == "a" && filled.rows[1][0].hasSuffix("-01")
                    || !filled.rows[1][0].isEmpty)
        }
    }

    @Test func changedEncodingsAreRefused() throws {
        let number =
            #"{"number": {"_0": {"standard": {"mean": 1, "deviation": 2}}, "decimals": 1}}"#
        func json(_ content: String, name: String = "a", missing: String = #"[""]"#) -> String {
            #"{"columns": [{"name": "a", "content": \#(number)}, "#
                + #"{"name": "\#(name)", "content": \#(content)}], "missing": \#(missing)}"#
        }
        func rank(_ numbers: String, _ scores: String) -> String {
            #"{"number": {"_0": {"rank": {"numbers": \#(numbers), "scores": \#(scores)}}}}"#
        }
        func standard(_ mean: String, _ deviation: String, _ decimals: String = "1") -> String {
            #"{"number": {"_0": {"standard": {"mean": \#(mean), "deviation": \#(deviation)}}, "#
                + #""decimals": \#(decimals)}}"#
        }
        try withTemporaryFolder { folder in
            let path = folder + "/e.json"
            func read(_ text: String) throws -> TableEncoding {
                try AtomicFile.write(text, to: path)
                return try TableEncoding(contentsOf: path)
            }
            let day = #"{"_0": {"standard": {"mean": 1, "deviation": 2}}, "format": "day"}"#
            for content in [
                number, #"{"category": {"values": ["x"]}}"#, rank("[1, 2]", "[-1, 1]"),
                #"{"date": \#(day)}"#,
            ] {
                let encoding = try read(json(content, name: "b"))
                #expect(encoding.elements == 4)
            }
            let dates = try read(json(#"{"date": \#(day)}"#, name: "b"))
            #expect(dates.columns[1].text(of: 1) == "1970-01-02")
            let wrong: [(String, String, String)] = [
                (number, "a", "two columns called \"a\""),
                (
                    #"{"category": {"values": ["x", "y", "x"]}}"#, "b",
                    "the value \"x\" twice in the column \"b\""
                ),
                (#"{"embedding": {"values": ["x", "x"]}}"#, "b", "the value \"x\" twice"),
                (#"{"category": {"values": []}}"#, "b", "a category without values"),
                (#"{"embedding": {"values": []}}"#, "b", "a category without values"),
                (standard("1", "0"), "b", "a deviation 0"),
                (standard("1", "-2"), "b", "a deviation -2"),
                (standard("1", "1e-320"), "b", "found"),
                (standard("1", "2", "-1"), "b", "-1 decimals"),
                (standard("1", "2", "1000000000"), "b", "1000000000 decimals"),
                (rank("[]", "[]"), "b", "0 numbers with 0 ranks"),
                (rank("[1, 2]", "[1]"), "b", "2 numbers with 1 ranks"),
                (rank("[2, 1]", "[1, 2]"), "b", "ranks that do not ascend"),
                (rank("[1, 2]", "[1, 1]"), "b", "ranks that do not ascend"),
                (
                    #"{"date": {"_0": {"standard": {"mean": 1, "deviation": 0}}, "format": "day"}}"#,
                    "b", "a deviation 0"
                ),
                (
                    #"{"date": {"_0": {"standard": {"mean": 1, "deviation": 1}}, "format": "soon"}}"#,
                    "b", "the date \"soon\""
                ),
                (standard("1e999", "1"), "b", "found"),
                (standard("\"x\"", "1"), "b", "another value"),
                (#"{"other": {}}"#, "b", "found"),
            ]
            for (content, name, found) in wrong {
                expectError("e.json: expected the encoding of a table", found) {
                    try read(json(content, name: name))
                }
            }
            expectError("the missing text \"\" twice") {
                try read(json(number, name: "b", missing: #"["", ""]"#))
            }
            expectError("no column to learn from") {
                try read(
                    #"{"columns": [{"name": "a", "content": {"ignored": {}}}], "missing": []}"#)
            }
            expectError("two columns of labels") {
                try read(
                    #"{"columns": [{"name": "a", "content": {"label": {}}}, "#
                        + #"{"name": "b", "content": {"label": {}}}], "missing": []}"#)
            }
        }
    }

    @Test func aPartToTestOnIsOne() {
        for share in [Double.nan, -0.1, 1, .infinity] {
            expectError("a test share from 0 to below 1", "\(share)") {
                try DataSplit(testShare: share).positions(10, path: "t")
            }
        }
    }
}

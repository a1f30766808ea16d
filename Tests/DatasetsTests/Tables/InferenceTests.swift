import Autograd
import Testing

@testable import Datasets

/// What columns seem to be, and what is told of it.
@Suite struct InferenceTests {
    private static func schema(
        _ text: String
    ) throws -> (kinds: [TableSchema.Kind], notes: [String], schema: TableSchema) {
        let table = try FoundTableTests.table(text)
        let schema = try TableSchema(inferredFrom: table, path: "t.csv")
        return (schema.columns.map(\.kind), schema.notes(on: table), schema)
    }

    /// A column of so many cells.
    private static func column(_ count: Int, _ cell: (Int) -> String) -> String {
        "x,y\n" + (0..<count).map { "\($0),\"\(cell($0))\"\n" }.joined()
    }

    @Test func aFewCellsThatAreNoNumbersAreMissing() throws {
        let text = Self.column(100) { $0 == 5 || $0 == 60 ? "abc" : $0 == 7 ? "inf" : "\($0).37" }
        let (kinds, notes, schema) = try Self.schema(text)
        #expect(kinds == [.number, .number])
        #expect(schema.columns[1].missing == ["abc", "inf"])
        #expect(
            notes == [
                "\"y\": number; \"abc\" in line 7 and 1 more, \"inf\" in line 9 taken as missing "
                    + "(3 of 100)"
            ])
        // It is kept, and read again.
        try withTemporaryFolder { folder in
            try schema.write(to: folder + "/s.json")
            #expect(try TableSchema(contentsOf: folder + "/s.json") == schema)
            let table = try FoundTableTests.table(text)
            let encoding = try TableEncoding(
                fitting: schema, to: table, rows: Array(0..<100), path: "")
            try encoding.write(to: folder + "/e.json")
            let kept = try TableEncoding(contentsOf: folder + "/e.json")
            #expect(kept == encoding)
            let rows = try kept.encode(table, path: "").samples.elements(as: Float.self)
            #expect((0..<100).filter { rows[4 * $0 + 3] == 0 } == [5, 7, 60])
            #expect(kept.isMissing("abc", in: kept.columns[1]))
            #expect(!kept.isMissing("abc", in: kept.columns[0]))
            expectError("a number in line 3, column \"y\"", "\"def\"") {
                try kept.encode(FoundTableTests.table("x,y\n1,abc\n2,def\n"), path: "")
            }
        }
    }

    @Test func manyCellsThatAreNoNumbersMakeACategory() throws {
        let (kinds, notes, _) = try Self.schema(
            Self.column(100) { $0 % 3 == 0 ? "a\($0)" : "\($0)" })
        #expect(kinds == [.number, .ignored])
        #expect(notes == ["\"y\": left out, as no two of 100 texts are the same"])
        let few = try Self.schema(Self.column(40) { $0 % 4 == 0 ? "a" : "\($0 % 4)" })
        #expect(few.kinds == [.number, .category])
        #expect(
            few.notes == [
                "\"y\": category, as 10 of 40 cells are not numbers, the first \"a\" in line 2"
            ])
        // A name for what is missing may stand in many cells.
        let named = try Self.schema(Self.column(90) { $0 % 3 == 0 ? "unknown" : "\($0)" })
        #expect(named.schema.columns[1].missing == ["unknown"])
    }

    @Test func usualSpellingsOfMissing() throws {
        for missing in [
            "None", "n/a", "#N/A", "<NA>", "-", "--", ".", "…", "NULL", "null", "nil", "NaN", "NAN",
            "#NA", "N.A.", "?", "", " ", "\\N", "—",
        ] {
            let text = Self.column(30) { $0 % 2 == 0 ? missing : "\($0).5" }
            let (kinds, notes, schema) = try Self.schema(text)
            #expect(kinds == [.number, .number] && notes.isEmpty, "\(missing)")
            #expect(schema.columns[1].missing.isEmpty)
            let dates = try Self.schema(
                Self.column(30) { $0 % 2 == 0 ? missing : "2026-01-\($0 < 10 ? "0" : "")\($0)" })
            #expect(dates.kinds == [.number, .date] && dates.notes.isEmpty, "\(missing)")
        }
        // Among texts a dash is a value, and words are.
        let table = try FoundTableTests.table(
            Self.column(30) { $0 % 3 == 0 ? "-" : $0 % 3 == 1 ? "unknown" : "yes" })
        let schema = try TableSchema(inferredFrom: table, path: "")
        let encoding = try TableEncoding(fitting: schema, to: table, rows: [0, 1, 2], path: "")
        #expect(encoding.columns[1].values == 4)
        #expect(try Self.schema(Self.column(30) { _ in "-" }).kinds == [.number, .ignored])
    }

    @Test func codesAreCategories() throws {
        let zip = try Self.schema(Self.column(60) { "0\(1000 + $0 % 9)" })
        #expect(zip.kinds == [.number, .category])
        #expect(
            zip.notes == ["\"y\": category, as \"01000\" in line 2 begins with a zero"])
        #expect(try Self.schema(Self.column(60) { "0.\($0)" }).kinds == [.number, .number])
        // More digits than a number holds.
        let long = try Self.schema(Self.column(60) { "12345678901234567\($0 % 2)" })
        #expect(long.kinds == [.number, .category])
        // Cells come back as they were written.
        let table = try FoundTableTests.table("zip,v\n01008,1\n,2\n01010,3\n")
        let schema = try TableSchema(inferredFrom: table, path: "")
        let encoding = try TableEncoding(fitting: schema, to: table, rows: [0, 1, 2], path: "")
        let samples = Tensor(
            [0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 1] as [Float], shape: [3, 5])
        let filled = try encoding.fill(table, from: samples, path: "").table
        #expect(filled.rows.map { $0[0] } == ["01008", "01008", "01010"])
    }

    @Test func datesAndNumbersComeBackAsTheyWereWritten() throws {
        let table = try FoundTableTests.table(
            "d;a\n31.01.2026 14:30;1.101,50 €\n;\n02.02.2026 14:30;99,00 €\n")
        let schema = try TableSchema(inferredFrom: table, path: "")
        #expect(schema.columns.map(\.kind) == [.date, .number])
        #expect(schema.notes(on: table).contains("\"a\": numbers with decimal commas"))
        let encoding = try TableEncoding(fitting: schema, to: table, rows: [0, 2], path: "")
        // In the middle of both.
        let samples = Tensor([Float](repeating: 0, count: 12), shape: [3, 4])
        let filled = try encoding.fill(table, from: samples, path: "").table
        #expect(filled.rows[1] == ["01.02.2026 14:30", "600,25 €"])
        #expect(filled.rows[0] == table.rows[0])
        try withTemporaryFolder { folder in
            try encoding.write(to: folder + "/e.json")
            let kept = try TableEncoding(contentsOf: folder + "/e.json")
            #expect(kept == encoding && kept.columns[1].number("1.000,5 €") == 1000.5)
            #expect(kept.columns[0].number("31.01.2026 12:00") == 20_484.5)
        }
    }

    @Test func ambiguousDatesAreToldOf() throws {
        let (kinds, notes, _) = try Self.schema("d,v\n01/02/2026,1\n03/04/2026,2\n01/02/2026,3\n")
        #expect(kinds == [.date, .number])
        #expect(
            notes == ["\"d\": dates whose first number is taken as the day, but may be the month"])
    }

    @Test func aColumnWithoutANameIsAnIndex() throws {
        let table = try FoundTableTests.table(",x,c\n0,1.5,a\n1,2.5,b\n2,3.5,a\n")
        let schema = try TableSchema(inferredFrom: table, path: "")
        #expect(schema.columns.map(\.kind) == [.ignored, .number, .category])
        #expect(schema.notes(on: table) == [CSV.Table.indexNote])
        let encoding = try TableEncoding(fitting: schema, to: table, rows: [0, 1, 2], path: "")
        #expect(encoding.inputs.map(\.name) == ["x", "c"])
        // Other tables may have it or not.
        let without = try FoundTableTests.table("x,c\n1.5,a\n")
        #expect(try encoding.encode(without, path: "").samples.shape == [1, 5])
        let plain = try TableEncoding(
            fitting: TableSchema(inferredFrom: without, path: ""), to: without, rows: [0], path: "")
        #expect(try plain.encode(table, path: "").samples.shape == [3, 4])
        expectError("a name for each column", "none for column 1") {
            try Self.schema(",x\n1,2\n1,3\n")
        }
    }

    @Test(arguments: ["-1.797693e308", "-3.4028234663852886e38", "-9999", "1e20"])
    func marksOfOtherPrograms(_ mark: String) throws {
        let text = Self.column(60) { $0 == 0 ? mark : "\($0).5" }
        let (kinds, notes, _) = try Self.schema(text)
        #expect(kinds == [.number, .number])
        #expect(notes.count == 1)
        #expect(notes.first?.hasPrefix("\"y\": \(mark) in line 2 is far from all others") == true)
        // In many cells, too.
        let many = try Self.schema(Self.column(60) { $0 % 4 == 0 ? mark : "\($0).5" })
        #expect(many.notes.count == 1)
        // What is only larger than others is not told of.
        #expect(try Self.schema(Self.column(60) { "\($0 * $0 * $0)" }).notes.isEmpty)
    }
}

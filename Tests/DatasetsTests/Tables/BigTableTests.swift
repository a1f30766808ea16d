import Autograd
import FileSupport
import Testing

@testable import Datasets

/// Tables that are too large to look at, and those of the smallest sizes.
@Suite struct BigTableTests {
    private static func table(
        _ count: Int, header: String = "x,y", _ row: (Int) -> String
    ) throws -> CSV.Table {
        try FoundTableTests.table(header + "\n" + (0..<count).map { row($0) + "\n" }.joined())
    }

    private static func schema(_ table: CSV.Table) throws -> TableSchema {
        try TableSchema(inferredFrom: table, path: "t.csv")
    }

    /// No sample of the rows decides what a column is.
    @Test func aSingleCellFarBelowCounts() throws {
        func column(_ odd: String, _ cell: (Int) -> String) throws -> TableSchema {
            try Self.schema(
                Self.table(30_000) { "\($0 % 100),\($0 == 20_000 ? odd : cell($0))" })
        }
        let one = try column("oops") { "\($0).5" }
        #expect(one.columns[1] == .init(name: "y", kind: .number, missing: ["oops"]))
        // A code among numbers makes all of them codes.
        let code = try column("007") { "\($0)" }
        #expect(code.columns[1].kind == .ignored)
        #expect(try column("7") { "\($0)" }.columns[1].kind == .number)
        // A comma that cannot separate thousands tells how all others are meant.
        let table = try Self.table(30_000, header: "x;y") {
            "\($0);\($0 == 20_000 ? "1,5" : "1,\(100 + $0 % 900)")"
        }
        let encoding = try TableEncoding(
            fitting: Self.schema(table), to: table, rows: Array(0..<30_000), path: "")
        #expect(encoding.columns[1].number("1,250") == 1.25)
        // The order of day and month, and a value that occurs once.
        let dates = try Self.table(30_000) { row in
            "\(row == 20_000 ? "1/13/2026" : "1/\(1 + row % 12)/2026"),c\(row == 20_000 ? 1 : 0)"
        }
        let read = try TableEncoding(
            fitting: Self.schema(dates), to: dates, rows: [20_000, 1], path: "")
        #expect(read.columns[0].number("1/2/2026") == 20_455 && read.columns[1].values == 3)
    }

    @Test func errorsNameTheLineFarBelow() throws {
        let table = try Self.table(30_000) { "\($0),\($0 == 20_000 ? "oops" : "1")" }
        let schema = try Self.schema(table)
        #expect(
            schema.notes(on: table) == [
                "\"y\": number; \"oops\" in line 20002 taken as missing (1 of 30000)"
            ])
        let strict = TableSchema(columns: [
            .init(name: "x", kind: .number), .init(name: "y", kind: .number),
        ])
        expectError("a number in line 20002, column \"y\"", "found \"oops\"") {
            try TableEncoding(fitting: strict, to: table, rows: Array(0..<30_000), path: "t.csv")
        }
        let encoding = try TableEncoding(fitting: strict, to: table, rows: [1, 2], path: "")
        expectError("a number in line 20002, column \"y\"", "found \"oops\"") {
            try encoding.encode(table, path: "t.csv")
        }
        expectError("2 fields in line 20002", "found 3") {
            try Self.table(30_000) { $0 == 20_000 ? "1,2,3" : "1,2" }
        }
    }

    /// What fields hold is kept, however they are quoted and lines end; so is what is not filled.
    @Test func quotesAndBreaksRoundTrip() throws {
        let odd = ["a,b", "say \"\"hi\"\"", "two\r\nlines", " blank ", "é\u{301}", "\"\"", "plain"]
        for newline in ["\n", "\r\n", "\r"] {
            let rows = (0..<2000).map { row in
                "\(row % 7 == 0 ? "" : "\(row).50")\(row % 3 == 0 ? " ," : ",")\"\(odd[row % 7])\""
            }
            let text = (["x,\"y\"\"z\""] + rows).joined(separator: newline)
            let table = try FoundTableTests.table(text)
            let cells = odd.map { $0.replacing("\"\"", with: "\"") }
            #expect(table.header == ["x", "y\"z"] && table.rowCount == 2000)
            for row in 0..<2000 {
                #expect(table[row, 0] == (row % 7 == 0 ? "" : "\(row).50"))
                #expect(table[row, 1] == cells[row % 7])
            }
            // Each of seven rows has one line more.
            let extra = (0..<1999).count { $0 % 7 == 2 }
            #expect(table.reading?.lines.last == 2001 + extra)
            let again = try CSV.decode(
                CSV.encode(table, .commas, path: ""), .commas, hasHeader: true, path: "")
            #expect(again == table && again.rows == table.rows)

            let encoding = try TableEncoding(
                fitting: Self.schema(table), to: table, rows: Array(0..<2000), path: "")
            let samples = try encoding.encode(table, path: "").samples
            let (filled, marks) = try encoding.fill(table, from: samples, path: "")
            for row in 0..<2000 {
                #expect(marks[row] == [row % 7 == 0, false])
                #expect(row % 7 == 0 || filled[row, 0] == table[row, 0])
                #expect(filled[row, 1] == table[row, 1])
            }
        }
    }

    @Test func linesOfSeparatorsRoundTrip() throws {
        for text in ["\n,,", ",,,\n", "a,,\n", "a,,\n1,,\n2,,\n", "x,y,,\n1,,,\n", "a,,b\n1,,2\n"] {
            for hasHeader in [true, false] {
                let table = try CSVTests.decode(text, hasHeader: hasHeader)
                let again = try CSV.decode(
                    CSV.encode(table, .commas, path: ""), .commas, hasHeader: hasHeader, path: "")
                #expect(again == table, "\(text.quoted)")
            }
        }
        #expect(try CSVTests.decode("x,y,,\n1,,,\n").header == ["x", "y"])
        #expect(try CSVTests.decode("x,y,,\n1,,,2\n").header == ["x", "y", "", ""])
    }

    @Test func theSmallestTables() throws {
        let column = try FoundTableTests.table("x\n1\n2.5\n\n4\n")
        #expect(column.rows == [["1"], ["2.5"], ["4"]] && column.reading?.lines == [2, 3, 5])
        let encoding = try TableEncoding(
            fitting: Self.schema(column), to: column, rows: [0, 1, 2], path: "")
        #expect(try encoding.encode(column, path: "").samples.shape == [3, 2])
        let row = try FoundTableTests.table("x,c\n1,a")
        #expect(try Self.schema(row).columns.map(\.kind) == [.number, .category])
        let none = try FoundTableTests.table("x,c\n")
        #expect(none.rowCount == 0 && none.rows.isEmpty)
        #expect(try Self.schema(none).columns.map(\.kind) == [.ignored, .ignored])
        #expect(
            try encoding.encode(FoundTableTests.table("x\n"), path: "").samples.shape == [0, 2])
        var built = CSV.Table(header: ["a", "b"], rows: [["1", "2"]])
        built.append(["3", ""])
        #expect(built.rows == [["1", "2"], ["3", ""]] && built[1, 0] == "3")
        built.rows[1][1] = "4"
        #expect(built == CSV.Table(header: ["a", "b"], rows: [["1", "2"], ["3", "4"]]))
    }

    @Test func aTableOfTenThousandColumns() throws {
        let count = 10_000
        let text = (["x", "1.5", "2.5", "", "4"]).map { cell in
            (0..<count).map { cell == "x" ? "x\($0)" : $0 % 2 == 0 ? cell : "c\(cell)" }
                .joined(separator: ",")
        }.joined(separator: "\n")
        let table = try FoundTableTests.table(text)
        let schema = try Self.schema(table)
        #expect(schema.columns.count { $0.kind == .number } == count / 2)
        #expect(schema.notes(on: table).isEmpty)
        let read = try TableDataset(
            table, name: "t", schema: schema, splitting: DataSplit(testShare: 0))
        // Numbers with their marks; categories of c, c1.5, c2.5 and c4, and of others.
        #expect(read.dataset.training.inputs.shape == [4, count / 2 * 7])
        let hidden = read.encoding.hiding(0.5, of: table, seed: 1)
        let filled = try read.encoding.fill(hidden, from: read.dataset.test.inputs, path: "").table
        #expect(filled[0, 9998] == "1.5" && filled[3, 9999] == "c4")
    }

    /// They say nothing of each other, and so are left out, unless a few are the same.
    @Test func columnsOfWords() throws {
        let table = try Self.table(3000, header: "id,name,word") {
            "\($0),name \($0),\($0 == 2999 ? "w0" : "w\($0)")"
        }
        let schema = try Self.schema(table)
        #expect(schema.columns.map(\.kind) == [.number, .ignored, .embedding])
        #expect(
            schema.notes(on: table) == [
                "\"name\": left out, as no two of 3000 texts are the same"
            ])
        let encoding = try TableEncoding(
            fitting: schema, to: table, rows: Array(0..<2000), path: "")
        #expect(encoding.columns[2].values == 2001)
        let encoded = try encoding.encode(table, path: "")
        #expect(encoded.unseen.map(\.column) == ["word"] && encoded.unseen.map(\.cells) == [999])
    }

    /// Texts are the same if they are as strings, however they are stored.
    @Test func equivalentTextsAreOne() throws {
        let table = try Self.table(40) { row in
            "\(row),\(["é", "e\u{301}", "K", "\u{212A}"][row % 4])"
        }
        let encoding = try TableEncoding(
            fitting: Self.schema(table), to: table, rows: [0, 2], path: "")
        #expect(encoding.columns[1].values == 3)
        let encoded = try encoding.encode(table, path: "")
        #expect(encoded.unseen.isEmpty)
        #expect(
            encoded.samples[0...3].sliced(axis: 1, 2..<5).sum(axes: [0]).elements() == [2, 2, 0]
                as [Float])
        var texts = DistinctTexts()
        let numbers = ["a", "\u{212A}", "K", "é", "a", "e\u{301}"].map {
            texts.insert(Array($0.utf8).span).number
        }
        #expect(numbers == [0, 1, 1, 2, 0, 2] && texts.count == 3)
    }
}

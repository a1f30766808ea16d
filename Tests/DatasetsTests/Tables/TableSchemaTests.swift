import Autograd
import FileSupport
import Testing

@testable import Datasets

@Suite struct TableSchemaTests {
    static func table(_ text: String) throws -> CSV.Table { try CSVTests.decode(text) }

    @Test func columnsAreInferred() throws {
        let table = try Self.table(
            """
            id,age,country,when,at,empty,mixed,sick
            a1,3,Spain,2024-02-29,2024-02-29 10:00:00,,1,yes
            a2,?,Norway,2023-01-01,2024-02-29 10:00:01,NA,x,no
            a3, 4.5e1 ,Spain,NA,2024-03-01 00:00:00,,2,no
            """)
        let schema = try TableSchema(inferredFrom: table, label: "sick", path: "t.csv")
        #expect(schema.columns.map(\.name) == table.header)
        #expect(
            schema.columns.map(\.kind) == [
                .category, .number, .category, .date, .date, .ignored, .category, .label,
            ])
        #expect(schema.label == "sick")
    }

    /// Many texts are an embedding, unless no two are the same.
    @Test func manyValues() throws {
        let rows = (0..<200).map { "\("name\($0)"),\("town\($0 % 60)"),\("kind\($0 % 50)")" }
        let table = try Self.table((["key,town,kind"] + rows).joined(separator: "\n"))
        let schema = try TableSchema(inferredFrom: table, path: "t.csv")
        #expect(schema.columns.map(\.kind) == [.ignored, .embedding, .category])
    }

    @Test func aSchemaIsKeptAsText() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/schema.json"
            var schema = TableSchema(columns: [
                .init(name: "a", kind: .number), .init(name: "b", kind: .embedding),
            ])
            try schema.write(to: path)
            #expect(try TableSchema(contentsOf: path) == schema)
            try schema.setLabel("b", path: "t.csv")
            try schema.setLabel("a", path: "t.csv")
            #expect(schema.columns.map(\.kind) == [.label, .ignored])

            try AtomicFile.write(
                #"{"columns": [{"name": "a", "kind": "numbr"}], "missing": []}"#, to: path)
            expectError(
                "the schema of a table", "the kind \"numbr\" of column 1",
                "not one of number, rank, category, embedding, date, ignored, label"
            ) { try TableSchema(contentsOf: path) }
            try TableSchema(columns: [
                .init(name: "a", kind: .label), .init(name: "b", kind: .label),
            ]).write(to: path)
            expectError("one column of labels", "\"a\" and \"b\"") {
                try TableSchema(contentsOf: path)
            }
            for (text, expected, found) in [
                (#"[], "missing": []"#, "a schema with columns", "none"),
                (
                    #"[{"name": "a", "kind": "rank"}, {"name": "a", "kind": "date"}], "missing": []"#,
                    "columns of different names", "two called \"a\""
                ),
                (
                    #"[{"name": "a", "kind": "rank"}], "missing": ["", "NA", "NA"]"#,
                    "each text for a missing cell once", "\"NA\" twice"
                ),
                (
                    #"[{"name": "a", "kind": "rank", "missing": ["x", "x"]}], "missing": []"#,
                    "each text for a missing cell once", "\"x\" twice"
                ),
            ] {
                try AtomicFile.write("{\"columns\": \(text)}", to: path)
                expectError(path, expected, found) { try TableSchema(contentsOf: path) }
            }
            try AtomicFile.write(#"{"columns": []}"#, to: path)
            expectError("no member \"missing\"") { try TableSchema(contentsOf: path) }
        }
    }

    @Test func whatIsWrongWithColumns() throws {
        expectError("t.csv", "different names", "two called \"a\"") {
            try TableSchema(inferredFrom: Self.table("a,b,a\n1,2,3"), path: "t.csv")
        }
        expectError("a name for each column", "column 2") {
            try TableSchema(inferredFrom: Self.table("a,,b\n1,2,3"), path: "t.csv")
        }
        expectError("a column \"clas\" of labels, perhaps class", "none") {
            try TableSchema(inferredFrom: Self.table("a,class\n1,2"), label: "clas", path: "t.csv")
        }
    }
}

import Autograd
import FileSupport
import Testing

@testable import Datasets

/// Tables whose separators and headers are told from what is in them.
@Suite struct FoundTableTests {
    static func table(
        _ text: String, named name: String = "t.csv", dialect: CSV.Dialect? = nil
    ) throws -> CSV.Table {
        try CSV.Table(decoding: Array(text.utf8), dialect: dialect, path: name)
    }

    @Test(arguments: [
        ("x;y;c\n1;2;a\n3;4;b\n", ";", "semicolons"),
        ("x\ty\tc\n1\t2\ta\n3\t4\tb", "\t", "tabs"),
        ("x|y|c\r1|2|a\r3|4|b\r", "|", "\"|\""),
        (" x ; y;c\n\n1;2 ;a\n3;\"4\";b;\n", ";", "semicolons"),
    ])
    func separators(_ text: String, _ separator: Character, _ name: String) throws {
        let table = try Self.table(text)
        #expect(
            table
                == CSV.Table(header: ["x", "y", "c"], rows: [["1", "2", "a"], ["3", "4", "b"]]))
        #expect(table.dialect.separator == separator)
        #expect(table.notes == ["fields are separated by \(name)"])
        // One that is given is not looked for.
        let given = try Self.table(text, dialect: .commas)
        #expect(given.header.count == 1 && given.notes.isEmpty)
    }

    @Test func whatIsInFieldsSeparatesNothing() throws {
        // Commas as decimal marks, and in texts; other separators in quotes and in texts.
        #expect(try Self.table("1,5;2,5\n3,5;4,5\n").header == ["1", "2"])
        #expect(
            try Self.table("id\ttext\n1\tHello, world\n2\tno, no, no\n").header == ["id", "text"])
        let quoted = try Self.table("id,\"name; given\"\n1,\"Smith; Ann\"\n2,\"Li; Bo\"\n")
        #expect(quoted.header == ["id", "name; given"] && quoted.notes.isEmpty)
        #expect(try Self.table("id,tags\n1,a;b\n2,a;b\n").header == ["id", "tags"])
        // A single column has no separator.
        #expect(try Self.table("word\na;b\nc\n").rows == [["a;b"], ["c"]])
        #expect(try Self.table("word\na b\n", named: "T.TSV").notes.isEmpty)
        // A line of another length does not hide what separates the others.
        expectError("3 fields in line 4", "found 2") {
            try Self.table("x;y;c\n1;2;a\n3;4;b\n5;6\n")
        }
    }

    @Test func tabulatorsWithQuotesAndWithout() throws {
        let quoted = try Self.table("a\tb\n\"x\ty\"\t\"z\"\n", named: "t.tsv")
        #expect(quoted.rows == [["x\ty", "z"]])
        let plain = try Self.table("a\tb\n\"x\" y\t5\" pipe\n", named: "t.tsv")
        #expect(plain.rows == [["\"x\" y", "5\" pipe"]])
    }

    @Test func rowsOfNumbersHaveNoHeader() throws {
        let table = try Self.table("1,-2.5\n3,4e1\n")
        #expect(table.header == ["1", "2"] && table.rows == [["1", "-2.5"], ["3", "4e1"]])
        #expect(
            table.notes.count == 1 && table.notes[0].contains("the first row is one of numbers"))
        #expect(table.reading?.lines == [1, 2])
        // Neither has what is written of it.
        #expect(try CSV.encode(table, .commas, path: "") == Array("1,-2.5\n3,4e1\n".utf8))
        #expect(try Self.table("a,2\n3,4\n").header == ["a", "2"])
        #expect(try Self.table("1,nan\n3,4\n").header == ["1", "nan"])
    }

    @Test(arguments: [
        "t.csv", "T.CSV", "t.txt", "t.data", "t.tab", "t.TSV", "t.Csv.gz", "t.TXT.GZ",
    ])
    func names(_ name: String) throws {
        #expect(TableDataset.isTable(name))
        try withTemporaryFolder { folder in
            let path = "\(folder)/\(name)"
            let bytes = Array("x;y\n1;2\n3;4\n".utf8)
            try AtomicFile.write(bytes, to: path)
            #expect(try TableDataset.table(path).rows == [["1", "2"], ["3", "4"]])
            try AtomicFile.write(
                [0xFF, 0xFE] + "x;y\n1;2\n".utf16.flatMap(\.littleEndianBytes), to: path)
            #expect(try TableDataset.table(path).rows == [["1", "2"]])
            #expect(try Dataset.file(folder + "/none.md") == nil)
        }
    }

    @Test func tablesAreEqualByWhatIsInThem() throws {
        let one = try Self.table("x;y\n1;2\n")
        let other = try Self.table("x,y\n\n1,2\n")
        #expect(one == other && one.hashValue == other.hashValue)
        #expect(one != CSV.Table(header: ["x", "y"], rows: [["1", "3"]]))
    }
}

import Autograd
import Testing

@testable import Datasets

@Suite struct CSVTests {
    static func decode(
        _ text: String, _ dialect: CSV.Dialect = .commas, hasHeader: Bool = true
    ) throws -> CSV.Table {
        try CSV.decode(Array(text.utf8), dialect, hasHeader: hasHeader, path: "a.csv")
    }

    static func numbers(
        _ text: String, hasHeader: Bool = true, missing: Set<String> = []
    ) throws -> CSV.Numbers {
        try CSV.decodeNumbers(
            Array(text.utf8), .commas, hasHeader: hasHeader, missing: missing, path: "a.csv")
    }

    @Test(arguments: ["\n", "\r\n", "\r", "\n\n", "\r \r\n"]) func reads(
        _ newline: String
    ) throws {
        let text = ["a,b", "1,\"x,\"\"y\"\"\"", "\"two\nlines\",", ",\"\""]
            .joined(separator: newline)
        let expected = CSV.Table(
            header: ["a", "b"], rows: [["1", "x,\"y\""], ["two\nlines", ""], ["", ""]])
        #expect(try Self.decode(text) == expected)
        #expect(try Self.decode(text + newline) == expected)
        #expect(try Self.decode("\u{FEFF}" + text) == expected)
    }

    @Test func dialects() throws {
        #expect(
            try Self.decode("a\tb\n\"1\t2\"\n", .tabulators)
                == CSV.Table(header: ["a", "b"], rows: [["\"1", "2\""]]))
        #expect(
            try Self.decode("a;b,c", CSV.Dialect(separator: ";", hasQuotes: true), hasHeader: false)
                == CSV.Table(header: [], rows: [["a", "b,c"]]))
        #expect(try Self.decode("", hasHeader: false) == CSV.Table(header: [], rows: []))
    }

    @Test func refuses() {
        expectError("a.csv", "a header", "an empty file") { try Self.decode("") }
        expectError("2 fields in line 3", "found 3") { try Self.decode("a,b\n1,2\n1,2,3\n") }
        expectError("2 fields in line 5", "found 1") { try Self.decode("a,b\n\"1\n\n\",2\n1\n") }
        expectError("2 fields in line 4", "found 3") { try Self.decode("a,b\r1,2\r\r1,2,3") }
        expectError("an end of the quotes from line 2") { try Self.decode("a\n\"1\n2\n") }
        expectError("after its quotes in line 2") { try Self.decode("a\n\"b\"c\n") }
        expectError("UTF-8 in line 2", "such as Latin-1") {
            try CSV.decode(
                Array("a\n".utf8) + [0xFF], .commas, hasHeader: true, path: "")
        }
    }

    @Test func asPeopleWriteThem() throws {
        // Blanks around fields, quoted or not, and quotes within them.
        #expect(
            try Self.decode(" a , b\n 1 ,\t5\" pipe \n \"x \" ,\"\" \n").rows
                == [["1", "5\" pipe"], ["x ", ""]])
        // A separator at the end of all lines, of the header alone, or of all other lines.
        for text in ["x,y,\n1,2,\n3,4,\n", "x,y,\n1,2\n3,4", "x,y\n1,2,\n3,4,\n"] {
            #expect(
                try Self.decode(text)
                    == CSV.Table(header: ["x", "y"], rows: [["1", "2"], ["3", "4"]]))
        }
        #expect(try Self.decode("x,y,\n1,2,\n3,4,5\n").header == ["x", "y", ""])
        // Where each row begins is known.
        let table = try Self.decode("\n\na,b\n\n\"1\n\",2\r\n\r\n3,4")
        #expect(table.reading?.lines == [5, 8])
        #expect(table.place(ofRow: 1) == "line 8")
    }

    @Test func unicodeOfSixteenBits() throws {
        let text = "a,é\n1,😀\n"
        let units = Array(text.utf16)
        let little: [UInt8] = [0xFF, 0xFE] + units.flatMap(\.littleEndianBytes)
        let big: [UInt8] = [0xFE, 0xFF] + units.flatMap(\.bigEndianBytes)
        for bytes in [little, big] {
            #expect(try UTF16Text.decoded(bytes, path: "") == Array(text.utf8))
        }
        for bytes in [[0xFF, 0xFE, 0x00], [0xFE, 0xFF, 0xD8, 0x00]] as [[UInt8]] {
            expectError("UTF-16, as the mark") { try UTF16Text.decoded(bytes, path: "") }
        }
    }

    @Test func readsNumbers() throws {
        let table = try Self.numbers(
            "x,y\n1,-2.5e3\n\" 3\".replacing,4\n"
                .replacing("\" 3\".replacing", with: "\"3\""))
        #expect(table.header == ["x", "y"])
        #expect(table.values.isIdentical(to: Tensor([1, -2500, 3, 4.0], shape: [2, 2])))
        let bare = try Self.numbers("1\n2\n", hasHeader: false)
        #expect(bare.values.isIdentical(to: Tensor([1, 2.0], shape: [2, 1])))
        #expect(try Self.numbers("x,y\n").values.shape == [0, 2])
    }

    @Test func missingNumbers() throws {
        let text = "x,y\n1,\n?,2\n"
        let values = try Self.numbers(text, missing: ["", "?"]).values.elements(as: Double.self)
        #expect(values[0] == 1 && values[1].isNaN && values[2].isNaN && values[3] == 2)
        expectError("a finite number in line 2, column 2 (y)", "found \"\"") {
            try Self.numbers(text)
        }
        for cell in ["abc", "nan", "inf", "1e999", "0x1p3", "1,5".replacing(",", with: ";"), "0x"] {
            expectError("line 3, column 1", "\"\(cell)\"") {
                try Self.numbers("x\n1\n\(cell)\n")
            }
        }
        expectError("column 1", "␤") { try Self.numbers("x\n\"a\nb\"\n") }
    }

    @Test func roundTrips() throws {
        let table = CSV.Table(
            header: ["plain", "with, comma"],
            rows: [
                ["\"", "\n"], ["", " "], ["\r\n", "é, \"ü\""], ["a\rb", "\t"],
                ["\"\u{301}", ",\u{301}"], [" a", "b\t"],
            ])
        let numbers = CSV.Numbers(
            header: ["a", "b"],
            values: Tensor([0.1, -1e-300, .pi, 1e22], shape: [2, 2]))
        try withTemporaryFolder { folder in
            let path = folder + "/a.csv"
            try CSV.write(table, to: path)
            #expect(try CSV.read(path) == table)
            try CSV.write(numbers, to: path)
            let read = try CSV.readNumbers(path)
            #expect(read.header == numbers.header)
            #expect(read.values.isIdentical(to: numbers.values))

            for first in ["a", "", "\u{FEFF}a"] {
                let plain = CSV.Table(header: [], rows: [[first, "\"b"], ["c,", ""]])
                try CSV.write(plain, to: path, .tabulators)
                #expect(try CSV.read(path, .tabulators, hasHeader: false) == plain)
            }
            let single = CSV.Table(header: ["a"], rows: [["1"], [""], ["2"], [""]])
            try CSV.write(single, to: path)
            #expect(try CSV.read(path) == single)
            expectError("without separators", "\"a\tb\"") {
                try CSV.write(CSV.Table(header: ["a\tb"], rows: []), to: path, .tabulators)
            }
        }
    }

    @Test func writesIntegers() throws {
        try withTemporaryFolder { folder in
            let labels = Tensor([1, -2] as [Int32], shape: [2, 1])
            try CSV.write(CSV.Numbers(header: ["label"], values: labels), to: folder + "/a")
            #expect(try FileReading.bytes(of: folder + "/a") == Array("label\n1\n-2\n".utf8))
        }
    }
}

import Autograd
import Foundation
import Testing

@testable import Datasets

/// Files changed by chance end with a value or an error, never with a crash.
@Suite struct MutationTests {
    /// The bytes with a few of them changed: flipped, taken out, doubled, put elsewhere, or
    /// replaced by words that mean something.
    private static func mutated(
        _ bytes: [UInt8], _ words: [String], using generator: inout SplitMix
    ) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            guard !bytes.isEmpty else { break }
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, place + Int.random(in: 1...12, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 2: bytes.removeSubrange(place..<end)
            case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 4: bytes.removeLast(bytes.count - place)
            default:
                if let word = words.randomElement(using: &generator) {
                    bytes.replaceSubrange(place..<end, with: word.utf8)
                }
            }
        }
        return bytes
    }

    /// Reads so many changed files; how many of them were read at all.
    private static func read(
        _ count: Int, of files: [[UInt8]], _ words: [String] = [], seed: UInt64,
        _ body: ([UInt8]) throws -> Void
    ) rethrows -> Int {
        var generator = SplitMix(seed: seed)
        var readable = 0
        for index in 0..<count {
            let bytes = mutated(files[index % files.count], words, using: &generator)
            do {
                try body(bytes)
                readable += 1
            } catch is FileError {}
        }
        return readable
    }

    private static let table = Array(
        """
        id;amount;when;zip;kind;note
        1;1.101,50 €;31.01.2026;01008;a;"x;y"
        2;;02.02.2026;01009;b;5" pipe
        3;99,00 €;03.02.2026 10:00;;a;

        4;-1,5 €;01.02.2026;01010;b;é
        """.utf8)
    private static let plain = Array("x,y,c\n1,2.5,a\n3,4e1,b\n5,-6,a\n\"7\",8,b\n".utf8)
    private static let cells = [
        "1e308", "-1.797693e308", "NaN", "inf", "0x1p3", "\"", ";", ",", "\t", "\r", "\n", "€",
        "31/01/2026", "99999999999999999999", "-", "(1", "%", "1,234", "1.234", "\u{FEFF}", "",
    ]

    @Test func tables() throws {
        let readable = try Self.read(4000, of: [Self.table, Self.plain], Self.cells, seed: 1) {
            bytes in
            let table = try CSV.Table(decoding: bytes, dialect: nil, path: "t.csv")
            let schema = try TableSchema(inferredFrom: table, path: "t.csv")
            _ = schema.notes(on: table)
            let read = try TableDataset(
                table, name: "t.csv", schema: schema, splitting: DataSplit(testShare: 0))
            let samples = read.dataset.training.inputs
            #expect(samples.elements(as: Float.self).allSatisfy { $0.isFinite })
            let filled = try read.encoding.fill(table, from: samples, path: "t.csv").table
            #expect(filled.rows.count == table.rows.count)
            // What is written is read again.
            let written = try CSV.encode(table, table.dialect, path: "t.csv")
            let again = try CSV.decode(
                written, table.dialect, hasHeader: table.reading?.hasHeader == true, path: "t.csv")
            #expect(again.rows == table.rows)
        }
        #expect(readable > 300)
    }

    @Test func numbers() throws {
        let files = [
            Self.plain.filter { !Array("abc\"".utf8).contains($0) }, Array("1;2,5\n3;4\n".utf8),
            Array(",x\n0,1.5\n1,2.5\n".utf8),
        ]
        let readable = try Self.read(3000, of: files, Self.cells, seed: 2) { bytes in
            for source in [nil, LabelSource.column("2", isRequired: false)] {
                let table = try NumericTable(decoding: bytes, labels: source, path: "t.csv")
                #expect(table.values.elements(as: Double.self).allSatisfy { $0.isFinite })
            }
        }
        #expect(readable > 100)
    }

    private static let json = [
        "1e308", "-1", "0", "1e-320", "null", "[]", "{}", "\"\"", "\"a\"", "true",
        "99999999999999999999",
        "values", "\"label\"", "\"date\"", ",", "}", "[[[[",
    ]

    @Test func schemasAndEncodings() throws {
        let source = try FoundTableTests.table(String(decoding: Self.table, as: UTF8.self))
        let schema = try TableSchema(inferredFrom: source, label: "kind", path: "")
        let rows = Array(source.rows.indices)
        let encoding = try TableEncoding(fitting: schema, to: source, rows: rows, path: "")
        try withTemporaryFolder { folder in
            let path = folder + "/a.json"
            try schema.write(to: path)
            let schemas = try FileReading.bytes(of: path)
            try encoding.write(to: path)
            let encodings = try FileReading.bytes(of: path)
            let readable = try Self.read(1000, of: [schemas], Self.json, seed: 3) { bytes in
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                let schema = try TableSchema(contentsOf: path)
                _ = schema.notes(on: source)
                _ = try TableDataset(
                    source, name: "t", schema: schema, splitting: DataSplit(testShare: 0))
            }
            #expect(readable > 20)
            let encoded = try Self.read(2000, of: [encodings], Self.json, seed: 4) { bytes in
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                let encoding = try TableEncoding(contentsOf: path)
                let samples = try encoding.encode(source, path: "t").samples
                #expect(samples.elements(as: Float.self).allSatisfy { $0.isFinite })
                _ = try encoding.fill(source, from: samples, path: "t")
                for column in encoding.columns { _ = column.text(of: -1e300) }
            }
            #expect(encoded > 50)
        }
    }

    @Test func arrays() throws {
        let files = [
            NPYTests.floats, NPYTests.longs, NPYTests.fortran, NPYTests.bytes,
            ArchiveTests.archive([("x", ArchiveTests.samples), ("y", ArchiveTests.labels)]),
            ArchiveTests.archive([("a", ArchiveTests.samples)], deflated: true),
            DatasetTests.idx([2, 2, 2, 3], [UInt8](repeating: 7, count: 24)),
        ]
        let words = ["<f8", ">i2", "|b1", "True", "(0,", "9223372036854775807", "PK\u{3}\u{4}"]
        let readable = Self.read(5000, of: files, words, seed: 5) { bytes in
            for array in [
                try? NPY.decode(bytes, path: "a"), try? IDX.decode(bytes, path: "a"),
                try? NPZ.decode(bytes, array: nil, limit: 1 << 20, path: "a").samples,
            ].compactMap({ $0 }) {
                #expect(array.count <= 1000)
                _ = try? ChannelOrder.turned(array, path: "a")
            }
        }
        #expect(readable == 5000)
    }
}

import Autograd
import FileSupport
import Foundation
import Testing

@testable import Datasets

/// Archives of arrays as NumPy writes them.
@Suite struct ArchiveTests {
    /// A ZIP file written here: names, contents, and whether they are deflated.
    static func zip(_ files: [(name: String, content: [UInt8])], deflated: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        for (name, content) in files {
            let packed = deflated ? Deflater.deflate(content) : content
            let start = UInt32(bytes.count)
            var shared: [UInt8] = [45, 0, 0, 0, deflated ? 8 : 0, 0, 0, 0, 0x21, 0]
            shared += Checksum.crc32(content).littleEndianBytes
            shared += UInt32(packed.count).littleEndianBytes
            shared += UInt32(content.count).littleEndianBytes
            shared += UInt16(name.utf8.count).littleEndianBytes
            // An extra field here that the directory lacks, as NumPy's archives have.
            bytes += [0x50, 0x4B, 3, 4] + shared + [4, 0]
            bytes += Array(name.utf8) + [1, 0, 0, 0] + packed
            directory += [0x50, 0x4B, 1, 2, 45, 3] + shared + [UInt8](repeating: 0, count: 12)
            directory += start.littleEndianBytes + Array(name.utf8)
        }
        let count = UInt16(files.count).littleEndianBytes
        let end = [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
        let place = [directory.count, bytes.count].flatMap { UInt32($0).littleEndianBytes }
        return bytes + directory + end + place + [0, 0]
    }

    static func archive(_ arrays: [(String, Tensor)], deflated: Bool = false) -> [UInt8] {
        zip(arrays.map { ("\($0).npy", NPY.encode($1)) }, deflated: deflated)
    }

    static let samples = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2])
    static let labels = Tensor([7, 8, 7] as [Int32])

    @Test(arguments: [false, true]) func reads(_ deflated: Bool) throws {
        func read(
            _ arrays: [(String, Tensor)], _ name: String? = nil
        ) throws -> (samples: Tensor, labels: Tensor?, notes: [String]) {
            try NPZ.decode(Self.archive(arrays, deflated: deflated), array: name, path: "a.npz")
        }
        let one = try read([("whatever", Self.samples)])
        #expect(one.samples.isIdentical(to: Self.samples) && one.labels == nil && one.notes.isEmpty)
        for (x, y) in [
            ("x_train", "y_train"), ("X", "y"), ("images", "labels"), ("arr_0", "arr_1"),
        ] {
            let pair = try read([("z", Self.labels), (x, Self.samples), (y, Self.labels)])
            #expect(pair.samples.isIdentical(to: Self.samples))
            #expect(try #require(pair.labels).isIdentical(to: Self.labels))
            #expect(pair.notes[0].contains("\"\(x)\" are taken for samples and \"\(y)\" for"))
        }
        // A column of labels; and what cannot be labels.
        let column = try read([("x", Self.samples), ("y", Self.labels.reshaped([3, 1]))])
        #expect(try #require(column.labels).isIdentical(to: Self.labels))
        #expect(try read([("x", Self.samples), ("y", Self.samples)]).labels == nil)
        let named = try read([("a", Self.labels), ("b", Self.samples)], "b")
        #expect(named.samples.isIdentical(to: Self.samples))
    }

    @Test func refuses() throws {
        let several = Self.archive([("a", Self.samples), ("b", Self.samples)])
        expectError("a.npz", "one array, or a.npz:NAME to choose one", "\"a\", \"b\"") {
            try NPZ.decode(several, array: nil, path: "a.npz")
        }
        expectError("an array \"c\"", "\"a\", \"b\"") {
            try NPZ.decode(several, array: "c", path: "a.npz")
        }
        expectError("one array", "found none") {
            try NPZ.decode(Self.zip([("a.txt", [1])], deflated: false), array: nil, path: "a.npz")
        }
        for deflated in [false, true] {
            let file = Self.archive([("a", Self.samples)], deflated: deflated)
            func decode(_ bytes: [UInt8]) throws(FileError) -> [Float] {
                try NPZ.decode(bytes, array: nil, path: "").samples.elements()
            }
            expectTruncationsThrow(file, decode)
            try expectFlipsHarmless(file, decode)
        }
        expectError("an archive with a directory", "an empty file") { try Zip([], path: "") }
        // An archive that claims more than it may hold.
        var bomb = Self.archive([("a", Self.samples)], deflated: true)
        let end = bomb.count - 22 - 46 - 5 + 24
        bomb.replaceSubrange(end..<end + 4, with: [0xFF, 0xFF, 0xFF, 0xFF])
        expectError("at most 1000 bytes", "4294967295") {
            try NPZ.decode(bomb, array: nil, limit: 1000, path: "")
        }
    }

    @Test func places() throws {
        #expect(NPZ.Place("a.npz")?.array == nil && NPZ.Place("A.NPZ")?.archive == "A.NPZ")
        #expect(NPZ.Place("f/a.npz:x")?.archive == "f/a.npz" && NPZ.Place("a.npz:x")?.array == "x")
        #expect(NPZ.Place("a.npy") == nil && NPZ.Place("a:b") == nil)
        try withTemporaryFolder { folder in
            let path = folder + "/a.npz"
            try AtomicFile.write(
                Self.archive([("x", Self.samples), ("y", Self.labels), ("z", Self.samples)]),
                to: path)
            let set = try Dataset.named(path)
            #expect(set.classNames == ["7", "8"] && set.notes.count == 1)
            #expect(try Dataset.named(path + ":z").classNames.isEmpty)
            #expect(Dataset.isFile(path + ":z") && Dataset.filePath(of: path + ":z") == path)
            #expect(try NPZ.read(path + ":y").isIdentical(to: Self.labels))
            let file = try #require(
                try Examples.file(path + ":x", labels: .file(path + ":y")))
            #expect(file.examples.labels?.elements() == [0, 1, 0] as [Int32])
        }
    }
}

/// What NumPy itself writes, where a Python with it is there (`TAPESTRY_PYTHON`).
@Suite(.enabled(if: NumPy.isThere, "needs a Python with NumPy, see TAPESTRY_PYTHON"))
struct NumPyTests {
    @Test func everyTypeAndOrder() throws {
        try withTemporaryFolder { folder in
            _ = try NumPy.run(
                """
                import numpy, sys
                folder = sys.argv[1]
                base = numpy.arange(24).reshape(2, 3, 4) % 2 + numpy.arange(4) * 3
                for kind in ['f2', 'f4', 'f8', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'b1']:
                    for order in '<>':
                        for layout in 'CF':
                            array = numpy.array(base, dtype=order + kind, order=layout)
                            numpy.save(f'{folder}/{kind}-{ord(order)}-{layout}.npy', array)
                numpy.savez(f'{folder}/a.npz', x=base.astype('f4'), y=numpy.array([1, 0]))
                numpy.savez_compressed(f'{folder}/b.npz', base.astype('>i2').T)
                """, folder)
            let base = (0..<24).map { Float($0 % 2 + $0 % 4 * 3) }
            var count = 0
            for kind in ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"] {
                for (order, layout) in [(60, "C"), (60, "F"), (62, "C"), (62, "F")] {
                    let array = try NPY.read("\(folder)/\(kind)-\(order)-\(layout).npy")
                    let expected = kind == "b1" ? base.map { $0 == 0 ? 0 : 1 } : base
                    #expect(array.shape == [2, 3, 4])
                    #expect(array.cast(to: .float32).elements() == expected, "\(kind) \(layout)")
                    count += 1
                }
            }
            #expect(count == 48)
            let pair = try NPZ.readWithLabels(folder + "/a.npz")
            #expect(
                pair.samples.elements() == base && pair.labels?.elements() == [1, 0] as [Int32])
            let turned = try NPZ.read(folder + "/b.npz")
            #expect(turned.shape == [4, 3, 2] && turned.dataType == .int32)
            #expect(turned.transposed([2, 1, 0]).cast(to: .float32).elements() == base)
        }
    }
}

enum NumPy {
    private static let path =
        ProcessInfo.processInfo.environment["TAPESTRY_PYTHON"] ?? Python.path ?? ""
    static let isThere = (try? run("import numpy")) != nil

    static func run(_ script: String, _ arguments: String...) throws -> String {
        try Python.run(script, arguments, with: path)
    }
}

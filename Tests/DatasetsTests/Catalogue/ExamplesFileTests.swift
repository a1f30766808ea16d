import Autograd
import FileSupport
import Foundation
import Testing

@testable import Datasets

/// Samples in files as people have them.
@Suite struct ExamplesFileTests {
    private func table(
        _ text: String, labels: LabelSource? = nil, named name: String = "t.csv"
    ) throws -> NumericTable {
        try NumericTable(decoding: Array(text.utf8), labels: labels, path: name)
    }

    private func numbers(_ text: String) throws -> [Double] { try table(text).values.elements() }

    @Test func numbersHoweverWritten() throws {
        #expect(try numbers("x;y\n1,5;2\n3,25;4\n\n") == [1.5, 2, 3.25, 4])
        #expect(try numbers("x,y\n\"$1,101.50\", 2%\n$3,4%\n") == [1101.5, 2, 3, 4])
        #expect(try numbers("a,b,\r1, 2,\r3,4,\r") == [1, 2, 3, 4])
        let semicolons = try table("x;y\n1,5;2\n3,25;4\n")
        #expect(semicolons.columnNames == ["x", "y"])
        #expect(semicolons.notes == ["fields are separated by semicolons"])
        let bare = try table("1\t2\n3\t4\n", named: "t.tsv")
        #expect(bare.values.elements() == [1, 2, 3, 4.0] && bare.columnNames.isEmpty)
        #expect(bare.notes == [CSV.Table.note(withoutNames: 2)])
        // What both paths read is alike.
        let plain = "x,y,kind\n1,2.5,a\n3,-4,b\n"
        let source = LabelSource.column("kind", isRequired: true)
        let one = try table(plain, labels: source)
        let other = try table(plain.replacing(",", with: ";"), labels: source)
        #expect(one.values.isIdentical(to: other.values) && one.labels == other.labels)
        #expect(
            one.columnNames == ["x", "y"] && other.columnNames == ["x", "y"] && one.notes.isEmpty)
    }

    @Test func anIndexIsNoInput() throws {
        let read = try table(",x\n0,5\n1,6\n2,5\n")
        #expect(read.values.elements() == [5, 6, 5.0] && read.columnNames == ["x"])
        #expect(read.notes == [CSV.Table.indexNote])
    }

    @Test func whatIsWrongIsNamed() throws {
        for (text, words) in [
            ("x,y\n1,2\n\n3,inf\n", ["a finite number in line 4, column 2 (y)", "\"inf\""]),
            (
                "x,y\n1,2\n3,1e39\n",
                ["a number within ±3.4e38 in line 3, column 2 (y)", "\"1e39\""]
            ),
            ("x,y\n1,2\n3,\n", ["a finite number in line 3, column 2 (y)", "found \"\""]),
            ("x;y\n1;2\n3;∞\n", ["a finite number in line 3, column 2 (y)", "\"∞\""]),
            ("1,2\n3,0x1p3\n", ["a finite number in line 2, column 2, found"]),
            ("x,y\n1,2\n3,nan(0x1)\n", ["line 3, column 2"]),
            ("x,y\n1,2\n3\n", ["2 fields in line 3", "found 1"]),
        ] {
            let error = #expect(throws: FileError.self) { _ = try table(text) }
            for word in words { #expect(error?.description.contains(word) == true, "\(text)") }
        }
        expectError("UTF-8 in line 2") {
            try NumericTable(decoding: Array("x\n".utf8) + [0xE9, 0x0A], labels: nil, path: "")
        }
    }

    /// Of two rows, two lines and three columns of pixels.
    private func images(_ shape: [Int], as type: DataType = .uint8) throws -> ExamplesFile {
        let count = shape.reduce(1, *)
        let numbers = Tensor((0..<count).map { UInt8(truncatingIfNeeded: $0) }, shape: shape)
        var file: ExamplesFile?
        try withTemporaryFolder { folder in
            try NPY.write(numbers.cast(to: type), to: folder + "/a.npy")
            file = try Examples.file(folder + "/a.npy")
        }
        return try #require(file)
    }

    @Test func channelsThatLieLastAreTurned() throws {
        let turned = try images([2, 2, 5, 3])
        #expect(turned.examples.inputs.shape == [2, 3, 2, 5] && turned.notes.count == 1)
        // Red, then green, then blue.
        let first = turned.examples.inputs.elements(as: UInt8.self).prefix(30)
        #expect(Array(first.prefix(10)) == [0, 3, 6, 9, 12, 15, 18, 21, 24, 27])
        #expect(first[10] == 1 && first[20] == 2)
        #expect(try images([2, 2, 5, 1]).examples.inputs.shape == [2, 2, 5])
        #expect(try images([2, 5, 5, 3], as: .float32).examples.inputs.dataType == .float32)
        // Where they lie first already, or where square images tell.
        for shape in [[2, 3, 4, 4], [2, 1, 8, 8], [2, 3, 16, 20], [2, 1, 3, 3], [2, 7, 6, 5]] {
            let kept = try images(shape)
            #expect(kept.examples.inputs.shape == shape && kept.notes.isEmpty, "\(shape)")
        }
        #expect(try images([2, 4, 4, 3]).examples.inputs.shape == [2, 3, 4, 4])
        for shape in [[2, 3, 3, 3], [2, 3, 8, 3], [2, 1, 9, 4], [2, 4, 4, 4]] {
            expectError("shape shows where the channels are", "\(shape)") { try images(shape) }
        }
    }

    @Test func opacity() throws {
        expectError("images of 1 or 3 channels", "not opaque") { try images([2, 5, 6, 4]) }
        try withTemporaryFolder { folder in
            let pixels: [UInt8] = (0..<60).flatMap { [$0, 100 + $0, 7, 255] as [UInt8] }
            try NPY.write(Tensor(pixels, shape: [2, 5, 6, 4]), to: folder + "/a.npy")
            let file = try #require(try Examples.file(folder + "/a.npy"))
            #expect(file.examples.inputs.shape == [2, 3, 5, 6])
            #expect(file.notes[0].contains("the opaque fourth is left out"))
            #expect(file.examples.inputs.elements(as: UInt8.self)[30] == 100)
        }
        try withTemporaryFolder { folder in
            let pixels = (0..<60 as Range<UInt8>).map { $0 }
            try AtomicFile.write(DatasetTests.idx([2, 2, 5, 3], pixels), to: folder + "/a-ubyte")
            let file = try #require(try Examples.file(folder + "/a-ubyte"))
            #expect(file.examples.inputs.shape == [2, 3, 2, 5])
        }
    }

    /// Whatever they are called.
    @Test func filesAreKnownByTheirContent() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/training-data"
            try NPY.write(ArchiveTests.samples, to: path)
            #expect(Dataset.isFile(path) && Dataset.filePath(of: path) == path)
            #expect(try Dataset.named(path).training.shape == [2])
            try AtomicFile.write(ArchiveTests.archive([("x", ArchiveTests.samples)]), to: path)
            #expect(try Dataset.named(path).training.shape == [2])
            try AtomicFile.write(DatasetTests.idx([3, 2], [1, 2, 3, 4, 5, 6]), to: path)
            #expect(try Dataset.named(path).training.shape == [2])
            try AtomicFile.write("x,y\n1,2\n", to: path)
            #expect(!Dataset.isFile(path))
            expectError("a data file, or a folder of images", "an unknown name") {
                try Dataset.named(path)
            }
            #expect(!Dataset.isFile(folder) && !Dataset.isFile(folder + "/none.csv"))
        }
    }

    @Test func checksums() {
        let inputs = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
        let labels = Tensor([0, 1] as [Int32])
        let examples = Examples(inputs: inputs, labels: labels)
        let same = Examples(
            inputs: Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]), labels: labels)
        #expect(examples.checksum == same.checksum)
        let others = [
            examples[[1, 0]], examples[[0]], Examples(inputs: inputs),
            Examples(inputs: inputs, labels: Tensor([1, 0] as [Int32])),
            Examples(inputs: inputs.cast(to: .float64), labels: labels),
            Examples(inputs: inputs.reshaped([2, 2, 1]), labels: labels),
            Examples(
                inputs: inputs + Tensor([0, 0, 0, 1e-6] as [Float], shape: [2, 2]), labels: labels),
        ]
        #expect(Set(others.map(\.checksum) + [examples.checksum]).count == 8)
        // The checksums that zlib computes.
        let bytes = Examples(inputs: Tensor(Array("123456789".utf8), shape: [9, 1]))
        #expect(bytes.checksum >> 32 == 0xCBF4_3926)
    }

    @Test func columnNamesAndNotesAreKept() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.txt"
            let rows = (0..<20).map { "\($0);\($0 % 3),5;\($0 % 2)" }.joined(separator: "\n")
            try AtomicFile.write("a;b;kind\n\(rows)", to: path)
            let set = try #require(
                try Dataset.file(path, labels: .column("kind", isRequired: true)))
            #expect(set.columnNames == ["a", "b"])
            #expect(set.notes == ["fields are separated by semicolons"])
            let part = try set.training(onLabel: "1")
            #expect(part.columnNames == set.columnNames && part.notes == set.notes)
        }
    }

    @Test func filesOfAnotherSetAreNoticed() throws {
        try withTemporaryFolder { folder in
            try DatasetTests.writeSet(folder)
            let set = try Dataset.named("mnist", directory: folder)
            #expect(
                set.notes == [
                    "the images to train on are not those of mnist as it was published",
                    "the images to test on are not those of mnist as it was published",
                ])
        }
    }
}

/// Fashion-MNIST has files of the same names and shapes as MNIST.
@Suite(
    .enabled(
        if: ProcessInfo.processInfo.environment["TAPESTRY_DATA"] != nil, "needs TAPESTRY_DATA"))
struct KnownImagesTests {
    @Test(arguments: ["mnist", "fashion-mnist", "usps"]) func areKnown(_ name: String) throws {
        let directory = try #require(ProcessInfo.processInfo.environment["TAPESTRY_DATA"])
        let set = try Dataset.named(name, directory: directory)
        #expect(set.notes.isEmpty)
        #expect(KnownImages.name(of: set.training.inputs) == name)
        let taken = KnownImages.notes(
            on: "digits", training: set.training.inputs, test: set.test.inputs)
        #expect(taken.first == "the images to train on are those of \(name), not of digits")
    }
}

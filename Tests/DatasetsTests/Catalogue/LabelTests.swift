import Autograd
import FileSupport
import Testing

@testable import Datasets

/// The labels of samples that come from files.
@Suite struct LabelTests {
    private func file(
        _ path: String, _ source: LabelSource
    ) throws -> (inputs: [Float], labels: [Int32]?, names: [String]) {
        let file = try #require(try Examples.file(path, labels: source))
        let (inputs, labels) = (file.examples.inputs, file.examples.labels)
        return (inputs.elements(), labels?.elements(), file.classNames)
    }

    @Test func aColumnIsNoInput() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.csv"
            try AtomicFile.write("x,kind,y\n1,10,2\n3,2,4\n5,NA,6\n7, 10 ,8\n", to: path)
            let read = try file(path, .column("kind", isRequired: true))
            #expect(read.inputs == [1, 2, 3, 4, 5, 6, 7, 8])
            #expect(read.names == ["2", "10"] && read.labels == [1, 0, -1, 1])

            try AtomicFile.write("x\tkind\n1\t10\n3\tb\n5\ta\n7\t\n", to: folder + "/a.tsv")
            let texts = try file(folder + "/a.tsv", .column("kind", isRequired: true))
            #expect(texts.names == ["10", "a", "b"] && texts.labels == [0, 2, 1, -1])
            #expect(texts.inputs == [1, 3, 5, 7])

            // Without a label at all there are none.
            try AtomicFile.write("x,kind\n1,\n3,?\n", to: path)
            let none = try file(path, .column("kind", isRequired: true))
            #expect(none.labels == nil && none.names.isEmpty && none.inputs == [1, 3])
        }
    }

    @Test func columnsWithoutNamesHaveNumbers() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.csv"
            for labels in [["7", "5"], ["rose", "lily"]] {
                try AtomicFile.write("1,\(labels[0]),2\n3,\(labels[1]),4\n", to: path)
                let read = try file(path, .column("2", isRequired: true))
                #expect(read.inputs == [1, 2, 3, 4])
                #expect(read.names == labels.reversed() && read.labels == [1, 0])
            }
            try AtomicFile.write("1,7\n3,5\n", to: path)
            for name in ["kind", "0", "3", "-9223372036854775808"] {
                expectError("the number of a column of labels, from 1 to 2", "found \"\(name)\"") {
                    try file(path, .column(name, isRequired: true))
                }
            }
        }
    }

    @Test func columnsThatAreNotThere() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.csv"
            try AtomicFile.write("x,kind\n1,a\n2,b\n", to: path)
            expectError("a column \"kidn\" of labels, perhaps kind", "found none") {
                try file(path, .column("kidn", isRequired: true))
            }
            // What is no number is told as ever.
            expectError("a finite number in line 2, column 2 (kind)") {
                try file(path, .column("x", isRequired: true))
            }
            try AtomicFile.write("x,y\n1,2\n", to: path)
            let read = try file(path, .column("kind", isRequired: false))
            #expect(read.inputs == [1, 2] && read.labels == nil)
            try AtomicFile.write("kind\na\nb\n", to: path)
            expectError("columns to learn from", "only the column of labels") {
                try file(path, .column("kind", isRequired: true))
            }
            try NPY.write(Tensor.zeros([2, 2]), to: folder + "/a.npy")
            expectError("a file .csv or .tsv with a column \"kind\" of labels") {
                try file(folder + "/a.npy", .column("kind", isRequired: true))
            }
        }
    }

    @Test func labelsInAFileOfTheirOwn() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.npy"
            try NPY.write(Tensor.zeros([3, 2]), to: path)
            func labels(_ name: String) throws -> (labels: [Int32]?, names: [String]) {
                let read = try file(path, .file("\(folder)/\(name)"))
                return (read.labels, read.names)
            }
            try NPY.write(Tensor([9, -1, 9] as [Int32]), to: folder + "/l.npy")
            #expect(try labels("l.npy") == ([1, 0, 1], ["-1", "9"]))
            try NPY.write(Tensor([true, true, false]), to: folder + "/l.npy")
            #expect(try labels("l.npy") == ([1, 1, 0], ["0", "1"]))
            try AtomicFile.write(DatasetTests.idx([3], [4, 200, 30]), to: folder + "/l.idx")
            #expect(try labels("l.idx") == ([0, 2, 1], ["4", "30", "200"]))
            for (text, numbers, names) in [
                ("3\n\n12\n", [0, -1, 1], ["3", "12"]),
                ("3\r\n\r\n12\r\n\r\n", [0, -1, 1], ["3", "12"]),
                ("kind\n3\nNA\n12\n", [0, -1, 1], ["3", "12"]),
                ("b\na\nb\n", [1, 0, 1], ["a", "b"]),
                ("kind\nb\na\nb\n", [1, 0, 1], ["a", "b"]),
            ] as [(String, [Int32], [String])] {
                try AtomicFile.write(text, to: folder + "/l.csv")
                #expect(try labels("l.csv") == (numbers, names), "\(text)")
            }
        }
    }

    @Test func labelsThatDoNotMatch() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/a.npy"
            try NPY.write(Tensor.zeros([3, 2]), to: path)
            func labels(_ name: String) throws { _ = try file(path, .file("\(folder)/\(name)")) }
            try NPY.write(Tensor([1, 2] as [Int32]), to: folder + "/l.npy")
            expectError("l.npy", "a label for each of 3 samples, found 2") {
                try labels("l.npy")
            }
            try NPY.write(Tensor([1, 2, 3] as [Float]), to: folder + "/l.npy")
            expectError("whole numbers of shape [n]", "float32 of shape [3]") {
                try labels("l.npy")
            }
            try AtomicFile.write(DatasetTests.idx([3, 1], [1, 2, 3]), to: folder + "/l.idx")
            expectError("whole numbers of shape [n]", "uint8 of shape [3, 1]") {
                try labels("l.idx")
            }
            // A line too many is a name only if it looks like one; one too few is none too few.
            for (text, count) in [
                ("a\nb\na\nb\n", 4), ("1\n2\n3\n4\n", 4), ("kind\n1\n2\n", 2), ("", 0),
            ] {
                try AtomicFile.write(text, to: folder + "/l.csv")
                expectError("a label for each of 3 samples, found \(count)") {
                    try labels("l.csv")
                }
            }
            try AtomicFile.write("1,2\n", to: folder + "/l.csv")
            expectError("one column, of labels", "2 columns") { try labels("l.csv") }
            expectError("labels in a file .npy, .csv, .tsv or IDX") { try labels("l.md") }
        }
    }

    /// However the samples are split, each keeps its label.
    @Test func labelsGoWithSamples() throws {
        try withTemporaryFolder { folder in
            let rows = (0..<30).map { "\($0),\($0 % 3)" }
            let path = folder + "/a.csv"
            try AtomicFile.write("x,kind\n" + rows.joined(separator: "\n"), to: path)
            let set = try #require(
                try Dataset.file(
                    path, splitting: DataSplit(testShare: 0.4, seed: 3),
                    labels: .column("kind", isRequired: true)))
            #expect(set.test.count == 12 && set.classNames == ["0", "1", "2"])
            for part in [set.training, set.test] {
                let labels = try #require(part.labels).elements(as: Int32.self)
                #expect(part.inputs.elements(as: Float.self).map { Int32($0) % 3 } == labels)
            }
            let ones = try set.training(onLabel: "1").training.inputs.elements(as: Float.self)
            #expect(!ones.isEmpty && ones.allSatisfy { Int($0) % 3 == 1 })
        }
    }

    /// Tables name classes in the same order, and mark labels that are missing the same way.
    @Test func tablesHaveTheSameLabels() throws {
        let table = CSV.Table(
            header: ["x", "kind"], rows: [["1", "10"], ["2", "9"], ["3", ""], ["4", "10"]])
        let schema = try TableSchema(inferredFrom: table, label: "kind", path: "t")
        let set = try TableDataset(
            table, name: "t", schema: schema, splitting: DataSplit(testShare: 0)
        ).dataset
        #expect(set.classNames == ["9", "10"])
        #expect(set.training.labels?.elements(as: Int32.self) == [1, 0, -1, 1])
    }
}

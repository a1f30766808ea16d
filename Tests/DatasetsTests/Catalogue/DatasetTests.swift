import Autograd
import FileSupport
import Foundation
import Testing

@testable import Datasets

@Suite struct DatasetTests {
    @Test func names() {
        for name in ["digits", "digits8x8", "mnist", "fashion-mnist", "usps", "cifar10", "shapes"] {
            #expect(Dataset.names.contains(name))
        }
        #expect(Set(Dataset.names).count == Dataset.names.count)
        expectError("minst", "perhaps mnist", "digits8x8", "an unknown name") {
            try Dataset.named("minst")
        }
        expectError("perhaps fashion-mnist") { try Dataset.named("fashionmnist") }
    }

    static func idx(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
        [0, 0, 8, UInt8(shape.count)] + shape.flatMap { UInt32($0).bigEndianBytes } + bytes
    }

    static func writeSet(
        _ folder: String, size: Int = 28, labels: [UInt8] = [3, 9], test: String = "t10k"
    ) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for prefix in ["train", test] {
            let pixels = (0..<2 * size * size).map { UInt8(truncatingIfNeeded: $0) }
            try AtomicFile.write(
                idx([2, size, size], pixels), to: "\(folder)/\(prefix)-images-idx3-ubyte")
            try AtomicFile.write(
                idx([labels.count], labels), to: "\(folder)/\(prefix)-labels-idx1-ubyte")
        }
    }

    @Test func directories() throws {
        try withTemporaryFolder { folder in
            // In a folder of the set's name, or right in the directory.
            for place in ["\(folder)/a/mnist", "\(folder)/b"] { try Self.writeSet(place) }
            for place in ["\(folder)/a", "\(folder)/b", "\(folder)/a/mnist"] {
                let set = try Dataset.named("mnist", directory: place)
                #expect(set.training.inputs.shape == [2, 28, 28])
                #expect(set.test.labels!.isIdentical(to: Tensor([3, 9] as [Int32])))
            }
            try Self.writeSet("\(folder)/a/usps", size: 16, test: "test")
            #expect(try Dataset.named("usps", directory: folder + "/a").test.count == 2)
        }
    }

    @Test(.enabled(if: dataDirectory == nil, "TAPESTRY_DATA is set"))
    func missingDirectory() {
        expectError("mnist", "a data directory", "TAPESTRY_DATA", "none") {
            try Dataset.named("mnist")
        }
    }

    @Test func missingFiles() throws {
        try withTemporaryFolder { folder in
            expectError("\(folder)/mnist/train-images-idx3-ubyte.gz", "gzipped or not", "none") {
                try Dataset.named("mnist", directory: folder)
            }
            try Self.writeSet(folder)
            try FileManager.default.removeItem(atPath: folder + "/t10k-labels-idx1-ubyte")
            expectError("t10k-labels-idx1-ubyte") {
                try Dataset.named("mnist", directory: folder)
            }
        }
    }

    @Test func wrongFiles() throws {
        try withTemporaryFolder { folder in
            func mnist() throws -> Dataset { try Dataset.named("mnist", directory: folder) }
            try Self.writeSet(folder, size: 27)
            expectError("images of 28 × 28 bytes", "uint8 of shape [2, 27, 27]") { try mnist() }
            try Self.writeSet(folder, labels: [1, 10])
            expectError("labels of 0 to 9", "10 at index 1") { try mnist() }
            try Self.writeSet(folder, labels: [1, 2, 3])
            expectError("a byte for each of 2 images", "shape [3]") { try mnist() }
            try Self.writeSet(folder)
            let images = folder + "/train-images-idx3-ubyte"
            try AtomicFile.write(Array(FileReading.bytes(of: images).dropLast()), to: images)
            expectError(images, "2 × 28 × 28 elements", "1567 bytes") { try mnist() }
        }
    }

    @Test func cifar() throws {
        try withTemporaryFolder { folder in
            for name in ["data_batch_1", "data_batch_4", "test_batch"] {
                try AtomicFile.write(CIFARTests.records, to: "\(folder)/\(name).bin")
            }
            let set = try Dataset.named("cifar10", directory: folder)
            #expect(set.training.inputs.shape == [2, 3, 32, 32])
            #expect(set.test.count == 1)
            #expect(set.classNames[Int(set.test.labels!.scalar)] == "cat")
        }
    }

    /// Colour images have their planes first, and the parts are what the seed says.
    @Test func singleFiles() throws {
        try withTemporaryFolder { folder in
            // Two pixels each, side by side.
            let pixels = (0..<20 as Range<UInt8>).flatMap {
                [$0, $0 + 50, $0 + 100, $0 + 20, $0 + 70, $0 + 120]
            }
            let path = folder + "/caltech-faces-64-idx4-ubyte"
            try AtomicFile.write(Self.idx([20, 1, 2, 3], pixels), to: path)
            let set = try Dataset.named("caltech-faces", directory: folder)
            #expect(set.training.inputs.shape == [18, 3, 1, 2])
            #expect(set.test.inputs.shape == [2, 3, 1, 2])
            let all = [set.training, set.test].flatMap { $0.inputs.elements(as: UInt8.self) }
            #expect(all.sorted() == pixels.sorted())
            #expect(all[1..<6].map { $0 - all[0] } == [20, 50, 70, 100, 120])
            let again = try Dataset.named("caltech-faces", directory: folder)
            #expect(again.test.inputs.isIdentical(to: set.test.inputs))
        }
    }

    @Test func files() throws {
        try withTemporaryFolder { folder in
            let path = folder + "/points.npy"
            try NPY.write(Tensor([1, 2, 3, 4.0], shape: [2, 2]), to: path)
            let set = try Dataset.named(path)
            #expect(set.training.inputs.dataType == .float32)
            #expect(set.training.count == 1 && set.test.count == 1)
            #expect(set.training.scaled().isIdentical(to: set.training.inputs))

            try NPY.write(Tensor([1, 2, 3, .nan] as [Float], shape: [2, 2]), to: path)
            expectError(path, "finite numbers", "nan at [1, 1] (row 2, column 2)") {
                try Dataset.named(path)
            }
            try NPY.write(Tensor([1, 2, 3e38, -1e39], shape: [2, 2]), to: path)
            expectError("finite numbers within ±3.4e38", "-1e+39 at [1, 1] (row 2, column 2)") {
                try Dataset.named(path)
            }
            try NPY.write(Tensor([1, 2] as [Float]), to: path)
            expectError("shape [2]") { try Dataset.named(path) }
            try NPY.write(Tensor([1, 2] as [Float], shape: [1, 2]), to: path)
            expectError("at least 2 examples", "1") { try Dataset.named(path) }
            try AtomicFile.write("x\ty\n1\t2\n3\t4\n", to: folder + "/a.tsv")
            #expect(try Dataset.named(folder + "/a.tsv").test.shape == [2])
            // Without a header, no row is taken for one.
            try AtomicFile.write("1,2\n3,4\n5,6\n", to: folder + "/a.csv")
            #expect(try Dataset.named(folder + "/a.csv").training.count == 2)
            expectError("No such file") { try Dataset.named(folder + "/none.csv.gz") }
            expectError("No such file") { try Dataset.named(folder + "/NONE.TXT") }
            // Nothing in nothing, however much of it.
            for shape in ["(1000000000, 0)", "(0, 2)"] {
                let text = "{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }\n"
                try AtomicFile.write(NPYTests.header(text), to: path)
                expectError(path, "examples that are not empty", "none, in shape [") {
                    try Dataset.named(path)
                }
            }
        }
    }

    /// What is stored in 16 bits is computed with as `float32`.
    @Test(arguments: [DataType.float16, .bfloat16])
    func examplesOfSixteenBitsAreWidened(_ type: DataType) throws {
        let inputs = Tensor([1, 2.5, -3, 96], shape: [2, 2])
        let chosen = Examples(inputs: inputs.cast(to: type))[[1, 0]]
        #expect(chosen.inputs == Tensor([-3, 96, 1, 2.5] as [Float], shape: [2, 2]))
        try withTemporaryFolder { folder in
            try NPY.write(inputs.cast(to: .float16), to: folder + "/a.npy")
            let file = try #require(try Examples.file(folder + "/a.npy"))
            #expect(file.examples.inputs == inputs.cast(to: .float32))
        }
    }

    @Test func selectsExamples() {
        let examples = Examples(
            inputs: Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2]),
            labels: Tensor([7, 8, 9] as [Int32]))
        let chosen = examples[[2, 0, 2]]
        #expect(
            chosen.inputs.isIdentical(to: Tensor([5, 6, 1, 2, 5, 6] as [Float], shape: [3, 2])))
        #expect(chosen.labels!.isIdentical(to: Tensor([9, 7, 9] as [Int32])))
    }
}

private let dataDirectory = ProcessInfo.processInfo.environment["TAPESTRY_DATA"]

/// The full sets, where they are there.
@Suite(.enabled(if: dataDirectory != nil, "needs TAPESTRY_DATA"))
struct FullDataTests {
    @Test(arguments: [
        ("mnist", [60000, 28, 28], 10000), ("fashion-mnist", [60000, 28, 28], 10000),
        ("usps", [7291, 16, 16], 2007),
    ])
    func standardSets(_ name: String, _ shape: [Int], _ testCount: Int) throws {
        let set = try Dataset.named(name, directory: dataDirectory)
        #expect(set.training.inputs.shape == shape)
        #expect(set.test.count == testCount)
        #expect(set.training.labels!.count == shape[0])
    }

    @Test(arguments: ["cifar10", "frey-faces", "orl-faces", "caltech-faces", "flowers"])
    func otherSets(_ name: String) throws {
        let set = try Dataset.named(name, directory: dataDirectory)
        #expect(set.training.count > set.test.count && set.test.count > 0)
    }
}

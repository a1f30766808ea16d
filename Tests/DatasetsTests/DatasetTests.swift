import Autograd
import Foundation
import Testing

@testable import Datasets

@Suite struct BundledTests {
    @Test func digits() throws {
        let digits = try Dataset.named("digits")
        #expect(digits.training.inputs.shape == [4500, 28, 28])
        #expect(digits.test.inputs.shape == [500, 28, 28])
        #expect(digits.training.inputs.dataType == .uint8)
        #expect(digits.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
        for (part, count) in [(digits.training, 450), (digits.test, 50)] {
            let labels = try #require(part.labels).elements(as: Int32.self)
            for label in 0..<10 as Range<Int32> {
                #expect(labels.count { $0 == label } == count)
            }
        }
        let scaled = digits.test.scaled()
        #expect(scaled.dataType == .float32)
        #expect(scaled.elements(as: Float.self).max() == 1)
        #expect(scaled.elements(as: Float.self).min() == 0)
    }

    @Test func smallDigits() throws {
        let digits = try Dataset.named("digits8x8")
        #expect(digits.training.inputs.shape == [1437, 8, 8])
        #expect(digits.test.inputs.shape == [360, 8, 8])
        let labels = try #require(digits.test.labels).elements(as: Int32.self)
        for label in 0..<10 as Range<Int32> { #expect(labels.count { $0 == label } == 36) }
    }

    @Test func drawingIsBalanced() {
        let labels: [Int32] = [0, 0, 0, 0, 0, 0, 1, 1, 1, 5]
        let inputs = Tensor((0..<10).map { Float($0) }, shape: [10, 1])
        let examples = Examples(inputs: inputs, labels: Tensor(labels))
        var generator = RandomGenerator(seed: 1)
        func drawn(_ count: Int) -> (inputs: [Float], labels: [Int32]) {
            let part = examples.balanced(count, using: &generator)
            return (part.inputs.elements(), part.labels!.elements())
        }
        let six = drawn(6)
        #expect(six.labels.sorted() == [0, 0, 0, 1, 1, 5])
        // Each keeps its own label, and none is drawn twice.
        #expect(zip(six.inputs, six.labels).allSatisfy { labels[Int($0)] == $1 })
        #expect(Set(six.inputs).count == 6)
        #expect((0..<20).contains { _ in Set(drawn(6).inputs) != Set(six.inputs) })
        #expect(drawn(3).labels.sorted() == [0, 1, 5])
        #expect(drawn(10).inputs == inputs.elements() && drawn(99).labels == labels)
    }

    /// No picture is in both parts, and labels go with pictures: the nearest picture to
    /// train on tells the class of nearly every picture to test on.
    @Test(arguments: [("digits8x8", 0.95), ("digits", 0.9)])
    func labelsBelongToPictures(_ name: String, _ least: Double) throws {
        let digits = try Dataset.named(name)
        let known = digits.training.scaled().flattened()
        let asked = digits.test.scaled().flattened()
        let knownLabels = try #require(digits.training.labels).elements(as: Int32.self)
        let askedLabels = try #require(digits.test.labels).elements(as: Int32.self)
        // The squared distance without its part that all have in common.
        let distances = (known * known).sum(axes: [1]) - 2 * matmul(asked, known.transposed())
        let lengths = (asked * asked).sum(axes: [1]).elements(as: Float.self)
        let rows = distances.elements(as: Float.self)
        var correct = 0
        for index in askedLabels.indices {
            let row = rows[index * knownLabels.count..<(index + 1) * knownLabels.count]
            let nearest = try #require(row.indices.min { row[$0] < row[$1] })
            #expect(row[nearest] + lengths[index] > 0.01)
            if knownLabels[nearest - row.startIndex] == askedLabels[index] { correct += 1 }
        }
        let count = askedLabels.count
        #expect(Double(correct) >= least * Double(count))
    }

    @Test func missing() {
        expectError("no-such.gz", "comes with the program") { try Bundled.path("no-such.gz") }
    }

    /// The files are those that the script made.
    @Test func checksums() throws {
        let list = try FileReading.bytes(of: Bundled.path("SHA256SUMS"))
        let lines = String(decoding: list, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 8)
        for line in lines {
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            let file = try FileReading.bytes(of: Bundled.path(String(parts[1])))
            #expect(sha256(file) == parts[0], "\(parts[1])")
        }
    }

    @Test func knownDigests() {
        #expect(
            sha256(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}

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
            expectError(path, "finite numbers", "[1, 1]") { try Dataset.named(path) }
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

@Suite struct GeneratedTests {
    @Test(arguments: [
        ("shapes", [28, 28], 4), ("colour-shapes", [3, 32, 32], 4), ("rings", [2], 3),
        ("swiss-roll", [3], 10),
    ])
    func generated(_ name: String, _ shape: [Int], _ classCount: Int) throws {
        let set = try Dataset.named(name)
        #expect(set.training.count == 4000 && set.test.count == 1000)
        #expect(set.training.shape == shape)
        #expect(set.classNames.count == classCount)
        for part in [set.training, set.test] {
            let labels = try #require(part.labels).elements(as: Int32.self)
            #expect(Set(labels) == Set(0..<Int32(classCount)))
        }
        let again = try Dataset.named(name)
        #expect(set.training.inputs.isIdentical(to: again.training.inputs))
        #expect(!set.test.inputs.isIdentical(to: set.training[Array(0..<1000)].inputs))
    }

    @Test func seeds() {
        let makers: [(UInt64) -> Dataset] = [
            { .shapes(trainingCount: 5, testCount: 2, seed: $0) },
            { .colourShapes(trainingCount: 5, testCount: 2, seed: $0) },
            { .rings(trainingCount: 5, testCount: 2, seed: $0) },
            { .swissRoll(trainingCount: 5, testCount: 2, seed: $0) },
        ]
        for make in makers {
            #expect(make(1).training.inputs.isIdentical(to: make(1).training.inputs))
            #expect(!make(1).training.inputs.isIdentical(to: make(2).training.inputs))
        }
    }

    /// Each kind of figure has its colour, so that grey copies can be given theirs back.
    @Test func coloursTellTheFigure() {
        let set = Dataset.colourShapes(trainingCount: 40, testCount: 4)
        let pixels = set.training.inputs.elements(as: UInt8.self).map { Double($0) / 255 }
        for index in 0..<40 {
            let channels = (0..<3).map { channel in
                let start = (3 * index + channel) * 1024
                return Array(pixels[start..<start + 1024])
            }
            // The ground is bluest at night and reddest in the sand; colours are stronger.
            let isColoured = (0..<1024).filter { place in
                let values = channels.map { $0[place] }
                return values.max()! - values.min()! > 0.35
            }
            #expect(isColoured.count > 8)
            let means = channels.map { channel in
                isColoured.reduce(0) { $0 + channel[$1] } / Double(isColoured.count)
            }
            let (red, green, blue) = (means[0], means[1], means[2])
            switch index % 4 {
            case 0: #expect(red > green && green > 2 * blue)
            case 1: #expect(red > 2 * green && red > 2 * blue)
            case 2: #expect(blue > green && green > red)
            default: #expect(green > 2 * red && green > 2 * blue)
            }
        }
    }

    /// Figures lie within the picture and are as large as they say.
    @Test func figures() {
        let set = Dataset.shapes(trainingCount: 40, testCount: 4)
        let pixels = set.training.inputs.elements(as: UInt8.self)
        for index in 0..<40 {
            let picture = Array(pixels[784 * index..<784 * (index + 1)])
            let ink = picture.reduce(0) { $0 + Double($1) / 255 }
            switch index % 4 {
            case 0: #expect(ink > .pi * 16 - 2 && ink < .pi * 64 + 2)
            case 1: #expect(ink > .pi * (16 - 1) - 2 && ink < .pi * (64 - 25) + 2)
            case 2: #expect(ink > 32 - 3 && ink < 128 + 3)
            default: #expect(ink > 3 * 8 - 4 && ink < 3 * 16 + 4)
            }
            for edge in 0..<28 {
                #expect(picture[edge] == 0 && picture[27 * 28 + edge] == 0)
                #expect(picture[28 * edge] == 0 && picture[28 * edge + 27] == 0)
            }
        }
    }

    @Test func ringsAreRings() throws {
        let rings = Dataset.rings()
        let points = rings.test.inputs.elements(as: Float.self)
        let labels = try #require(rings.test.labels).elements(as: Int32.self)
        for (index, label) in labels.enumerated() {
            let radius =
                (points[2 * index] * points[2 * index]
                + points[2 * index + 1] * points[2 * index + 1]).squareRoot()
            #expect(abs(radius - Float(label + 1)) < 0.5)
        }
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

/// The SHA-256 digest of the bytes in hexadecimal (FIPS 180-4).
func sha256(_ bytes: [UInt8]) -> String {
    // The first 32 bits of the fractional parts of square and cube roots of primes.
    let primes = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }
    func fraction(_ root: Double) -> UInt32 { UInt32((root - root.rounded(.down)) * 0x1p32) }
    var state = primes.prefix(8).map { fraction(Double($0).squareRoot()) }
    let constants = primes.map { fraction(cbrt(Double($0))) }

    var message = bytes + [0x80]
    message += [UInt8](repeating: 0, count: (119 - bytes.count % 64) % 64)
    message += UInt64(8 * bytes.count).bigEndianBytes
    func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word >> count | word << (32 - count)
    }
    for block in stride(from: 0, to: message.count, by: 64) {
        var schedule = words(message, from: block, count: 16, bigEndian: true, as: UInt32.self)
        for index in 16..<64 {
            let (early, late) = (schedule[index - 15], schedule[index - 2])
            schedule.append(
                schedule[index - 16] &+ schedule[index - 7]
                    &+ (rotated(early, 7) ^ rotated(early, 18) ^ early >> 3)
                    &+ (rotated(late, 17) ^ rotated(late, 19) ^ late >> 10))
        }
        var s = state
        for index in 0..<64 {
            let choice = s[4] & s[5] ^ ~s[4] & s[6]
            let majority = s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]
            let first =
                s[7] &+ (rotated(s[4], 6) ^ rotated(s[4], 11) ^ rotated(s[4], 25)) &+ choice
                &+ constants[index] &+ schedule[index]
            let second = (rotated(s[0], 2) ^ rotated(s[0], 13) ^ rotated(s[0], 22)) &+ majority
            s = [first &+ second, s[0], s[1], s[2], s[3] &+ first, s[4], s[5], s[6]]
        }
        for index in state.indices { state[index] &+= s[index] }
    }
    return state.map { String($0.hexadecimal.dropFirst(2)) }.joined()
}

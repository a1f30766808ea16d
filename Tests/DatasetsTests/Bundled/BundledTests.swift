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

    @Test func examplesWithoutALabelAreNotDrawn() {
        let inputs = Tensor((0..<6).map { Float($0) }, shape: [6, 1])
        let examples = Examples(inputs: inputs, labels: Tensor([1, -1, 0, -1, 1, 0] as [Int32]))
        #expect(examples.labelled.inputs.elements() == [0, 2, 4, 5] as [Float])
        #expect(examples.labelled.labels!.elements() == [1, 0, 1, 0] as [Int32])
        #expect(Examples(inputs: inputs).labelled.count == 0)
        var generator = RandomGenerator(seed: 1)
        for count in [2, 3, 4, 5, 6] {
            let drawn = examples.balanced(count, using: &generator)
            #expect(drawn.count == min(count, 4))
            #expect(drawn.labels!.elements(as: Int32.self).allSatisfy { $0 >= 0 })
        }
    }

    /// No image is in both parts, and labels go with images: the nearest image to
    /// train on tells the class of nearly every image to test on.
    @Test(arguments: [("digits8x8", 0.95), ("digits", 0.9)])
    func labelsBelongToImages(_ name: String, _ least: Double) throws {
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
        expectError("digits/no-such.gz", "comes with the program") {
            try Bundled.bytes(of: "no-such.gz", in: "digits")
        }
    }

    /// The files are those that the script made.
    @Test func checksums() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../Sources/Datasets/Bundled").standardizedFileURL.path
        let list = try FileReading.bytes(of: folder + "/SHA256SUMS")
        let lines = String(decoding: list, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 8)
        for line in lines {
            let parts = line.split(separator: " ", omittingEmptySubsequences: true)
            let path = parts[1].split(separator: "/").map(String.init)
            let file = try Bundled.bytes(of: path[1], in: path[0])
            #expect(sha256(file) == parts[0], "\(parts[1])")
        }
    }

    @Test func knownDigests() {
        #expect(
            sha256(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
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

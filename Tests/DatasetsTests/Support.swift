import Autograd
import Foundation
import TestSupport
import Testing

@testable import Datasets

/// The bytes written as base 64.
func base64(_ text: String) -> [UInt8] { [UInt8](Data(base64Encoded: text)!) }

/// A path in a folder of its own, which goes away afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("tapestry-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
}

/// Pseudo-random numbers of which every test knows the seed (Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators", 2014).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    mutating func bytes(_ count: Int, of range: ClosedRange<UInt8> = 0...255) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: range, using: &self) }
    }
}

/// Expects that every proper beginning of the file is refused.
func expectTruncationsThrow<Value>(
    _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation,
    _ decode: ([UInt8]) throws -> Value
) {
    for length in 0..<bytes.count {
        #expect(throws: FileError.self, "\(length) bytes", sourceLocation: sourceLocation) {
            _ = try decode(Array(bytes[..<length]))
        }
    }
}

/// Expects that every single flipped bit is noticed, or makes no difference.
func expectFlipsHarmless<Value: Equatable>(
    _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation,
    _ decode: ([UInt8]) throws(FileError) -> Value
) throws {
    let intact = try decode(bytes)
    for bit in 0..<8 * bytes.count {
        var flipped = bytes
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        if let value = try? decode(flipped) {
            #expect(value == intact, "bit \(bit)", sourceLocation: sourceLocation)
        }
    }
}

/// Expects an error whose line has all these words in it.
func expectError<Value>(
    _ words: String..., sourceLocation: SourceLocation = #_sourceLocation,
    from body: () throws -> Value
) {
    let error = #expect(throws: FileError.self, sourceLocation: sourceLocation) {
        _ = try body()
    }
    guard let error else { return }
    #expect(!error.description.contains("\n"), sourceLocation: sourceLocation)
    for word in words {
        #expect(error.description.contains(word), sourceLocation: sourceLocation)
    }
}

/// Python, where it is there, as a second opinion.
enum Python {
    static let path = ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    static let isThere = path != nil && (try? run("import zlib")) != nil

    struct Failure: Error {}

    /// What a script prints; throws where it fails.
    static func run(_ script: String, _ arguments: String...) throws -> String {
        try run(script, arguments, with: path ?? "")
    }

    static func run(
        _ script: String, _ arguments: [String], with path: String
    ) throws -> String {
        let (status, output) = try ChildProcess.output(of: [path, "-c", script] + arguments)
        guard status == 0 else { throw Failure() }
        return String(decoding: output, as: UTF8.self)
    }
}

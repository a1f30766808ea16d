import Autograd
import FileSupport
import Foundation
import NeuralNetworks
import TestSupport
import Testing

/// Safetensors files with tensors of `float16` and `bfloat16`.
@Suite struct HalfPrecisionFileTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("tensors.safetensors") }

    /// Written by the Python library, version 0.8.0.
    private static let file = [UInt8](
        Data(
            base64Encoded: """
                GAEAAAAAAAB7ImMiOnsiZHR5cGUiOiJGMzIiLCJzaGFwZSI6WzFdLCJkYXRhX29mZnNldHMiOlswLDRd\
                fSwiZSI6eyJkdHlwZSI6IkkzMiIsInNoYXBlIjpbMV0sImRhdGFfb2Zmc2V0cyI6WzQsOF19LCJiIjp7\
                ImR0eXBlIjoiQkYxNiIsInNoYXBlIjpbMiwyXSwiZGF0YV9vZmZzZXRzIjpbOCwxNl19LCJhIjp7ImR0\
                eXBlIjoiRjE2Iiwic2hhcGUiOlszXSwiZGF0YV9vZmZzZXRzIjpbMTYsMjJdfSwiZCI6eyJkdHlwZSI6\
                IlU4Iiwic2hhcGUiOlsxXSwiZGF0YV9vZmZzZXRzIjpbMjIsMjNdfX0gICAgICAgAADAPwUAAACAPyDA\
                zT1ifwA8AMFmLgc=
                """)!)
    private static let tensors = [
        "a": Tensor([1, -2.5, 0.1]).cast(to: .float16),
        "b": Tensor([1, -2.5, 0.1, 3e38], shape: [2, 2]).cast(to: .bfloat16),
        "c": Tensor([1.5 as Float]), "d": Tensor([7 as UInt8]), "e": Tensor([5 as Int32]),
    ]

    @Test func typesAreKept() throws {
        try TestSupport.write(Self.file, to: path)
        let found = try Safetensors(contentsOf: path).tensors
        #expect(found.count == 5)
        for (name, tensor) in Self.tensors {
            #expect(found[name]?.isIdentical(to: tensor) == true, "\(name)")
        }
    }

    @Test func bytesAreThoseOfThePythonLibrary() throws {
        try Safetensors(Self.tensors).write(to: path, withChecksum: false)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(Self.file))
        // With our own checksum too the file is read again.
        try Safetensors(Self.tensors).write(to: path)
        #expect(try Safetensors(contentsOf: path).tensors == Self.tensors)
    }

    /// A module is saved in half the size, and loads it as it computes.
    @Test(arguments: [DataType.float16, .bfloat16])
    func modulesAreStoredInHalfTheSize(_ type: DataType) throws {
        var generator = RandomGenerator(seed: 3)
        let module = Dense(3, 4, using: &generator)
        let stored = module.cast(to: type)
        #expect(stored.weight.dataType == type)
        try stored.save(to: path)
        let file = try Safetensors(contentsOf: path)
        #expect(file.tensors.values.allSatisfy { $0.dataType == type })

        var loaded = Dense(3, 4, using: &generator)
        try loaded.load(from: path)
        let rounded = module.weight.cast(to: type).cast(to: .float32)
        #expect(loaded.weight.isIdentical(to: rounded))
        #expect(stored.cast(to: .float32).weight.isIdentical(to: rounded))
        // One of the same type takes it as it is.
        var same = Dense(3, 4, using: &generator).cast(to: type)
        try same.load(from: path)
        #expect(same.weight.isIdentical(to: stored.weight))
    }

    @Test func whatDoesNotFitIsRefused() throws {
        var generator = RandomGenerator(seed: 3)
        try Dense(3, 4, using: &generator).cast(to: .float16).save(to: path)
        var wide = Dense(3, 4, using: &generator).cast(to: .float64)
        let error = #expect(throws: FileError.self) { try wide.load(from: path) }
        #expect(error?.found.hasPrefix("float16 of shape") == true)
        var brain = Dense(3, 4, using: &generator).cast(to: .bfloat16)
        #expect(throws: FileError.self) { try brain.load(from: path) }

        // A half of an element is missing.
        let header = #"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,3]}}"#
        let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
        try TestSupport.write(length + header.utf8 + [0, 60, 0], to: path)
        #expect(throws: FileError.self) { try Safetensors(contentsOf: path) }
    }
}

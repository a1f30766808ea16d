import Autograd
import FileSupport
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct SafetensorsTests {
    private let folder = TemporaryFolder()
    private var path: String { folder.file("tensors.safetensors") }

    /// One tensor of every type, among them a scalar and one without elements.
    static let everyType: [String: Tensor] = [
        "decoder.weight": Tensor([1.5, -2, 3.25, 0.1] as [Float], shape: [2, 2]),
        "decoder.bias": Tensor([0.5, .infinity] as [Float]),
        "precise": Tensor([Double.pi, -0.0, 1e300]),
        "steps": Tensor([7] as [Int32], shape: []),
        "pixels": Tensor([0, 128, 255] as [UInt8]),
        "mask": Tensor([true, false, true]),
        "nothing": Tensor([] as [Float], shape: [0, 5]),
        "Umlaut ä \"quoted\" \\ \n \u{1} 🙂": Tensor([1] as [Float]),
    ]

    @Test func readsWhatItWrote() throws {
        let written = Safetensors(Self.everyType, metadata: ["note": "a \"text\"\n", "": "ü"])
        try written.write(to: path)
        let found = try Safetensors(contentsOf: path, requiringChecksum: true)
        #expect(found.metadata == written.metadata)
        #expect(Set(found.tensors.keys) == Set(Self.everyType.keys))
        for (name, tensor) in Self.everyType {
            #expect(found.tensors[name]?.isIdentical(to: tensor) == true, "\(name)")
        }
        #expect(folder.files == ["tensors.safetensors"])
    }

    @Test func readsAndWritesAnEmptyFile() throws {
        try Safetensors([:]).write(to: path, withChecksum: false)
        #expect(try read(path) == [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
        #expect(try Safetensors(contentsOf: path).tensors.isEmpty)
    }

    /// Written by Python's safetensors 0.8.0:
    /// `save_file({"b": float32 [[1, 2]], "a": uint8 [3], "c": float64 scalar 0.5,
    /// "flag": bool [True]}, path, metadata={"k": "ä\n"})`.
    private static let fromPython: [UInt8] = {
        let header =
            #"{"__metadata__":{"k":"ä\n"},"c":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"#
            + #""b":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},"#
            + #""a":{"dtype":"U8","shape":[1],"data_offsets":[16,17]},"#
            + #""flag":{"dtype":"BOOL","shape":[1],"data_offsets":[17,18]}}"#
        let text = Array(header.utf8) + [UInt8](repeating: 32, count: 6)
        return [0, 1, 0, 0, 0, 0, 0, 0] + text
            + [0, 0, 0, 0, 0, 0, 0xE0, 0x3F] + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40] + [3] + [1]
    }()

    @Test func bytesAreThoseOfThePythonLibrary() throws {
        try write(Self.fromPython, to: path)
        let found = try Safetensors(contentsOf: path)
        #expect(found.metadata == ["k": "ä\n"])
        #expect(found.tensors["c"]?.scalar == 0.5)
        #expect(found.tensors["b"]?.elements(as: Float.self) == [1, 2])
        #expect(found.tensors["b"]?.shape == [1, 2])
        #expect(found.tensors["a"]?.elements(as: UInt8.self) == [3])
        #expect(found.tensors["flag"]?.elements(as: Bool.self) == [true])

        let copy = folder.file("copy")
        try found.write(to: copy, withChecksum: false)
        #expect(try read(copy) == Self.fromPython)
    }

    // MARK: Damage

    @Test func everyTruncationIsRefused() throws {
        try Safetensors(Self.everyType).write(to: path)
        let bytes = try read(path)
        for length in 0..<bytes.count {
            try write(Array(bytes[..<length]), to: path)
            #expect(throws: FileError.self, "\(length) bytes") {
                try Safetensors(contentsOf: path)
            }
        }
        try write(bytes + [0], to: path)
        #expect(throws: FileError.self) { try Safetensors(contentsOf: path) }
    }

    @Test func everyFlippedBitIsCaught() throws {
        let tensors = Self.everyType.filter { $0.value.count > 1 }
        try Safetensors(tensors, metadata: ["state": "{\"step\":12}"]).write(to: path)
        let bytes = try read(path)
        for bit in 0..<8 * bytes.count {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << (bit % 8)
            try write(damaged, to: path)
            #expect(throws: FileError.self, "bit \(bit)") {
                try Safetensors(contentsOf: path, requiringChecksum: true)
            }
        }
    }

    @Test func aFileWithoutChecksumIsRefusedWhereOneIsRequired() throws {
        try write(Self.fromPython, to: path)
        #expect(throws: FileError.self) {
            try Safetensors(contentsOf: path, requiringChecksum: true)
        }
    }

    @Test(arguments: [
        // Claims of what is not there: nothing of this size is allocated.
        #"{"a":{"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1073741824,1073741824],"data_offsets":[0,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[9223372036854775807,4,0],"data_offsets":[0,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[0,9223372036854775807,4],"data_offsets":[0,0]}}"#,
        #"{"a":{"dtype":"U8","shape":[1152921504606846976],"data_offsets":[0,1152921504606846976]}}"#,
        #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#,
        // Offsets.
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[0,9223372036854775807,4],"data_offsets":[0,0]}}"#,
        // Types that are not known here, and contents that types do not have.
        #"{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"f16","shape":[4],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"I64","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"BOOL","shape":[8],"data_offsets":[0,8]}}"#,
        // What is not this JSON.
        "", "{", "[]", "null", "\"a\"", "{}", "  {}", "{\"a\":1}", "{\"a\":{}}", "{,}",
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}x"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},}"#,
        #"{"a":{"dtype":"F32","shape":[2,],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"more":1}}"#,
        #"{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[2]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        #"{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"\u00g0":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
        #"{"\x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#,
    ])
    func hostileHeadersAreRefused(_ header: String) throws {
        let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
        try write(length + header.utf8 + [2, 0, 0, 0, 0, 0, 0, 0], to: path)
        let error = #expect(throws: FileError.self) { try Safetensors(contentsOf: path) }
        #expect(error?.path == path)
    }

    @Test func deepNestingIsRefusedWithoutDescending() throws {
        for text in [String(repeating: "{\"a\":", count: 1 << 20), "{\"a\":[[[["] {
            let length = withUnsafeBytes(of: UInt64(text.utf8.count).littleEndian) { Array($0) }
            try write(length + text.utf8, to: path)
            #expect(throws: FileError.self) { try Safetensors(contentsOf: path) }
        }
    }

    @Test func textThatIsNotUTF8IsRefused() throws {
        let text = Array("{\"".utf8) + [0xFF] + Array("\":{}}".utf8)
        try write([UInt8(text.count), 0, 0, 0, 0, 0, 0, 0] + text, to: path)
        #expect(throws: FileError.self) { try Safetensors(contentsOf: path) }
    }

    @Test(arguments: [8, 9, 1 << 20, 100_000_001, 1 << 60, UInt64.max])
    func aHeaderLongerThanTheFileIsRefused(_ length: UInt64) throws {
        try write(withUnsafeBytes(of: length.littleEndian) { Array($0) } + [0x7B], to: path)
        let error = #expect(throws: FileError.self) { try Safetensors(contentsOf: path) }
        #expect(error?.found.contains("\(length)") == true)
    }

    @Test func readsEscapesAndWhitespace() throws {
        let header =
            " { \"\\u00e4\\ud83d\\ude42\\/\" :\n{\"shape\":[ 2 ] ,\"data_offsets\": [0,8],"
            + "\"dtype\":\"F32\"}}\t"
        // The format has no room before the brace.
        for (text, isRead) in [(header, false), (String(header.dropFirst()), true)] {
            try write(
                [UInt8(text.utf8.count), 0, 0, 0, 0, 0, 0, 0] + text.utf8
                    + [UInt8](repeating: 0, count: 8), to: path)
            if isRead {
                #expect(Array(try Safetensors(contentsOf: path).tensors.keys) == ["ä🙂/"])
            } else {
                #expect(throws: FileError.self) { try Safetensors(contentsOf: path) }
            }
        }
    }

    @Test func whatIsNotAFileIsRefused() {
        #expect(throws: FileError.self) { try Safetensors(contentsOf: folder.file("none")) }
        #expect(throws: FileError.self) { try Safetensors(contentsOf: folder.path) }
        #expect(throws: FileError.self) { try Safetensors(contentsOf: "/dev/zero") }
        #expect(throws: FileError.self) {
            try Safetensors([:]).write(to: folder.file("no folder/file"))
        }
    }

    // MARK: A full disk

    @Test func aFullDiskLeavesTheOldFileWhole() async throws {
        let path = path
        let old = Safetensors(["weight": Tensor.ones([16])])
        try old.write(to: path)
        let before = try read(path)
        await #expect(processExitsWith: .success) { [path = path as String] in
            fillTheDisk()
            let error = #expect(throws: FileError.self) {
                try Safetensors(["weight": Tensor.ones([10_000])]).write(to: path)
            }
            #expect(error?.path == path)
        }
        #expect(try read(path) == before)
        #expect(folder.files == ["tensors.safetensors"])
    }

    // MARK: Python

    /// The interpreter of the environment variable `TAPESTRY_PYTHON`, else `python3`, where it
    /// has the packages `safetensors` and `numpy`.
    private static let python: String? = {
        let name = ProcessInfo.processInfo.environment["TAPESTRY_PYTHON"] ?? "python3"
        return run(name, "import safetensors.numpy, numpy") == 0 ? name : nil
    }()

    private static func run(_ python: String, _ script: String, _ arguments: String...) -> Int32 {
        (try? ChildProcess([python, "-c", script] + arguments))?.wait() ?? -1
    }

    @Test(.enabled(if: python != nil, "no Python with the package safetensors"))
    func pythonReadsAndWritesTheSameBytes() throws {
        let python = try #require(Self.python)
        try Safetensors(Self.everyType, metadata: ["k": "v"]).write(to: path)
        let plain = folder.file("plain")
        try Safetensors(Self.everyType).write(to: plain, withChecksum: false)
        let status = Self.run(
            python,
            """
            import sys, numpy as np
            from safetensors import safe_open
            from safetensors.numpy import load_file, save_file
            ours, plain, copy, theirs = sys.argv[1:]
            with safe_open(ours, "np") as file:
                metadata = file.metadata()
                assert metadata["k"] == "v" and len(metadata["tapestry.crc32"]) == 8
            found = load_file(ours)
            assert len(found) == 8
            weight = np.array([[1.5, -2], [3.25, 0.1]], dtype=np.float32)
            assert np.array_equal(found["decoder.weight"], weight)
            assert found["precise"].dtype == np.float64 and found["precise"][0] == np.pi
            assert found["steps"].shape == () and found["steps"] == 7
            assert found["mask"].dtype == bool and found["nothing"].shape == (0, 5)
            save_file(load_file(plain), copy)
            save_file({"z": np.arange(6, dtype=np.float32).reshape(2, 3),
                       "a": np.arange(3, dtype=np.int32), "m": np.array([True, False])},
                      theirs, metadata={"from": "Python"})
            """, path, plain, folder.file("copy"), folder.file("theirs"))
        #expect(status == 0)
        #expect(try read(folder.file("copy")) == read(plain))

        let theirs = try Safetensors(contentsOf: folder.file("theirs"))
        #expect(theirs.metadata == ["from": "Python"])
        #expect(theirs.tensors["z"]?.elements(as: Float.self) == [0, 1, 2, 3, 4, 5])
        #expect(theirs.tensors["z"]?.shape == [2, 3])
        #expect(theirs.tensors["a"]?.elements(as: Int32.self) == [0, 1, 2])
        let again = folder.file("again")
        try theirs.write(to: again, withChecksum: false)
        #expect(try read(again) == read(folder.file("theirs")))
    }
}

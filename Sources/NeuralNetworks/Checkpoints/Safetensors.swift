import Autograd
import FileSupport

/// Named tensors in a file of the safetensors format, compatible with the Python library of that
/// name: the length of the header in 8 bytes, the header in JSON padded with spaces to a multiple
/// of 8, and the tensors' elements, little-endian, without gaps.
///
/// ```swift
/// try Safetensors(["weight": weight]).write(to: "weights.safetensors")
/// let weight = try Safetensors(contentsOf: "weights.safetensors").tensors["weight"]
/// ```
///
/// Element types that tensors do not support are converted when read: floating-point numbers of 8
/// bits to `float32`, integers of other sizes to `int32`.
///
/// The format has no checksum. Files written here have one (CRC-32 of header and data) in their
/// metadata, which other readers ignore; it is verified on reading.
public struct Safetensors: Sendable {
    /// The tensors by name.
    public var tensors: [String: Tensor]
    /// The metadata of the file, without the checksum.
    public var metadata: [String: String]

    /// Collects tensors and metadata for a file.
    public init(_ tensors: [String: Tensor], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// Only the tensors whose names are wanted.
    package func containing(_ isWanted: (_ name: String) -> Bool) -> Safetensors {
        Safetensors(tensors.filter { isWanted($0.key) }, metadata: metadata)
    }

    private static let checksumKey = "tapestry.crc32"
    /// The same as the Python library's.
    private static let longestHeader = 100_000_000

    /// Reads a file. Throws if it is incomplete or malformed, contains an unknown type, or an
    /// integer that does not fit into `int32`.
    ///
    /// - Parameter requiringChecksum: whether to reject files without our checksum.
    public init(contentsOf path: String, requiringChecksum: Bool = false) throws(FileError) {
        try self.init(contentsOf: path, requiringChecksum: requiringChecksum) { _ in true }
    }

    /// The names of the tensors in a file, without reading their data.
    package static func names(inFile path: String) throws(FileError) -> Set<String> {
        var names: Set<String> = []
        _ = try Safetensors(contentsOf: path) { name in
            names.insert(name)
            return false
        }
        return names
    }

    /// Reads only the tensors whose names are wanted.
    package init(
        contentsOf path: String, requiringChecksum: Bool = false,
        where isWanted: (_ name: String) -> Bool
    ) throws(FileError) {
        let file = try InputFile(at: path)
        var header = try Self.readHeader(of: file)
        let start = file.size - header.dataCount
        let stated = header.metadata.removeValue(forKey: Self.checksumKey)
        var checksum = Checksum.crc32(header.json.utf8)

        var tensors: [String: Tensor] = [:]
        for entry in header.entries {
            let isWanted = isWanted(entry.name)
            // Unwanted tensors are read only for the checksum.
            guard isWanted || stated != nil else { continue }
            if entry.type.isDataType, isWanted {
                let tensor = try Self.tensor(entry, of: file, from: start)
                tensor.withUnsafeBytes { checksum = Checksum.crc32($0, seed: checksum) }
                tensors[entry.name] = tensor
                continue
            }
            let bytes = try file.bytes(
                start + entry.bytes.lowerBound..<start + entry.bytes.upperBound)
            checksum = Checksum.crc32(bytes, seed: checksum)
            guard isWanted else { continue }
            do {
                tensors[entry.name] = try entry.type.converted(bytes).reshaped(entry.shape)
            } catch {
                throw FileError(
                    path: path,
                    expected: "numbers that fit into int32 in tensor \(entry.name.quoted)",
                    found: "\(error.value) as element \(error.position)")
            }
        }
        let found = checksum.hexadecimal
        guard stated == nil ? !requiringChecksum : stated == found else {
            throw FileError(
                path: path, expected: "a file with checksum \(stated ?? "in its metadata")",
                found: "\(found): the file is damaged")
        }
        self.init(tensors, metadata: header.metadata)
    }

    /// Writes the file atomically.
    ///
    /// - Parameter withChecksum: without it, the bytes are the same as the Python library writes
    ///   for these tensors and metadata.
    public func write(to path: String, withChecksum: Bool = true) throws(FileError) {
        var header = SafetensorsHeader(tensors, metadata: metadata)
        if withChecksum {
            header.metadata[Self.checksumKey] = nil
            var checksum = Checksum.crc32(header.json.utf8)
            for entry in header.entries {
                // Sound: the entries are made from the tensors.
                tensors[entry.name]!.withUnsafeBytes {
                    checksum = Checksum.crc32($0, seed: checksum)
                }
            }
            header.metadata[Self.checksumKey] = checksum.hexadecimal
        }
        var text = Array(header.json.utf8)
        text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)

        var file = try AtomicFile(at: path)
        withUnsafeBytes(of: UInt64(text.count).littleEndian) { file.append($0) }
        text.withUnsafeBytes { file.append($0) }
        // Sound: the entries are made from the tensors.
        for entry in header.entries { tensors[entry.name]!.withUnsafeBytes { file.append($0) } }
        try file.commit()
    }

    /// The tensor of an entry whose elements have the same format in the file and in memory.
    private static func tensor(
        _ entry: SafetensorsHeader.Entry, of file: borrowing InputFile, from start: Int
    ) throws(FileError) -> Tensor {
        var failure: FileError?
        let tensor = Tensor(entry.type.dataType, shape: entry.shape) { buffer in
            failure = file.read(into: buffer, from: start + entry.bytes.lowerBound)
            if failure == nil, entry.type == .bool, buffer.contains(where: { $0 > 1 }) {
                failure = FileError(
                    path: file.path, expected: "0 or 1 for every element of \(entry.name.quoted)",
                    found: "another byte")
            }
        }
        if let failure { throw failure }
        return tensor
    }

    private static func readHeader(
        of file: borrowing InputFile
    ) throws(FileError) -> SafetensorsHeader {
        guard file.size >= 8 else {
            throw FileError(
                path: file.path, expected: "the 8 bytes of a header's length",
                found: "\(file.size) bytes")
        }
        let length = try file.bytes(0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= min(longestHeader, file.size - 8) else {
            throw FileError(
                path: file.path,
                expected: "a header of at most \(min(longestHeader, file.size - 8)) bytes",
                found: "the length \(length): not a safetensors file, or a truncated one")
        }
        let end = 8 + Int(length)
        return try SafetensorsHeader(
            parsing: try file.bytes(8..<end), dataCount: file.size - end, path: file.path)
    }
}

extension UInt32 {
    /// All eight hexadecimal digits.
    fileprivate var hexadecimal: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

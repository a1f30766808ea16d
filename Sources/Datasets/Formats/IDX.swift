import Autograd
import FileSupport

/// The IDX format of the MNIST files: two zero bytes, the type of the elements,
/// the number of dimensions, each dimension as a big-endian 32-bit number, the
/// elements, big-endian, last dimension fastest.
public enum IDX {
    /// Reads a file, gzipped or not.
    ///
    /// Signed bytes and 16-bit integers are returned as 32-bit integers. Throws if a file is longer
    /// or shorter than its header says.
    public static func read(_ path: String) throws(FileError) -> Tensor {
        try decode(FileReading.contents(of: path), path: path)
    }

    private enum ElementType: UInt8 {
        case uint8 = 0x08
        case int8 = 0x09
        case int16 = 0x0B
        case int32 = 0x0C
        case float32 = 0x0D
        case float64 = 0x0E

        var size: Int {
            switch self {
            case .uint8, .int8: 1
            case .int16: 2
            case .int32, .float32: 4
            case .float64: 8
            }
        }
    }

    /// Whether the bytes begin like such a file.
    static func isArray(_ start: [UInt8]) -> Bool {
        start.count >= 4 && start[0] == 0 && start[1] == 0 && ElementType(rawValue: start[2]) != nil
            && 1...8 ~= start[3]
    }

    static func decode(_ bytes: [UInt8], path: String) throws(FileError) -> Tensor {
        guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0,
            let type = ElementType(rawValue: bytes[2])
        else {
            throw FileError(
                path: path, expected: "an IDX file (0, 0, type of the elements, dimensions)",
                found: bytes.isEmpty
                    ? "an empty file"
                    : "the bytes \(bytes.prefix(4).map(String.init).joined(separator: ", "))")
        }
        let rank = Int(bytes[3])
        let start = 4 + 4 * rank
        guard bytes.count >= start else {
            throw FileError(
                path: path, expected: "\(rank) dimensions in \(start) bytes",
                found: "\(bytes.count) bytes")
        }
        let shape = words(bytes, from: 4, count: rank, bigEndian: true, as: UInt32.self).map(
            Int.init)
        let present = bytes.count - start
        guard let count = elementCount(shape), count <= present / type.size,
            count * type.size == present
        else {
            throw FileError(
                path: path,
                expected: "\(shape.description(by: " × ")) elements of \(type.size) bytes",
                found: "\(present) bytes")
        }
        func decoded<Word: FixedWidthInteger>(as: Word.Type) -> [Word] {
            words(bytes, from: start, count: count, bigEndian: true)
        }
        switch type {
        case .uint8: return Tensor([UInt8](bytes[start...]), shape: shape)
        case .int8: return Tensor(decoded(as: Int8.self).map(Int32.init), shape: shape)
        case .int16: return Tensor(decoded(as: Int16.self).map(Int32.init), shape: shape)
        case .int32: return Tensor(decoded(as: Int32.self), shape: shape)
        case .float32:
            return Tensor(decoded(as: UInt32.self).map(Float.init(bitPattern:)), shape: shape)
        case .float64:
            return Tensor(decoded(as: UInt64.self).map(Double.init(bitPattern:)), shape: shape)
        }
    }
}

extension [Int] {
    func description(by separator: String) -> String {
        isEmpty ? "no" : map(String.init).joined(separator: separator)
    }
}

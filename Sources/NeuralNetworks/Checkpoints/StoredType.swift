import Autograd
import FileSupport

/// The type of elements in a safetensors file, by its name in the format. Types that tensors do not
/// support are converted to one that they do.
enum StoredType: String, CaseIterable {
    case float64 = "F64"
    case float32 = "F32"
    case float16 = "F16"
    case brainFloat16 = "BF16"
    case float8E4M3 = "F8_E4M3"
    case float8E5M2 = "F8_E5M2"
    case int64 = "I64"
    case uint64 = "U64"
    case int32 = "I32"
    case uint32 = "U32"
    case int16 = "I16"
    case uint16 = "U16"
    case int8 = "I8"
    case uint8 = "U8"
    case bool = "BOOL"

    init(_ type: DataType) {
        switch type {
        case .float32: self = .float32
        case .float64: self = .float64
        case .int32: self = .int32
        case .uint8: self = .uint8
        case .bool: self = .bool
        case .float16: self = .float16
        case .bfloat16: self = .brainFloat16
        }
    }

    /// The number of bytes of an element.
    var size: Int {
        switch self {
        case .float64, .int64, .uint64: 8
        case .float32, .int32, .uint32: 4
        case .float16, .brainFloat16, .int16, .uint16: 2
        case .float8E4M3, .float8E5M2, .int8, .uint8, .bool: 1
        }
    }

    /// The type of the tensor that is read, which can hold all values except those of `uint32` and
    /// integers of 64 bits.
    var dataType: DataType {
        switch self {
        case .float64: .float64
        case .float32, .float8E4M3, .float8E5M2: .float32
        case .float16: .float16
        case .brainFloat16: .bfloat16
        case .int64, .uint64, .int32, .uint32, .int16, .uint16, .int8: .int32
        case .uint8: .uint8
        case .bool: .bool
        }
    }

    /// Whether elements have the same format in a file and in memory.
    var isDataType: Bool { StoredType(dataType) == self }

    /// Converts elements of a type that tensors do not support, `[count]`.
    ///
    /// - Throws: the position and value of the first integer that does not fit.
    func converted(_ bytes: [UInt8]) throws(IntegerTooLarge) -> Tensor {
        switch self {
        case .float8E4M3:
            Tensor(
                bytes.map {
                    Float(bits: UInt32($0), exponent: 4, significand: 3, ieee: false)
                })
        case .float8E5M2:
            Tensor(bytes.map { Float(bits: UInt32($0), exponent: 5, significand: 2) })
        case .int64: try integers(load(Int64.self, bytes))
        case .uint64: try integers(load(UInt64.self, bytes))
        case .uint32: try integers(load(UInt32.self, bytes))
        case .int16: try integers(load(Int16.self, bytes))
        case .uint16: try integers(load(UInt16.self, bytes))
        case .int8: try integers(load(Int8.self, bytes))
        case .float64, .float32, .float16, .brainFloat16, .int32, .uint8, .bool:
            programmerError("Safetensors", "elements of \(rawValue) need no conversion")
        }
    }

    /// An integer of a file that does not fit into `int32`.
    struct IntegerTooLarge: Error {
        let position: Int
        let value: String
    }

    private func load<Integer: FixedWidthInteger>(
        _ type: Integer.Type, _ bytes: [UInt8]
    ) -> [Integer] {
        bytes.withUnsafeBytes { bytes in
            (0..<bytes.count / size).map {
                Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 * size, as: type))
            }
        }
    }

    private func integers(
        _ values: [some FixedWidthInteger]
    ) throws(IntegerTooLarge) -> Tensor {
        if let position = values.firstIndex(where: { Int32(exactly: $0) == nil }) {
            throw IntegerTooLarge(position: position, value: "\(values[position])")
        }
        return Tensor(values.map { Int32(truncatingIfNeeded: $0) })
    }
}

/// The type of a tensor's elements.
public enum DataType: UInt8, Sendable, Hashable, CaseIterable {
    case float32
    case float64
    case int32
    case uint8
    case bool
    /// Half precision (IEEE 754, binary16). Only stores: `cast(to:)` converts it.
    case float16
    /// The first 16 bits of `float32`, with its range. Only stores: `cast(to:)` converts it.
    case bfloat16

    /// The size of an element in bytes.
    public var size: Int {
        switch self {
        case .float32, .int32: 4
        case .float64: 8
        case .float16, .bfloat16: 2
        case .uint8, .bool: 1
        }
    }

    /// Whether tensors of this type have derivatives.
    public var isFloatingPoint: Bool { self == .float32 || self == .float64 }

    /// Whether there is no arithmetic for this type of floating-point numbers.
    package var onlyStores: Bool { self == .float16 || self == .bfloat16 }
}

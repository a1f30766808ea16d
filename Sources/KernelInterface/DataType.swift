/// The type of a tensor's elements.
public enum DataType: UInt8, Sendable, Hashable, CaseIterable {
    case float32
    case float64
    case int32
    case uint8
    case bool

    /// The size of an element in bytes.
    public var size: Int {
        switch self {
        case .float32, .int32: 4
        case .float64: 8
        case .uint8, .bool: 1
        }
    }

    /// Whether tensors of this type have derivatives.
    public var isFloatingPoint: Bool { self == .float32 || self == .float64 }
}

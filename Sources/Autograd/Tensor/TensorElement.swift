import KernelInterface

/// A Swift type that can be an element of a tensor: `Float`, `Double`, `Int32`, `UInt8`, `Bool`,
/// and `Float16` and ``BFloat16``, which only store.
public protocol TensorElement: Sendable {
    /// The data type of tensors with such elements.
    static var dataType: DataType { get }
    /// The value as a number; `true` is 1.
    var asDouble: Double { get }
}

extension Float: TensorElement {
    public static var dataType: DataType { .float32 }
    public var asDouble: Double { Double(self) }
}

extension Double: TensorElement {
    public static var dataType: DataType { .float64 }
    public var asDouble: Double { self }
}

extension Int32: TensorElement {
    public static var dataType: DataType { .int32 }
    public var asDouble: Double { Double(self) }
}

extension UInt8: TensorElement {
    public static var dataType: DataType { .uint8 }
    public var asDouble: Double { Double(self) }
}

extension Bool: TensorElement {
    public static var dataType: DataType { .bool }
    public var asDouble: Double { self ? 1 : 0 }
}

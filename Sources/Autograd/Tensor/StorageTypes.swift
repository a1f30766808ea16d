import KernelInterface

// The types of 16 bits only store: a tensor of one is moved and converted, and every other
// operation traps, so that nobody computes with three digits unawares.

#if !(os(macOS) && arch(x86_64))
    extension Float16: TensorElement {
        public static var dataType: DataType { .float16 }
        public var asDouble: Double { Double(self) }
    }
#endif

/// An element of a tensor of `bfloat16`, by its bits.
public struct BFloat16: TensorElement, Hashable {
    public static var dataType: DataType { .bfloat16 }

    /// The first 16 bits of the number as a `Float`.
    public var bitPattern: UInt16

    /// The number with these bits.
    public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

    public var asDouble: Double { Double(Float(bitPattern: UInt32(bitPattern) << 16)) }
}

extension Tensor {
    /// A tensor of a type that only stores as `float32`, which holds its numbers exactly; any other
    /// as it is.
    package var widened: Tensor { dataType.onlyStores ? cast(to: .float32) : self }

    /// Traps if the type only stores.
    func checkComputes(_ operation: StaticString) {
        if dataType.onlyStores { trap(operation, dataType.notDefined) }
    }
}

extension DataType {
    /// The message of an operation that is not defined for tensors of this type.
    var notDefined: String {
        "not defined for tensors of \(self); "
            + (onlyStores ? "cast(to: .float32) first" : "cast(to:) first")
    }
}

extension Storage {
    /// An element of a type that only stores.
    func widenedElement(at offset: Int) -> Float {
        var value: Float = 0
        kernels.convert(dataType, .float32, pointer + offset * dataType.size, &value, 1)
        return value
    }
}

import KernelInterface

extension Tensor {
    /// The elements in row-major order. Traps unless `Element` is the tensor's data type: use
    /// ``cast(to:)`` to convert.
    public func elements<Element: TensorElement>(as type: Element.Type = Element.self) -> [Element]
    {
        withUnsafeElements(as: type) { Array($0) }
    }

    /// The only element of a tensor, whatever its type, as a number. Traps if there is not exactly
    /// one.
    public var scalar: Double {
        guard count == 1 else { trap("scalar", "a tensor of shape \(shape) is not a scalar") }
        switch dataType {
        case .float32: return storage.typed(Float.self).pointee.asDouble
        case .float64: return storage.typed(Double.self).pointee
        case .int32: return storage.typed(Int32.self).pointee.asDouble
        case .uint8: return storage.typed(UInt8.self).pointee.asDouble
        case .bool: return storage.typed(Bool.self).pointee.asDouble
        case .float16, .bfloat16: return Double(storage.widenedElement(at: 0))
        }
    }

    /// Computes the elements now. Elementwise operations on large tensors are computed when their
    /// elements are first read, a whole chain of them in one pass over memory; the only visible
    /// differences are in time, and in the operands' memory, which is kept until then.
    public func evaluate() { _ = storage.pointer }

    /// Calls `body` with the tensor's own memory, without a copy, for reading. The buffer must not
    /// be used after `body` has returned. Traps unless `Element` is the tensor's data type.
    public func withUnsafeElements<Element: TensorElement, Result>(
        as type: Element.Type = Element.self,
        _ body: (UnsafeBufferPointer<Element>) throws -> Result
    ) rethrows -> Result {
        guard Element.dataType == dataType else {
            trap("elements", "a tensor of \(dataType) has no elements of \(Element.dataType)")
        }
        return try withExtendedLifetime(storage) {
            try body(UnsafeBufferPointer(start: storage.typed(Element.self), count: count))
        }
    }

    /// The bytes of the elements, in row-major order and native byte order, without a copy. The
    /// buffer must not be used after `body` has returned.
    public func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(storage) {
            try body(UnsafeRawBufferPointer(start: storage.pointer, count: count * dataType.size))
        }
    }

    /// A tensor whose elements `body` writes to the uninitialised memory that it is given. Traps if
    /// a size is negative.
    public init<Element: TensorElement>(
        shape: [Int], as type: Element.Type = Element.self,
        unsafeUninitialized body: (UnsafeMutableBufferPointer<Element>) throws -> Void
    ) rethrows {
        let storage = Storage(Element.dataType, count: Shape.count(shape))
        try body(UnsafeMutableBufferPointer(start: storage.typed(), count: storage.count))
        self.init(storage, shape)
    }

    /// A tensor whose elements `body` writes, as bytes in native byte order, to the uninitialised
    /// memory that it is given. Elements of `bool` are 0 or 1.
    package init(
        _ dataType: DataType, shape: [Int],
        unsafeUninitializedBytes body: (UnsafeMutableRawBufferPointer) -> Void
    ) {
        self.init(dataType, shape) { storage in
            body(
                UnsafeMutableRawBufferPointer(
                    start: storage.pointer, count: storage.count * dataType.size))
        }
    }

    /// Whether two tensors have the same type, shape and elements, to the last bit.
    public func isIdentical(to other: Tensor) -> Bool {
        guard dataType == other.dataType, shape == other.shape else { return false }
        return withUnsafeBytes { mine in
            other.withUnsafeBytes { mine.elementsEqual($0) }
        }
    }
}

import KernelInterface

extension Tensor {
    /// The elements in row-major order. Traps unless `Element` is the tensor's data type: use
    /// ``cast(to:)`` to convert.
    public func elements<Element: TensorElement>(as type: Element.Type = Element.self) -> [Element]
    {
        withUnsafeElements(as: type) { Array($0) }
    }

    /// The one element of a tensor that has only one, of whatever type, as a number.
    public var scalar: Double {
        guard count == 1 else { trap("scalar", "a tensor of shape \(shape) is not a scalar") }
        switch dataType {
        case .float32: return storage.typed(Float.self).pointee.asDouble
        case .float64: return storage.typed(Double.self).pointee
        case .int32: return storage.typed(Int32.self).pointee.asDouble
        case .uint8: return storage.typed(UInt8.self).pointee.asDouble
        case .bool: return storage.typed(Bool.self).pointee.asDouble
        }
    }

    /// Computes the elements now. Elementwise operations on large tensors are computed when
    /// somebody reads their elements, a chain of them in one pass over memory; that is only to
    /// be told from computing them at once by a clock, or by the memory of the operands, which
    /// is kept until then.
    public func evaluate() { _ = storage.pointer }

    /// Calls `body` with the tensor's own memory, without a copy, for reading. The buffer must
    /// not be used after `body` has returned.
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

    /// The bytes of the elements, in row-major order and the machine's byte order, without a
    /// copy. The buffer must not be used after `body` has returned.
    public func withUnsafeBytes<Result>(
        _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(storage) {
            try body(UnsafeRawBufferPointer(start: storage.pointer, count: count * dataType.size))
        }
    }

    /// A tensor whose elements `body` writes into memory given to it, uninitialised.
    public init<Element: TensorElement>(
        shape: [Int], as type: Element.Type = Element.self,
        unsafeUninitialized body: (UnsafeMutableBufferPointer<Element>) throws -> Void
    ) rethrows {
        let storage = Storage(Element.dataType, count: Shape.count(shape))
        try body(UnsafeMutableBufferPointer(start: storage.typed(), count: storage.count))
        self.init(storage, shape)
    }

    /// A tensor whose elements `body` writes, as bytes in the machine's order, into memory given
    /// to it, uninitialised. Elements of `bool` are 0 or 1.
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

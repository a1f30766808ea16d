import KernelInterface

extension Tensor {
    /// A tensor with the elements of an array, in row-major order.
    ///
    /// - Parameter shape: the sizes of the axes; by default a vector. Traps unless it has as many
    ///   elements as the array.
    public init<Element: TensorElement>(_ elements: [Element], shape: [Int]? = nil) {
        let shape = shape ?? [elements.count]
        guard Shape.count(shape) == elements.count else {
            trap("Tensor", "\(elements.count) elements do not fill the shape \(shape)")
        }
        self.init(Element.dataType, shape) { storage in
            elements.withUnsafeBytes { bytes in
                if let address = bytes.baseAddress {
                    storage.pointer.copyMemory(from: address, byteCount: bytes.count)
                }
            }
        }
    }

    /// A matrix with the given rows. Traps unless they have the same length.
    public init<Element: TensorElement>(rows: [[Element]]) {
        let width = rows.first?.count ?? 0
        for row in rows where row.count != width {
            trap("Tensor", "rows of \(width) and \(row.count) elements")
        }
        self.init(Array(rows.joined()), shape: [rows.count, width])
    }

    /// A scalar. Traps if the data type is an integer type that cannot hold the value: truncate it
    /// by `Tensor(value).cast(to:)`.
    public init(_ value: Double, dataType: DataType = .float32) {
        self.init(repeating: value, shape: [], dataType: dataType)
    }

    /// A tensor whose elements are all `value`, rounded to the data type if that is floating-point.
    /// Traps if it is an integer type that cannot hold the value, or if a size is negative.
    public init(repeating value: Double, shape: [Int], dataType: DataType = .float32) {
        self.init(repeating: value, shape: shape, dataType: dataType, in: "Tensor")
    }

    init(
        repeating value: Double, shape: [Int], dataType: DataType, in operation: StaticString
    ) {
        dataType.check(value, in: operation)
        self.init(dataType, shape) { storage in
            switch dataType {
            case .float32: storage.fill(Float(value))
            case .float64: storage.fill(value)
            // Sound: the type can hold the value.
            case .int32: storage.fill(Int32(value))
            case .uint8: storage.fill(UInt8(value))
            case .bool: storage.fill(value != 0)
            case .float16, .bfloat16:
                let element = Tensor([value]).cast(to: dataType)
                kernels.copy(
                    dataType.size, element.storage.pointer, 0, storage.pointer, storage.count)
            }
        }
    }

    /// A tensor of zeros.
    public static func zeros(_ shape: [Int], dataType: DataType = .float32) -> Tensor {
        Tensor(repeating: 0, shape: shape, dataType: dataType)
    }

    /// A tensor of ones.
    public static func ones(_ shape: [Int], dataType: DataType = .float32) -> Tensor {
        Tensor(repeating: 1, shape: shape, dataType: dataType)
    }

    /// Zeros with the shape and type of another tensor.
    public static func zeros(like other: Tensor) -> Tensor {
        zeros(other.shape, dataType: other.dataType)
    }

    /// Ones with the shape and type of another tensor.
    public static func ones(like other: Tensor) -> Tensor {
        ones(other.shape, dataType: other.dataType)
    }

    /// `start, start + step, …`, `count` of them; none if `count` is negative. Traps if the data
    /// type is an integer type that cannot hold one of them.
    public static func range(
        _ count: Int, from start: Double = 0, step: Double = 1, dataType: DataType = .float32
    ) -> Tensor {
        Tensor(Swift.max(count, 0), dataType, in: "range") { start + Double($0) * step }
    }

    /// `count` evenly spaced points from `start` to `end`, both included; none if `count` is
    /// negative. Traps if the data type is an integer type that cannot hold one of them.
    public static func linearSpace(
        from start: Double, through end: Double, count: Int, dataType: DataType = .float32
    ) -> Tensor {
        let count = Swift.max(count, 0)
        let last = Double(Swift.max(count - 1, 1))
        return Tensor(count, dataType, in: "linearSpace") { index in
            // Integers come out exactly, and so do both ends otherwise.
            guard dataType.wholeNumbers == nil else {
                return start + Double(index) * ((end - start) / last)
            }
            let fraction = Double(index) / last
            return start * (1 - fraction) + end * fraction
        }
    }

    /// The identity matrix with `size` rows.
    public static func identity(_ size: Int, dataType: DataType = .float32) -> Tensor {
        Tensor(.float32, [size, size], in: "identity") { storage in
            storage.fill(Float(0))
            let elements = storage.typed(Float.self)
            for row in 0..<size { elements[row * (size + 1)] = 1 }
        }.cast(to: dataType)
    }

    /// A vector of numbers that the data type must be able to hold.
    private init(
        _ count: Int, _ dataType: DataType, in operation: StaticString,
        _ number: (_ index: Int) -> Double
    ) {
        let numbers = Tensor(.float64, [count], in: operation) { storage in
            let elements = storage.typed(Double.self)
            for index in 0..<count {
                elements[index] = number(index)
                dataType.check(elements[index], in: operation)
            }
        }
        self = numbers.cast(to: dataType)
    }
}

extension Storage {
    func fill<Element>(_ value: Element) {
        typed(Element.self).update(repeating: value, count: count)
    }
}

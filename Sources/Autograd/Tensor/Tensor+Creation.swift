import KernelInterface

extension Tensor {
    /// A tensor with the elements of an array, in row-major order.
    ///
    /// - Parameter shape: its sizes; a vector where it is not given. Traps unless it has as many
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

    /// A matrix with the given rows. Traps unless they are equally long.
    public init<Element: TensorElement>(rows: [[Element]]) {
        let width = rows.first?.count ?? 0
        for row in rows where row.count != width {
            trap("Tensor", "rows of \(width) and \(row.count) elements")
        }
        self.init(Array(rows.joined()), shape: [rows.count, width])
    }

    /// A scalar.
    public init(_ value: Double, dataType: DataType = .float32) {
        self.init(repeating: value, shape: [], dataType: dataType)
    }

    /// A tensor whose elements are all `value`, converted to the data type.
    public init(repeating value: Double, shape: [Int], dataType: DataType = .float32) {
        self.init(dataType, shape) { storage in
            switch dataType {
            case .float32: storage.fill(Float(value))
            case .float64: storage.fill(value)
            case .int32: storage.fill(Int32(clampingOrZero: value))
            case .uint8: storage.fill(UInt8(clampingOrZero: value))
            case .bool: storage.fill(value != 0)
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

    /// Zeros of the shape and type of another tensor.
    public static func zeros(like other: Tensor) -> Tensor {
        zeros(other.shape, dataType: other.dataType)
    }

    /// Ones of the shape and type of another tensor.
    public static func ones(like other: Tensor) -> Tensor {
        ones(other.shape, dataType: other.dataType)
    }

    /// `start, start + step, …`, `count` of them.
    public static func range(
        _ count: Int, from start: Double = 0, step: Double = 1, dataType: DataType = .float32
    ) -> Tensor {
        Tensor((0..<Swift.max(count, 0)).map { start + Double($0) * step }).cast(to: dataType)
    }

    /// `count` points from `start` to `end`, both included, at equal distances.
    public static func linearSpace(
        from start: Double, through end: Double, count: Int, dataType: DataType = .float32
    ) -> Tensor {
        let points = (0..<Swift.max(count, 0)).map { index in
            // Both ends come out exactly.
            let fraction = Double(index) / Double(Swift.max(count - 1, 1))
            return start * (1 - fraction) + end * fraction
        }
        return Tensor(points).cast(to: dataType)
    }

    /// The identity matrix of `size` rows.
    public static func identity(_ size: Int, dataType: DataType = .float32) -> Tensor {
        var elements = [Float](repeating: 0, count: size * size)
        for row in 0..<size { elements[row * size + row] = 1 }
        return Tensor(elements, shape: [size, size]).cast(to: dataType)
    }
}

extension Storage {
    func fill<Element>(_ value: Element) {
        typed(Element.self).update(repeating: value, count: count)
    }
}

extension FixedWidthInteger {
    /// Rounded towards zero and saturated; not-a-number is 0.
    init(clampingOrZero value: Double) {
        if value.isNaN {
            self = 0
        } else if value >= Double(Self.max) {
            self = .max
        } else if value <= Double(Self.min) {
            self = .min
        } else {
            self = Self(value)
        }
    }
}

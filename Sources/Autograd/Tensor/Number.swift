import KernelInterface

// How a Swift number is combined with a tensor. A floating-point type rounds it, as it does with
// results: `x .== 0.1` is true where x is the `float32` nearest to 0.1. An integer type must hold
// it exactly; nothing is truncated silently.

extension Tensor {
    /// A scalar of this tensor's data type. Traps if that is an integer type that cannot hold it.
    func number(_ value: Double, in operation: StaticString) -> Tensor {
        Tensor(repeating: value, shape: [], dataType: dataType, in: operation)
    }

    /// The tensor in a type that can hold the number: if its own cannot, in `float64`, which can
    /// hold the numbers of all other types too.
    func widened(toHave number: Double) -> Tensor {
        dataType.has(number) ? self : cast(to: .float64)
    }
}

extension DataType {
    /// The least and the greatest number of an integer type; nil for floating-point types.
    var wholeNumbers: ClosedRange<Double>? {
        switch self {
        case .float32, .float64, .float16, .bfloat16: nil
        case .int32: Double(Int32.min)...Double(Int32.max)
        case .uint8: 0...255
        case .bool: 0...1
        }
    }

    /// Whether the type can hold the number: exactly for an integer type, up to rounding for a
    /// floating-point type. `float32` cannot hold 10³⁰⁰.
    func has(_ number: Double) -> Bool {
        if let wholeNumbers { return wholeNumbers.contains(number) && number == number.rounded() }
        return self == .float64 || Float(number).isFinite == number.isFinite
    }

    /// Traps if this is an integer type that cannot hold the number.
    func check(_ number: Double, in operation: StaticString) {
        guard wholeNumbers == nil || has(number) else {
            trap(operation, "\(self) cannot hold the number \(number); cast(to:) first")
        }
    }
}

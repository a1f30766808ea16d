import KernelInterface

// Comparisons have no derivative: they trap on a watched operand, so that no gradient is lost
// silently. Use `stopGradient` if a constant is meant.

extension Tensor {
    /// Which elements are equal, as `bool`. Operands broadcast. Has no derivative.
    public static func .== (a: Tensor, b: Tensor) -> Tensor { compare(.equal, a, b, ".==") }
    /// Which elements differ, as `bool`. Operands broadcast. Has no derivative.
    public static func .!= (a: Tensor, b: Tensor) -> Tensor { compare(.notEqual, a, b, ".!=") }
    /// Which elements are less, as `bool`. Operands broadcast. Has no derivative.
    public static func .< (a: Tensor, b: Tensor) -> Tensor { compare(.less, a, b, ".<") }
    /// Which elements are less or equal, as `bool`. Operands broadcast. Has no derivative.
    public static func .<= (a: Tensor, b: Tensor) -> Tensor { compare(.lessOrEqual, a, b, ".<=") }
    /// Which elements are greater, as `bool`. Operands broadcast. Has no derivative.
    public static func .> (a: Tensor, b: Tensor) -> Tensor { compare(.greater, a, b, ".>") }
    /// Which elements are greater or equal, as `bool`. Operands broadcast. Has no derivative.
    public static func .>= (a: Tensor, b: Tensor) -> Tensor {
        compare(.greaterOrEqual, a, b, ".>=")
    }

    // Compared with a number, an integer tensor is not rounded: 1 is less than 1.5, and 255 less
    // than 256. For a `float32` tensor the number is rounded to `float32`, so that `Tensor(0.1) .==
    // 0.1` holds.

    /// Which elements are equal to a number, as `bool`. Has no derivative.
    public static func .== (a: Tensor, b: Double) -> Tensor { compare(.equal, a, b, ".==") }
    /// Which elements differ from a number, as `bool`. Has no derivative.
    public static func .!= (a: Tensor, b: Double) -> Tensor { compare(.notEqual, a, b, ".!=") }
    /// Which elements are less than a number, as `bool`. Has no derivative.
    public static func .< (a: Tensor, b: Double) -> Tensor { compare(.less, a, b, ".<") }
    /// Which elements are less than or equal to a number, as `bool`. Has no derivative.
    public static func .<= (a: Tensor, b: Double) -> Tensor { compare(.lessOrEqual, a, b, ".<=") }
    /// Which elements are greater than a number, as `bool`. Has no derivative.
    public static func .> (a: Tensor, b: Double) -> Tensor { compare(.greater, a, b, ".>") }
    /// Which elements are greater than or equal to a number, as `bool`. Has no derivative.
    public static func .>= (a: Tensor, b: Double) -> Tensor {
        compare(.greaterOrEqual, a, b, ".>=")
    }

    private static func compare(
        _ comparison: Comparison, _ a: Tensor, _ b: Double, _ operation: StaticString
    ) -> Tensor {
        notDifferentiable(operation, a)
        a.checkComputes(operation)
        let a = a.widened(toHave: b)
        return compare(comparison, a, a.number(b, in: operation), operation)
    }

    static func compare(
        _ comparison: Comparison, _ a: Tensor, _ b: Tensor, _ operation: StaticString
    ) -> Tensor {
        notDifferentiable(operation, a, b)
        guard a.dataType == b.dataType else {
            trap(
                operation,
                "data types differ: \(a.dataType) and \(b.dataType)")
        }
        a.checkComputes(operation)
        let shape = Shape.broadcast(a.shape, b.shape, in: operation)
        if let result = Expression.deferring(
            .compare(comparison), .bool, shape, count: Shape.count(shape, in: operation),
            { [a, b] })
        {
            return result
        }
        let size = a.dataType.size
        return Tensor(.bool, shape) { output in
            forEachPiece(of: shape, a.shape, b.shape) { position, starts, strides, count in
                kernels.compare(
                    comparison, a.dataType, a.storage.pointer + starts.0 * size, strides.0,
                    b.storage.pointer + starts.1 * size, strides.1,
                    output.typed(UInt8.self) + position, count)
            }
        }
    }
}

import KernelInterface

// Comparisons have no derivative: they trap on a watched operand, so that a gradient that would
// be lost in them is not lost in silence. `stopGradient` says that a constant is meant.

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

    // With a number an integer tensor is compared as it is: 1 is less than 1.5, and 255 less than
    // 256. One of `float32` is compared with the number rounded to `float32`, so that
    // `Tensor(0.1) .== 0.1` holds.

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
        let a = a.widened(toHave: b)
        return compare(comparison, a, a.number(b, in: operation), operation)
    }

    fileprivate static func compare(
        _ comparison: Comparison, _ a: Tensor, _ b: Tensor, _ operation: StaticString
    ) -> Tensor {
        notDifferentiable(operation, a, b)
        guard a.dataType == b.dataType else {
            trap(
                operation,
                "data types differ: \(a.dataType) and \(b.dataType)")
        }
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

/// `a` where the mask is true, `b` elsewhere; all three broadcast.
public func select(_ mask: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
    guard mask.dataType == .bool else {
        trap("select", "the mask is \(mask.dataType), not bool")
    }
    guard a.dataType == b.dataType else {
        trap("select", "data types differ: \(a.dataType) and \(b.dataType)")
    }
    return differentiable("select", a, b) { a, b in
        let both = Shape.broadcast(a.shape, b.shape, in: "select")
        let shape = Shape.broadcast(mask.shape, both, in: "select")
        if let result = Expression.deferring(
            .select, a.dataType, shape, count: Shape.count(shape, in: "select"), { [mask, a, b] })
        {
            return result
        }
        let size = a.dataType.size
        return Tensor(a.dataType, shape) { output in
            forEachPiece(of: shape, mask.shape, a.shape, b.shape) {
                position, starts, strides, count in
                kernels.select(
                    size, mask.storage.typed(UInt8.self) + starts.0, strides.0,
                    a.storage.pointer + starts.1 * size, strides.1,
                    b.storage.pointer + starts.2 * size, strides.2,
                    output.pointer + position * size, count)
            }
        }
    } left: { a, _, y in
        .elementwise(a, y) { cotangent in select(mask, cotangent, cotangent.number(0, in: "select"))
        }
    } right: { _, b, y in
        .elementwise(b, y) { cotangent in select(mask, cotangent.number(0, in: "select"), cotangent)
        }
    }
}

/// The greater of each two elements. Where they are equal each has half of the derivative; where
/// one is not a number, neither is the value nor either derivative.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    differentiable("maximum", a, b) { a, b in
        extremes(.maximum, a, b, "maximum")
    } left: { a, b, y in
        .elementwise(a, y) { cotangent in cotangent * shareOfGreater(a, b) }
    } right: { a, b, y in
        .elementwise(b, y) { cotangent in cotangent * shareOfGreater(b, a) }
    }
}

/// The lesser of each two elements. Where they are equal each has half of the derivative; where
/// one is not a number, neither is the value nor either derivative.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
    differentiable("minimum", a, b) { a, b in
        extremes(.minimum, a, b, "minimum")
    } left: { a, b, y in
        .elementwise(a, y) { cotangent in cotangent * shareOfGreater(b, a) }
    } right: { a, b, y in
        .elementwise(b, y) { cotangent in cotangent * shareOfGreater(a, b) }
    }
}

/// The greater of each element and a number: of integers, which are all greater than a number
/// below their type's least, the elements themselves. Traps where their type cannot hold the
/// number.
public func maximum(_ a: Tensor, _ b: Double) -> Tensor { a.raised(to: b, in: "maximum") }

/// The lesser of each element and a number: of integers, which are all less than a number above
/// their type's greatest, the elements themselves. Traps where their type cannot hold the number.
public func minimum(_ a: Tensor, _ b: Double) -> Tensor { a.lowered(to: b, in: "minimum") }

extension Tensor {
    fileprivate func raised(to least: Double, in operation: StaticString) -> Tensor {
        if let own = dataType.wholeNumbers, least <= own.lowerBound { return self }
        return maximum(self, number(least, in: operation))
    }

    fileprivate func lowered(to greatest: Double, in operation: StaticString) -> Tensor {
        if let own = dataType.wholeNumbers, greatest >= own.upperBound { return self }
        return minimum(self, number(greatest, in: operation))
    }
}

/// The values of `maximum` and `minimum`. For single bytes there are no kernels.
private func extremes(
    _ function: BinaryFunction, _ a: Tensor, _ b: Tensor, _ operation: StaticString
) -> Tensor {
    guard a.dataType.size == 1, b.dataType.size == 1 else {
        return combine(function, a, b, operation)
    }
    let comparison: Comparison = function == .maximum ? .greater : .less
    return select(Tensor.compare(comparison, a, b, operation), a, b)
}

/// Limited to an interval; at its ends half of the derivative passes. Of integers an end may be
/// beyond what their type can hold, on the side where it limits nothing; otherwise traps.
public func clamp(_ x: Tensor, from lower: Double, through upper: Double) -> Tensor {
    guard lower <= upper else { trap("clamp", "\(lower) is greater than \(upper)") }
    return x.raised(to: lower, in: "clamp").lowered(to: upper, in: "clamp")
}

/// 1 where `a` is greater, ½ where equal, 0 where less, not-a-number where they do not compare.
private func shareOfGreater(_ a: Tensor, _ b: Tensor) -> Tensor {
    combine(.shareOfGreater, stopGradient(a), stopGradient(b), "maximum")
}

extension Tensor {
    /// The tensor as another data type. Integers are cut towards zero; what is beyond their
    /// type's least or greatest, infinities too, becomes that, and not-a-number becomes 0. `bool`
    /// is whether an element is not 0; not-a-number is true. Between floating-point types there
    /// is a derivative; to others the cast has no derivative, and traps on a watched tensor.
    public func cast(to type: DataType) -> Tensor {
        guard type != dataType else { return self }
        if !type.isFloatingPoint { notDifferentiable("cast", self) }
        return differentiable("cast", self) { x in
            if let result = Expression.deferring(.convert, type, x.shape, count: x.count, { [x] }) {
                return result
            }
            return Tensor(type, x.shape) { output in
                inParallel(x.count, grain: elementwiseGrain) { range in
                    kernels.convert(
                        x.dataType, type,
                        x.storage.pointer + range.lowerBound * x.dataType.size,
                        output.pointer + range.lowerBound * type.size, range.count)
                }
            }
        } pullback: { x, _ in
            let type = x.dataType
            return .elementwise { cotangent in cotangent.cast(to: type) }
        }
    }
}

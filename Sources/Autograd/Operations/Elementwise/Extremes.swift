import KernelInterface

/// The elementwise maximum. Where the two elements are equal, each gets half of the derivative;
/// where one is NaN, value and derivatives are NaN.
public func maximum(_ a: Tensor, _ b: Tensor) -> Tensor {
    differentiable("maximum", a, b) { a, b in
        extremes(.maximum, a, b, "maximum")
    } left: { a, b, y in
        .elementwise(a, y) { cotangent in cotangent * shareOfGreater(a, b) }
    } right: { a, b, y in
        .elementwise(b, y) { cotangent in cotangent * shareOfGreater(b, a) }
    }
}

/// The elementwise minimum. Where the two elements are equal, each gets half of the derivative;
/// where one is NaN, value and derivatives are NaN.
public func minimum(_ a: Tensor, _ b: Tensor) -> Tensor {
    differentiable("minimum", a, b) { a, b in
        extremes(.minimum, a, b, "minimum")
    } left: { a, b, y in
        .elementwise(a, y) { cotangent in cotangent * shareOfGreater(b, a) }
    } right: { a, b, y in
        .elementwise(b, y) { cotangent in cotangent * shareOfGreater(a, b) }
    }
}

/// The maximum of each element and a number. For integers a number below their type's least leaves
/// the elements unchanged; any other number that the type cannot hold traps.
public func maximum(_ a: Tensor, _ b: Double) -> Tensor { a.raised(to: b, in: "maximum") }

/// The minimum of each element and a number. For integers a number above their type's greatest
/// leaves the elements unchanged; any other number that the type cannot hold traps.
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

/// The values of `maximum` and `minimum`. There are no kernels for elements of one byte.
private func extremes(
    _ function: BinaryFunction, _ a: Tensor, _ b: Tensor, _ operation: StaticString
) -> Tensor {
    guard a.dataType.size == 1, b.dataType.size == 1 else {
        return combine(function, a, b, operation)
    }
    let comparison: Comparison = function == .maximum ? .greater : .less
    return select(Tensor.compare(comparison, a, b, operation), a, b)
}

/// Limits the elements to an interval; at its ends half of the derivative passes. Traps if `lower`
/// is greater than `upper`. For integers an end may be beyond what their type can hold, on the side
/// where it limits nothing; otherwise traps.
public func clamp(_ x: Tensor, from lower: Double, through upper: Double) -> Tensor {
    guard lower <= upper else { trap("clamp", "\(lower) is greater than \(upper)") }
    return x.raised(to: lower, in: "clamp").lowered(to: upper, in: "clamp")
}

/// 1 where `a` is greater, ½ where equal, 0 where less, NaN where they do not compare.
private func shareOfGreater(_ a: Tensor, _ b: Tensor) -> Tensor {
    combine(.shareOfGreater, stopGradient(a), stopGradient(b), "maximum")
}

import KernelInterface

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

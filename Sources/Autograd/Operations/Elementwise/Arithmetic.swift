import KernelInterface

extension Tensor {
    public static func + (a: Tensor, b: Tensor) -> Tensor {
        bilinear("+", .add, a, b, left: .itself, right: .itself)
    }

    public static func - (a: Tensor, b: Tensor) -> Tensor {
        bilinear("-", .subtract, a, b, left: .itself, right: .negated)
    }

    public static func * (a: Tensor, b: Tensor) -> Tensor {
        bilinear("*", .multiply, a, b, left: .timesOther, right: .timesOther)
    }

    public static func / (a: Tensor, b: Tensor) -> Tensor {
        differentiable("/", a, b) { a, b in
            combine(.divide, a, b, "/")
        } left: { a, b, y in
            .elementwise(a, y) { $0 / b }
        } right: { _, b, y in
            .elementwise(b, y) { -($0 * y / b) }
        }
    }

    public static prefix func - (x: Tensor) -> Tensor {
        differentiable("-", x) { x in
            map(.negate, x, "-")
        } pullback: { _, _ in
            .elementwise { -$0 }
        }
    }

    // With a number, which is rounded to the tensor's data type if that is floating-point. A tensor
    // of integers whose type cannot hold the number traps: cast(to:) first.

    public static func + (a: Tensor, b: Double) -> Tensor { a + a.number(b, in: "+") }
    public static func - (a: Tensor, b: Double) -> Tensor { a - a.number(b, in: "-") }
    public static func * (a: Tensor, b: Double) -> Tensor { a * a.number(b, in: "*") }
    public static func / (a: Tensor, b: Double) -> Tensor { a / a.number(b, in: "/") }
    public static func + (a: Double, b: Tensor) -> Tensor { b.number(a, in: "+") + b }
    public static func - (a: Double, b: Tensor) -> Tensor { b.number(a, in: "-") - b }
    public static func * (a: Double, b: Tensor) -> Tensor { b.number(a, in: "*") * b }
    public static func / (a: Double, b: Tensor) -> Tensor { b.number(a, in: "/") / b }

    /// Adds in place if no other tensor shares the memory and nothing is recorded.
    public static func += (a: inout Tensor, b: Tensor) { a.update(.add, b, orElse: +) }
    public static func -= (a: inout Tensor, b: Tensor) { a.update(.subtract, b, orElse: -) }
    public static func *= (a: inout Tensor, b: Tensor) { a.update(.multiply, b, orElse: *) }
    public static func /= (a: inout Tensor, b: Tensor) { a.update(.divide, b, orElse: /) }

    public static func += (a: inout Tensor, b: Double) { a += a.number(b, in: "+=") }
    public static func -= (a: inout Tensor, b: Double) { a -= a.number(b, in: "-=") }
    public static func *= (a: inout Tensor, b: Double) { a *= a.number(b, in: "*=") }
    public static func /= (a: inout Tensor, b: Double) { a /= a.number(b, in: "/=") }

    private mutating func update(
        _ function: BinaryFunction, _ other: Tensor, orElse operation: (Tensor, Tensor) -> Tensor
    ) {
        // Large ones are fused, and then also computed in place.
        guard !isWatched, !other.isWatched, dataType == other.dataType,
            shape == other.shape || other.rank == 0, count < Expression.fewestElements,
            ownsItsStorage()
        else {
            self = operation(self, other)
            return
        }
        let stride = shape == other.shape ? 1 : 0
        let (target, source, type) = (storage.pointer, other.storage.pointer, dataType)
        inParallel(count, grain: elementwiseGrain) { range in
            let offset = range.lowerBound * type.size
            kernels.binary(
                function, type, target + offset, 1, source + offset * stride, stride,
                target + offset, range.count)
        }
    }

    private mutating func ownsItsStorage() -> Bool {
        dataType.isFloatingPoint && storage.isOwn && isUnshared()
    }
}

/// `x` raised to `y`. A negative `x` needs a whole `y`. Where `x` is 0 the derivative with respect
/// to `y` is 0; where both are 0, so is the derivative with respect to `x`.
public func pow(_ x: Tensor, _ y: Tensor) -> Tensor {
    differentiable("pow", x, y) { x, y in
        combine(.power, x, y, "pow")
    } left: { x, y, power in
        .elementwise(x, power) { cotangent in
            // 0 times infinity would not be 0.
            let areZero = (stopGradient(x) .== 0) .& (stopGradient(y) .== 0)
            return cotangent * y * pow(x, select(areZero, y, y - 1))
        }
    } right: { x, y, power in
        .elementwise(y, power) { cotangent in
            let isZero = stopGradient(x) .== 0
            let logarithm = select(
                isZero, Tensor.zeros(like: x), log(select(isZero, Tensor.ones(like: x), x)))
            return cotangent * power * logarithm
        }
    }
}

/// `x` raised to a number. Smooth at 0 for whole exponents that are not negative.
public func pow(_ x: Tensor, _ exponent: Double) -> Tensor {
    differentiable("pow", x) { x in
        combine(.power, x, x.number(exponent, in: "pow"), "pow")
    } pullback: { x, _ in
        .elementwise { cotangent in
            switch exponent {
            case 0: Tensor.zeros(like: x) * cotangent
            case 1: cotangent
            default: cotangent * (exponent * pow(x, exponent - 1))
            }
        }
    }
}

/// `x * x`.
public func square(_ x: Tensor) -> Tensor { x * x }

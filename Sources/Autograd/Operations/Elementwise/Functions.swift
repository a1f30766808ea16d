import Foundation
import KernelInterface

// Elementwise functions of one variable: for each, its kernel and its derivative.

/// eˣ.
public func exp(_ x: Tensor) -> Tensor {
    elementwise("exp", .exp, x, derivative: .ofOutput { y in y })
}

/// eˣ − 1, accurate near 0.
public func expm1(_ x: Tensor) -> Tensor {
    elementwise("expm1", .expm1, x, derivative: .ofOutput { y in y + 1 })
}

/// The natural logarithm: −∞ at 0, NaN below.
public func log(_ x: Tensor) -> Tensor {
    elementwise("log", .log, x, derivative: .ofInput { x in 1 / x })
}

/// log(1 + x), accurate near 0.
public func log1p(_ x: Tensor) -> Tensor {
    elementwise("log1p", .log1p, x, derivative: .ofInput { x in 1 / (1 + x) })
}

/// The square root.
public func sqrt(_ x: Tensor) -> Tensor {
    elementwise("sqrt", .squareRoot, x, derivative: .ofOutput { y in 0.5 / y })
}

/// The reciprocal of the square root.
public func rsqrt(_ x: Tensor) -> Tensor {
    elementwise("rsqrt", .reciprocalSquareRoot, x, derivative: .ofOutput { y in -0.5 * y * y * y })
}

/// The sine of an angle in radians.
public func sin(_ x: Tensor) -> Tensor {
    elementwise("sin", .sin, x, derivative: .ofInput { x in cos(x) })
}

/// The cosine of an angle in radians.
public func cos(_ x: Tensor) -> Tensor {
    elementwise("cos", .cos, x, derivative: .ofInput { x in -sin(x) })
}

/// The hyperbolic tangent.
public func tanh(_ x: Tensor) -> Tensor {
    elementwise("tanh", .tanh, x, derivative: .ofOutput(.tanhSlope) { y in 1 - y * y })
}

/// The logistic function, 1 / (1 + e⁻ˣ).
public func sigmoid(_ x: Tensor) -> Tensor {
    elementwise("sigmoid", .sigmoid, x, derivative: .ofOutput(.sigmoidSlope) { y in y * (1 - y) })
}

/// log(1 + eˣ), finite for every finite x.
public func softplus(_ x: Tensor) -> Tensor {
    elementwise("softplus", .softplus, x, derivative: .ofInput { x in sigmoid(x) })
}

/// The error function.
public func erf(_ x: Tensor) -> Tensor {
    elementwise(
        "erf", .erf, x, derivative: .ofInput { x in (2 / Double.pi.squareRoot()) * exp(-(x * x)) })
}

/// The absolute value; its derivative at 0 is 0.
public func abs(_ x: Tensor) -> Tensor {
    elementwise("abs", .absolute, x, derivative: .ofInput { x in sign(stopGradient(x)) })
}

/// max(x, 0); its derivative at 0 is 0.
public func relu(_ x: Tensor) -> Tensor {
    elementwise("relu", .relu, x, derivative: .ofOutput(.reluSlope) { y in sign(stopGradient(y)) })
}

/// −1, 0 or 1. Has no derivative.
public func sign(_ x: Tensor) -> Tensor {
    notDifferentiable("sign", x)
    return map(.sign, x, "sign")
}

/// The greatest integer not greater than the element. Has no derivative.
public func floor(_ x: Tensor) -> Tensor {
    notDifferentiable("floor", x)
    return map(.floor, x, "floor")
}

/// The least integer not less than the element. Has no derivative.
public func ceil(_ x: Tensor) -> Tensor {
    notDifferentiable("ceil", x)
    return -floor(-x)
}

/// The nearest integer, ties to even. Has no derivative.
public func round(_ x: Tensor) -> Tensor {
    notDifferentiable("round", x)
    return map(.round, x, "round")
}

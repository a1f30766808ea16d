/// Elementwise functions of one variable that every kernel set implements on `float32` and
/// `float64`; those marked * on `int32` too.
public enum UnaryFunction: UInt8, Sendable, CaseIterable {
    case negate  // *
    case absolute  // *
    case sign  // *
    case exp
    case expm1
    case log
    case log1p
    case squareRoot
    case reciprocalSquareRoot
    case sin
    case cos
    case tanh
    case sigmoid
    case softplus
    case erf
    case relu
    case floor
    /// To the nearest integer, ties to even.
    case round
}

/// Elementwise functions of two variables, on `float32` and `float64`; those marked * on
/// `int32` too (wrapping on overflow).
public enum BinaryFunction: UInt8, Sendable, CaseIterable {
    case add  // *
    case subtract  // *
    case multiply  // *
    case divide
    case power
    /// NaN if either operand is NaN.
    case minimum  // *
    case maximum  // *
    /// A cotangent times the derivative of a function whose value is the second operand:
    /// `a (1 - b²)`, `a (b (1 - b))`, `a sign(b)`.
    case tanhSlope
    case sigmoidSlope
    case reluSlope
    /// 1 where the first operand is greater, ½ where both are equal, 0 where it is less: NaN if
    /// either is NaN.
    case shareOfGreater
    /// The cross-entropy of a logit x with a target t, `max(x, 0) − x t + log(1 + e^−|x|)`, and its
    /// derivative with respect to the logit, `σ(x) − t`, both without cancellation.
    case binaryCrossEntropy
    case binaryCrossEntropySlope
}

/// Comparisons, on every data type; the result is a byte, 0 or 1.
public enum Comparison: UInt8, Sendable, CaseIterable {
    case equal
    case notEqual
    case less
    case lessOrEqual
    case greater
    case greaterOrEqual
}

/// Reductions, on `float32`, `float64` and `int32`.
public enum Reduction: UInt8, Sendable, CaseIterable {
    case sum
    case maximum
    case minimum
}

import KernelInterface

extension Kernels {
    public static func unary(
        _ function: UnaryFunction, _ type: DataType,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ count: Int
    ) {
        switch type {
        case .float32: unary(function, of: FloatVector.self, input, output, count)
        case .float64: unary(function, of: DoubleVector.self, input, output, count)
        case .int32: unaryOfIntegers(function, input, output, count)
        case .uint8, .bool, .float16, .bfloat16: noKernel(for: function, of: type)
        }
    }

    @inline(__always)
    private static func unary<V: Vector>(
        _ function: UnaryFunction, of _: V.Type,
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ count: Int
    ) {
        switch function {
        case .negate: mapVectors(input, output, count) { (x: V) in -x }
        case .absolute: mapVectors(input, output, count) { (x: V) in x.magnitude }
        case .sign: mapVectors(input, output, count) { (x: V) in x.sign() }
        case .exp: apart { mapVectors(input, output, count) { (x: V) in x.exponential() } }
        case .expm1: apart { mapVectors(input, output, count) { (x: V) in x.exponentialMinus1() } }
        case .log: apart { mapVectors(input, output, count) { (x: V) in x.logarithm() } }
        case .log1p: apart { mapVectors(input, output, count) { (x: V) in x.logarithmOf1Plus() } }
        case .squareRoot: mapVectors(input, output, count) { (x: V) in x.squareRoot() }
        case .reciprocalSquareRoot:
            mapVectors(input, output, count) { (x: V) in x.squareRoot().reciprocal() }
        case .sin: apart { mapVectors(input, output, count) { (x: V) in x.sine() } }
        case .cos: apart { mapVectors(input, output, count) { (x: V) in x.cosine() } }
        case .tanh: apart { mapVectors(input, output, count) { (x: V) in x.hyperbolicTangent() } }
        case .sigmoid: apart { mapVectors(input, output, count) { (x: V) in x.sigmoid() } }
        case .softplus: apart { mapVectors(input, output, count) { (x: V) in x.softplus() } }
        case .erf: apart { mapVectors(input, output, count) { (x: V) in x.errorFunction() } }
        case .relu: mapVectors(input, output, count) { (x: V) in x.rectified() }
        case .floor: mapVectors(input, output, count) { (x: V) in x.floor() }
        case .round: mapVectors(input, output, count) { (x: V) in x.rounded() }
        }
    }
}

private func unaryOfIntegers(
    _ function: UnaryFunction,
    _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, _ count: Int
) {
    switch function {
    case .negate: mapScalars(input, output, count) { (x: Int32) in 0 &- x }
    case .absolute: mapScalars(input, output, count) { (x: Int32) in x < 0 ? 0 &- x : x }
    case .sign: mapScalars(input, output, count) { (x: Int32) in x.signum() }
    default: noKernel(for: function, of: .int32)
    }
}

import KernelInterface

extension Kernels {
    public static func binary(
        _ function: BinaryFunction, _ type: DataType,
        _ left: UnsafeRawPointer, _ leftStride: Int, _ right: UnsafeRawPointer, _ rightStride: Int,
        _ output: UnsafeMutableRawPointer, _ count: Int
    ) {
        switch type {
        case .float32:
            binary(
                function, of: FloatVector.self, left, leftStride, right, rightStride, output, count)
        case .float64:
            binary(
                function, of: DoubleVector.self, left, leftStride, right, rightStride, output, count
            )
        case .int32:
            binaryOfIntegers(function, left, leftStride, right, rightStride, output, count)
        case .uint8, .bool, .float16, .bfloat16:
            noKernel(for: function, of: type)
        }
    }

    @inline(__always)
    private static func binary<V: Vector>(
        _ function: BinaryFunction, of _: V.Type,
        _ left: UnsafeRawPointer, _ leftStride: Int, _ right: UnsafeRawPointer, _ rightStride: Int,
        _ output: UnsafeMutableRawPointer, _ count: Int
    ) {
        @inline(__always)
        func map(_ function: (V, V) -> V) {
            mapVectors(left, leftStride, right, rightStride, output, count, function)
        }
        switch function {
        case .add: map { $0 + $1 }
        case .subtract: map { $0 - $1 }
        case .multiply: map { $0 * $1 }
        case .divide: map { $0 / $1 }
        case .power: apart { map { $0.power($1) } }
        case .minimum: map { $0.minimum($1) }
        case .maximum: map { $0.maximum($1) }
        case .tanhSlope: map { $0 * (V(repeating: 1) - $1 * $1) }
        case .sigmoidSlope: map { $0 * ($1 * (V(repeating: 1) - $1)) }
        case .reluSlope: map { $0 * $1.sign() }
        case .shareOfGreater: map { $0.shareOfGreater($1) }
        case .binaryCrossEntropy: apart { map { $0.binaryCrossEntropy(target: $1) } }
        case .binaryCrossEntropySlope: apart { map { $0.binaryCrossEntropySlope(target: $1) } }
        }
    }
}

private func binaryOfIntegers(
    _ function: BinaryFunction,
    _ left: UnsafeRawPointer, _ leftStride: Int, _ right: UnsafeRawPointer, _ rightStride: Int,
    _ output: UnsafeMutableRawPointer, _ count: Int
) {
    @inline(__always)
    func map(_ function: (Int32, Int32) -> Int32) {
        mapScalars(left, leftStride, right, rightStride, output, count, function)
    }
    switch function {
    case .add: map { $0 &+ $1 }
    case .subtract: map { $0 &- $1 }
    case .multiply: map { $0 &* $1 }
    case .minimum: map { $0 < $1 ? $0 : $1 }
    case .maximum: map { $0 > $1 ? $0 : $1 }
    default: noKernel(for: function, of: .int32)
    }
}

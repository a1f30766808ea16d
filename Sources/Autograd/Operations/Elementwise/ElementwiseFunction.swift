import KernelInterface

/// What an elementwise function's derivative is computed from, and how.
enum ElementwiseDerivative {
    /// From the argument, which is then kept on the tape.
    case ofInput((_ x: Tensor) -> Tensor)
    /// From the function's value, which is then kept on the tape. A kernel for the cotangent times
    /// the derivative, if there is one, saves several operations on small tensors.
    case ofOutput(BinaryFunction? = nil, (_ y: Tensor) -> Tensor)
}

/// The common implementation of the elementwise functions of one variable.
@inline(__always)
func elementwise(
    _ operation: StaticString, _ function: UnaryFunction, _ x: Tensor,
    derivative: ElementwiseDerivative
) -> Tensor {
    differentiable(operation, x) { x in
        map(function, x, operation)
    } pullback: { x, y in
        switch derivative {
        case .ofInput(let derivative): .elementwise { cotangent in cotangent * derivative(x) }
        case .ofOutput(let kernel, let derivative):
            .elementwise { cotangent in
                guard let kernel, !cotangent.isWatched, !y.isWatched else {
                    return cotangent * derivative(y)
                }
                return combine(kernel, cotangent, y, operation)
            }
        }
    }
}

/// The values of a function of one variable.
func map(_ function: UnaryFunction, _ x: Tensor, _ operation: StaticString) -> Tensor {
    guard x.dataType.isFloatingPoint || (x.dataType == .int32 && function.takesIntegers) else {
        trap(operation, x.dataType.notDefined)
    }
    if let result = Expression.deferring(
        .unary(function), x.dataType, x.shape, count: x.count, { [x] })
    {
        return result
    }
    let size = x.dataType.size
    let output = Storage(x.dataType, count: x.count)
    let (source, target) = (x.storage.pointer, output.pointer)
    if x.count <= elementwiseGrain {
        kernels.unary(function, x.dataType, source, target, x.count)
    } else {
        inParallel(x.count, grain: elementwiseGrain) { range in
            let offset = range.lowerBound * size
            kernels.unary(function, x.dataType, source + offset, target + offset, range.count)
        }
    }
    return Tensor(output, x.shape)
}

/// The values of a function of two variables, which broadcast.
func combine(
    _ function: BinaryFunction, _ a: Tensor, _ b: Tensor, _ operation: StaticString
) -> Tensor {
    let type = a.dataType
    guard type == b.dataType else {
        trap(
            operation,
            "data types differ: \(type) of shape \(a.shape) and \(b.dataType) of shape "
                + "\(b.shape)")
    }
    guard type.isFloatingPoint || (type == .int32 && function.takesIntegers) else {
        trap(operation, type.notDefined)
    }
    if a.shape == b.shape || b.rank == 0 || a.rank == 0 {
        let shape = a.rank == 0 ? b.shape : a.shape
        let count = max(a.count, b.count) * min(a.count, b.count, 1)
        if let result = Expression.deferring(
            .binary(function), type, shape, count: count, { [a, b] })
        {
            return result
        }
        let output = Storage(type, count: count)
        kernels.binary(
            function, type, a.storage.pointer, a.shape == shape ? 1 : 0,
            b.storage.pointer, b.shape == shape ? 1 : 0, output.pointer, output.count)
        return Tensor(output, shape)
    }
    let shape = Shape.broadcast(a.shape, b.shape, in: operation)
    if let result = Expression.deferring(
        .binary(function), type, shape, count: Shape.count(shape, in: operation), { [a, b] })
    {
        return result
    }
    let size = type.size
    return Tensor(type, shape) { output in
        forEachPiece(of: shape, a.shape, b.shape) { position, starts, strides, count in
            kernels.binary(
                function, type, a.storage.pointer + starts.0 * size, strides.0,
                b.storage.pointer + starts.1 * size, strides.1,
                output.pointer + position * size, count)
        }
    }
}

extension UnaryFunction {
    fileprivate var takesIntegers: Bool {
        switch self {
        case .negate, .absolute, .sign: true
        default: false
        }
    }
}

extension BinaryFunction {
    fileprivate var takesIntegers: Bool {
        switch self {
        case .add, .subtract, .multiply, .minimum, .maximum: true
        default: false
        }
    }
}

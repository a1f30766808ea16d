import KernelInterface

// Special functions are computed element by element in `float64`, whatever the type of the tensors:
// their expansions are made for that precision, and take much longer than a conversion.

/// The number of elements in a block of parallel work: a special function takes far longer than
/// arithmetic.
private let specialFunctionGrain = 256

/// The values of a function of one number.
func mapInDouble(
    _ operation: StaticString, _ x: Tensor, _ function: (Double) -> Double
) -> Tensor {
    computeInDouble(operation, [x]) { operands, index in function(operands[0][index]) }
}

/// The values of a function of two numbers; the operands broadcast.
func combineInDouble(
    _ operation: StaticString, _ a: Tensor, _ b: Tensor, _ function: (Double, Double) -> Double
) -> Tensor {
    computeInDouble(operation, [a, b]) { operands, index in
        function(operands[0][index], operands[1][index])
    }
}

/// The values of a function of three numbers; the operands broadcast.
func combineInDouble(
    _ operation: StaticString, _ a: Tensor, _ b: Tensor, _ c: Tensor,
    _ function: (Double, Double, Double) -> Double
) -> Tensor {
    computeInDouble(operation, [a, b, c]) { operands, index in
        function(operands[0][index], operands[1][index], operands[2][index])
    }
}

private func computeInDouble(
    _ operation: StaticString, _ operands: [Tensor],
    _ function: (_ operands: [UnsafeMutablePointer<Double>], _ index: Int) -> Double
) -> Tensor {
    let type = operands[0].dataType
    for operand in operands where operand.dataType != type {
        trap(
            operation,
            "data types differ: \(type) of shape \(operands[0].shape) and \(operand.dataType) of "
                + "shape \(operand.shape)")
    }
    guard type.isFloatingPoint else {
        trap(operation, type.notDefined)
    }
    let shape = operands.dropFirst().reduce(operands[0].shape) {
        Shape.broadcast($0, $1.shape, in: operation)
    }
    let wide = operands.map { $0.cast(to: .float64).broadcast(to: shape) }
    let result = Tensor(.float64, shape, in: operation) { output in
        let sources = wide.map { $0.storage.typed(Double.self) }
        let target = output.typed(Double.self)
        inParallel(output.count, grain: specialFunctionGrain) { range in
            for index in range { target[index] = function(sources, index) }
        }
    }
    // What is read is kept until here.
    return withExtendedLifetime(wide) { result.cast(to: type) }
}

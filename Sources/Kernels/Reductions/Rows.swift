import KernelInterface

extension Kernels {
    public static func reduceRows(
        _ reduction: Reduction, _ type: DataType,
        _ input: UnsafeRawPointer, _ count: Int, _ stride: Int, _ width: Int,
        _ output: UnsafeMutableRawPointer
    ) {
        switch type {
        case .float32:
            reduceRows(reduction, of: FloatVector.self, input, count, stride, width, output)
        case .float64:
            reduceRows(reduction, of: DoubleVector.self, input, count, stride, width, output)
        case .int32:
            reduceIntegerRows(reduction, input, count, stride, width, output)
        case .uint8, .bool, .float16, .bfloat16:
            noKernel(for: reduction, of: type)
        }
    }

    @inline(__always)
    private static func reduceRows<V: Vector>(
        _ reduction: Reduction, of _: V.Type,
        _ input: UnsafeRawPointer, _ count: Int, _ stride: Int, _ width: Int,
        _ output: UnsafeMutableRawPointer
    ) {
        switch reduction {
        case .sum: reduceRows(by: VectorSum<V>.self, input, count, stride, width, output)
        case .maximum: reduceRows(by: VectorMaximum<V>.self, input, count, stride, width, output)
        case .minimum: reduceRows(by: VectorMinimum<V>.self, input, count, stride, width, output)
        }
    }

    /// Columns, four vectors at a time, stay in registers while the rows are read.
    @inline(__always)
    private static func reduceRows<V: Vector, A: Accumulator<V>>(
        by _: A.Type, _ input: UnsafeRawPointer, _ count: Int, _ stride: Int, _ width: Int,
        _ output: UnsafeMutableRawPointer
    ) {
        let input = input.assumingMemoryBound(to: V.Element.self)
        let output = output.assumingMemoryBound(to: V.Element.self)
        let lanes = V.lanes
        var column = 0
        while column + 4 * lanes <= width {
            var (a, b, c, d) = (A.identity, A.identity, A.identity, A.identity)
            var row = input + column
            for _ in 0..<count {
                a = A.combine(a, V(at: row))
                b = A.combine(b, V(at: row + lanes))
                c = A.combine(c, V(at: row + 2 * lanes))
                d = A.combine(d, V(at: row + 3 * lanes))
                row += stride
            }
            a.store(at: output + column)
            b.store(at: output + column + lanes)
            c.store(at: output + column + 2 * lanes)
            d.store(at: output + column + 3 * lanes)
            column += 4 * lanes
        }
        while column + lanes <= width {
            var a = A.identity
            for row in 0..<count { a = A.combine(a, V(at: input + row * stride + column)) }
            a.store(at: output + column)
            column += lanes
        }
        if column < width {
            let rest = width - column
            var a = A.identity
            for row in 0..<count {
                a = A.combine(a, V(at: input + row * stride + column, count: rest))
            }
            a.store(at: output + column, count: rest)
        }
    }
}

private func reduceIntegerRows(
    _ reduction: Reduction,
    _ input: UnsafeRawPointer, _ count: Int, _ stride: Int, _ width: Int,
    _ output: UnsafeMutableRawPointer
) {
    switch reduction {
    case .sum: reduceIntegerRows(by: IntegerSum.self, input, count, stride, width, output)
    case .maximum: reduceIntegerRows(by: IntegerMaximum.self, input, count, stride, width, output)
    case .minimum: reduceIntegerRows(by: IntegerMinimum.self, input, count, stride, width, output)
    }
}

@inline(__always)
private func reduceIntegerRows<A: Accumulator<Int32>>(
    by _: A.Type, _ input: UnsafeRawPointer, _ count: Int, _ stride: Int, _ width: Int,
    _ output: UnsafeMutableRawPointer
) {
    let input = input.assumingMemoryBound(to: Int32.self)
    let output = output.assumingMemoryBound(to: Int32.self)
    for i in 0..<width { output[i] = A.identity }
    for row in 0..<count {
        let row = input + row * stride
        for i in 0..<width { output[i] = A.combine(output[i], row[i]) }
    }
}

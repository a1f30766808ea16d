import KernelInterface

extension Kernels {
    public static func reduceRuns(
        _ reduction: Reduction, _ type: DataType,
        _ input: UnsafeRawPointer, _ rows: Int, _ count: Int, _ output: UnsafeMutableRawPointer
    ) {
        switch type {
        case .float32: reduceRuns(reduction, of: FloatVector.self, input, rows, count, output)
        case .float64: reduceRuns(reduction, of: DoubleVector.self, input, rows, count, output)
        case .int32: reduceIntegerRuns(reduction, input, rows, count, output)
        case .uint8, .bool, .float16, .bfloat16: noKernel(for: reduction, of: type)
        }
    }

    @inline(__always)
    private static func reduceRuns<V: Vector>(
        _ reduction: Reduction, of _: V.Type,
        _ input: UnsafeRawPointer, _ rows: Int, _ count: Int, _ output: UnsafeMutableRawPointer
    ) {
        switch reduction {
        case .sum: reduceRuns(by: VectorSum<V>.self, input, rows, count, output)
        case .maximum: reduceRuns(by: VectorMaximum<V>.self, input, rows, count, output)
        case .minimum: reduceRuns(by: VectorMinimum<V>.self, input, rows, count, output)
        }
    }

    @inline(__always)
    private static func reduceRuns<V: Vector, A: Accumulator<V>>(
        by _: A.Type, _ input: UnsafeRawPointer, _ rows: Int, _ count: Int,
        _ output: UnsafeMutableRawPointer
    ) {
        let input = input.assumingMemoryBound(to: V.Element.self)
        let output = output.assumingMemoryBound(to: V.Element.self)
        for row in 0..<rows {
            output[row] = reduceRun(by: A.self, input + row * count, count)
        }
    }
}

/// Four vectors accumulate, so that an addition need not wait for the previous one; they and then
/// the lanes of their total are combined pairwise, in a fixed order.
@inline(__always)
private func reduceRun<V: Vector, A: Accumulator<V>>(
    by _: A.Type, _ input: UnsafePointer<V.Element>, _ count: Int
) -> V.Element {
    let lanes = V.lanes
    var (a, b, c, d) = (A.identity, A.identity, A.identity, A.identity)
    var i = 0
    while i + 4 * lanes <= count {
        a = A.combine(a, V(at: input + i))
        b = A.combine(b, V(at: input + i + lanes))
        c = A.combine(c, V(at: input + i + 2 * lanes))
        d = A.combine(d, V(at: input + i + 3 * lanes))
        i += 4 * lanes
    }
    while i + lanes <= count {
        a = A.combine(a, V(at: input + i))
        i += lanes
    }
    if i < count {
        var rest = A.identity
        for lane in 0..<(count - i) { rest[lane] = input[i + lane] }
        b = A.combine(b, rest)
    }
    let total = A.combine(A.combine(a, b), A.combine(c, d))
    return total.reduced(A.combine)
}

private func reduceIntegerRuns(
    _ reduction: Reduction,
    _ input: UnsafeRawPointer, _ rows: Int, _ count: Int, _ output: UnsafeMutableRawPointer
) {
    switch reduction {
    case .sum: reduceIntegerRuns(by: IntegerSum.self, input, rows, count, output)
    case .maximum: reduceIntegerRuns(by: IntegerMaximum.self, input, rows, count, output)
    case .minimum: reduceIntegerRuns(by: IntegerMinimum.self, input, rows, count, output)
    }
}

@inline(__always)
private func reduceIntegerRuns<A: Accumulator<Int32>>(
    by _: A.Type, _ input: UnsafeRawPointer, _ rows: Int, _ count: Int,
    _ output: UnsafeMutableRawPointer
) {
    let input = input.assumingMemoryBound(to: Int32.self)
    let output = output.assumingMemoryBound(to: Int32.self)
    for row in 0..<rows {
        var result = A.identity
        for i in 0..<count { result = A.combine(result, input[row * count + i]) }
        output[row] = result
    }
}

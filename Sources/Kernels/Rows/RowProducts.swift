import KernelInterface

extension Kernels {
    public static func dotRows(
        _ type: DataType, _ left: UnsafeRawPointer, _ leftStride: Int,
        _ right: UnsafeRawPointer, _ rightStride: Int, _ rows: Int, _ count: Int,
        _ output: UnsafeMutableRawPointer
    ) {
        @inline(__always)
        func run<V: Vector>(_: V.Type) {
            let left = left.assumingMemoryBound(to: V.Element.self)
            let right = right.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            for row in 0..<rows {
                let (a, b) = (left + row * leftStride, right + row * rightStride)
                output[row] =
                    count <= longestSum ? dot(V.self, a, b, count) : longDot(V.self, a, b, count)
            }
        }
        if type == .float32 { run(FloatVector.self) } else { run(DoubleVector.self) }
    }

    public static func weighRows(
        _ type: DataType, _ weights: UnsafeRawPointer, _ input: UnsafeRawPointer,
        _ inputStride: Int, _ rows: Int, _ count: Int, _ output: UnsafeMutableRawPointer,
        _ outputStride: Int
    ) {
        @inline(__always)
        func run<V: Vector>(_: V.Type) {
            let weights = weights.assumingMemoryBound(to: V.Element.self)
            let input = input.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            if outputStride == 0 {
                sum(V.self, weights, input, inputStride, rows, count, output)
            } else {
                for row in 0..<rows {
                    sum(
                        V.self, weights + row, input + row * inputStride, 0, 1, count,
                        output + row * outputStride)
                }
            }
        }
        if type == .float32 { run(FloatVector.self) } else { run(DoubleVector.self) }
    }

    public static func addRows(
        _ type: DataType, _ scale: Double, _ input: UnsafeRawPointer,
        _ indices: UnsafePointer<Int32>, _ positions: UnsafePointer<Int32>?, _ rows: Int,
        _ count: Int, _ table: UnsafeMutableRawPointer
    ) {
        @inline(__always)
        func run<V: Vector>(_: V.Type) {
            let input = input.assumingMemoryBound(to: V.Element.self)
            let table = table.assumingMemoryBound(to: V.Element.self)
            for row in 0..<rows {
                let position = positions.map { Int($0[row]) } ?? row
                add(
                    V(repeating: V.Element(scale)), input + position * count, count,
                    to: table + Int(indices[position]) * count)
            }
        }
        if type == .float32 { run(FloatVector.self) } else { run(DoubleVector.self) }
    }

    public static func addRowsInDouble(
        _ input: UnsafePointer<Float>, _ indices: UnsafePointer<Int32>,
        _ positions: UnsafePointer<Int32>, _ rows: Int, _ count: Int, _ first: Int,
        _ table: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<rows {
            let position = Int(positions[row])
            let source = input + position * count
            let target = table + (Int(indices[position]) - first) * count
            for column in 0..<count { target[column] += Double(source[column]) }
        }
    }

    public static func stepRows(
        _ type: DataType, _ step: AdaptiveStep, _ gradient: UnsafeRawPointer,
        _ indices: UnsafePointer<Int32>, _ rows: Int, _ count: Int,
        _ table: UnsafeMutableRawPointer, _ first: UnsafeMutableRawPointer,
        _ second: UnsafeMutableRawPointer
    ) {
        @inline(__always)
        func run<V: Vector>(_: V.Type) {
            let gradient = gradient.assumingMemoryBound(to: V.Element.self)
            for row in 0..<rows {
                let start = Int(indices[row]) * count
                self.step(
                    V.self, step, gradient + row * count, count,
                    table.assumingMemoryBound(to: V.Element.self) + start,
                    first.assumingMemoryBound(to: V.Element.self) + start,
                    second.assumingMemoryBound(to: V.Element.self) + start)
            }
        }
        if type == .float32 { run(FloatVector.self) } else { run(DoubleVector.self) }
    }

    @inline(__always)
    private static func step<V: Vector>(
        _: V.Type, _ step: AdaptiveStep, _ gradient: UnsafePointer<V.Element>, _ count: Int,
        _ row: UnsafeMutablePointer<V.Element>, _ first: UnsafeMutablePointer<V.Element>,
        _ second: UnsafeMutablePointer<V.Element>
    ) {
        let firstDecay = V(repeating: V.Element(step.firstDecay))
        let firstShare = V(repeating: V.Element(1 - step.firstDecay))
        let secondDecay = V(repeating: V.Element(step.secondDecay))
        let secondShare = V(repeating: V.Element(1 - step.secondDecay))
        let size = V(repeating: V.Element(step.size))
        let epsilon = V(repeating: V.Element(step.epsilon))
        let retained = V(repeating: V.Element(step.retained))
        var i = 0
        while i < count {
            let rest = count - i
            let g = V(at: gradient + i, upTo: rest)
            let m = firstDecay * V(at: first + i, upTo: rest) + firstShare * g
            let v = secondDecay * V(at: second + i, upTo: rest) + secondShare * g * g
            m.store(at: first + i, upTo: rest)
            v.store(at: second + i, upTo: rest)
            (V(at: row + i, upTo: rest) * retained - size * m / (v.squareRoot() + epsilon))
                .store(at: row + i, upTo: rest)
            i += V.lanes
        }
    }
}

@inline(__always)
private func add<V: Vector>(
    _ scale: V, _ input: UnsafePointer<V.Element>, _ count: Int,
    to output: UnsafeMutablePointer<V.Element>
) {
    var i = 0
    while i + V.lanes <= count {
        V(at: output + i).adding(product: scale, V(at: input + i)).store(at: output + i)
        i += V.lanes
    }
    // The last elements one at a time, but with vector arithmetic.
    while i < count {
        output[i] = V(repeating: output[i]).adding(product: scale, V(repeating: input[i]))[0]
        i += 1
    }
}

@inline(__always)
private func dot<V: Vector>(
    _: V.Type, _ a: UnsafePointer<V.Element>, _ b: UnsafePointer<V.Element>, _ count: Int
) -> V.Element {
    let lanes = V.lanes
    var (first, second) = (V(repeating: 0), V(repeating: 0))
    var i = 0
    while i + 2 * lanes <= count {
        first = first.adding(product: V(at: a + i), V(at: b + i))
        second = second.adding(product: V(at: a + i + lanes), V(at: b + i + lanes))
        i += 2 * lanes
    }
    if i + lanes <= count {
        first = first.adding(product: V(at: a + i), V(at: b + i))
        i += lanes
    }
    var rest = V(repeating: 0)
    while i < count {
        rest = rest.adding(product: V(repeating: a[i]), V(repeating: b[i]))
        i += 1
    }
    return (first + second).reduced(+) + rest[0]
}

/// How many products of elements or rows are added one after the other; more are summed in parts.
private let longestSum = 2048

/// In parts, whose sums are added in double precision, so that rounding costs no digit of the
/// result.
@inline(never)
private func longDot<V: Vector>(
    _: V.Type, _ a: UnsafePointer<V.Element>, _ b: UnsafePointer<V.Element>, _ count: Int
) -> V.Element {
    var total = 0.0
    var start = 0
    while start < count {
        let part = min(256, count - start)
        total += Double(dot(V.self, a + start, b + start, part))
        start += part
    }
    return V.Element(total)
}

/// The weighted sum of rows, one vector of columns after the other.
@inline(__always)
private func sum<V: Vector>(
    _: V.Type, _ weights: UnsafePointer<V.Element>, _ input: UnsafePointer<V.Element>,
    _ stride: Int, _ rows: Int, _ count: Int, _ output: UnsafeMutablePointer<V.Element>
) {
    var i = 0
    while i + V.lanes <= count {
        let total: V = sumByParts(rows) { row, sum in
            sum.adding(product: V(repeating: weights[row]), V(at: input + row * stride + i))
        }
        total.store(at: output + i)
        i += V.lanes
    }
    while i < count {
        let total: V = sumByParts(rows) { row, sum in
            sum.adding(product: V(repeating: weights[row]), V(repeating: input[row * stride + i]))
        }
        output[i] = total[0]
        i += 1
    }
}

/// A sum over rows, split into equal parts if there are many.
@inline(__always)
private func sumByParts<V: Vector>(_ rows: Int, adding: (_ row: Int, _ sum: V) -> V) -> V {
    var total = V(repeating: 0)
    var start = 0
    while start < rows {
        let end = min(rows, start + longestSum)
        var sum = V(repeating: 0)
        for row in start..<end { sum = adding(row, sum) }
        total = total + sum
        start = end
    }
    return total
}

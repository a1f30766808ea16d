import KernelInterface

// Long sums of `float32`, computed in `float64`, so that rounding costs no digit of the result.
// Sixteen numbers at a time are first added as `float32`, in pairs, pairs of pairs and so on, which
// costs next to nothing and saves most of the conversions.

extension Kernels {
    public static func sumRowsInDouble(
        _ input: UnsafePointer<Float>, _ count: Int, _ stride: Int, _ width: Int,
        _ output: UnsafeMutablePointer<Double>
    ) {
        for column in 0..<width { output[column] = 0 }
        guard stride == width, width > 0, width <= tile / 2 else {
            return addUp(input, count, stride, width, to: output)
        }
        // Contiguous narrow rows are processed as fewer wide ones.
        let group = tile / width
        let wide = group * width
        withSums { sums in
            addUp(input, count / group, wide, wide, to: sums)
            for row in 0..<group {
                for column in 0..<width { output[column] += sums[row * width + column] }
            }
        }
        let rest = count % group
        addUp(input + (count - rest) * width, rest, width, width, to: output)
    }

    public static func sumRunsInDouble(
        _ input: UnsafePointer<Float>, _ rows: Int, _ count: Int,
        _ output: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<rows { output[row] = sumRun(input + row * count, count) }
    }
}

/// The number of columns that are summed together.
private let tile = 64

/// Calls `body` with memory for the sums of a tile, initialised to 0.
@inline(__always)
private func withSums<Result>(_ body: (UnsafeMutablePointer<Double>) -> Result) -> Result {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: tile) { sums in
        let sums = sums.baseAddress!
        for column in 0..<tile { sums[column] = 0 }
        return body(sums)
    }
}

private func addUp(
    _ input: UnsafePointer<Float>, _ count: Int, _ stride: Int, _ width: Int,
    to output: UnsafeMutablePointer<Double>
) {
    typealias V = FloatVector
    withUnsafeTemporaryAllocation(of: Float.self, capacity: tile) { buffer in
        let buffer = buffer.baseAddress!
        var start = 0
        while start < width {
            let columns = min(tile, width - start)
            let full = columns / V.lanes * V.lanes
            let (input, sums) = (input + start, output + start)
            var row = 0
            while row + 16 <= count {
                let (first, second) = (input + row * stride, input + (row + 8) * stride)
                var column = 0
                while column < full {
                    let sum: V =
                        sumOfEight(first + column, stride) + sumOfEight(second + column, stride)
                    sum.store(at: buffer + column)
                    column += V.lanes
                }
                for column in 0..<full { sums[column] += Double(buffer[column]) }
                for column in full..<columns {
                    for row in 0..<16 { sums[column] += Double(first[row * stride + column]) }
                }
                row += 16
            }
            while row < count {
                let last = input + row * stride
                for column in 0..<columns { sums[column] += Double(last[column]) }
                row += 1
            }
            start += columns
        }
    }
}

@inline(__always)
private func sumOfEight<V: Vector>(_ input: UnsafePointer<V.Element>, _ stride: Int) -> V {
    let (a, b) = (V(at: input), V(at: input + stride))
    let (c, d) = (V(at: input + 2 * stride), V(at: input + 3 * stride))
    let (e, f) = (V(at: input + 4 * stride), V(at: input + 5 * stride))
    let (g, h) = (V(at: input + 6 * stride), V(at: input + 7 * stride))
    return ((a + b) + (c + d)) + ((e + f) + (g + h))
}

/// Sixteen vectors become one; as soon as there are enough of these, they are summed as rows.
private func sumRun(_ input: UnsafePointer<Float>, _ count: Int) -> Double {
    typealias V = FloatVector
    let lanes = V.lanes
    return withUnsafeTemporaryAllocation(of: Float.self, capacity: 16 * tile) { buffer in
        withSums { sums in
            let buffer = buffer.baseAddress!
            let zero = V(repeating: 0)
            var (i, used) = (0, 0)
            while i + 16 * lanes <= count {
                var (a, b, c, d) = (zero, zero, zero, zero)
                for _ in 0..<4 {
                    a = a + V(at: input + i)
                    b = b + V(at: input + i + lanes)
                    c = c + V(at: input + i + 2 * lanes)
                    d = d + V(at: input + i + 3 * lanes)
                    i += 4 * lanes
                }
                ((a + b) + (c + d)).store(at: buffer + used)
                used += lanes
                if used == 16 * tile {
                    addUp(buffer, 16, tile, tile, to: sums)
                    used = 0
                }
            }
            addUp(buffer, used / lanes, lanes, lanes, to: sums)
            let rest = (count - i) / lanes
            addUp(input + i, rest, lanes, lanes, to: sums)
            for position in i + rest * lanes..<count {
                sums[position - i - rest * lanes] += Double(input[position])
            }
            var total = (0.0, 0.0, 0.0, 0.0)
            for column in 0..<tile / 4 {
                total.0 += sums[4 * column]
                total.1 += sums[4 * column + 1]
                total.2 += sums[4 * column + 2]
                total.3 += sums[4 * column + 3]
            }
            return (total.0 + total.1) + (total.2 + total.3)
        }
    }
}

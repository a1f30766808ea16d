import KernelInterface

// Long sums of `float32`, added up in `float64`: rounding takes no digit of the result. Loops over
// scalars, for the compiler to vectorise, in an order that no instruction set changes.

extension Kernels {
    public static func sumRowsInDouble(
        _ input: UnsafePointer<Float>, _ count: Int, _ stride: Int, _ width: Int,
        _ output: UnsafeMutablePointer<Double>
    ) {
        guard stride == width, width > 0, width <= narrow / 2 else {
            return sumRows(input, count, stride, width, output)
        }
        // Narrow rows that lie one after the other are taken as fewer wide ones.
        let group = narrow / width
        let wide = group * width
        withUnsafeTemporaryAllocation(of: Double.self, capacity: narrow) { sums in
            let sums = sums.baseAddress!
            sumRows(input, count / group, wide, wide, sums)
            let rest = count - count / group * group
            sumRows(input + (count - rest) * width, rest, width, width, output)
            for row in 0..<group {
                for column in 0..<width { output[column] += sums[row * width + column] }
            }
        }
    }

    public static func sumRunsInDouble(
        _ input: UnsafePointer<Float>, _ rows: Int, _ count: Int,
        _ output: UnsafeMutablePointer<Double>
    ) {
        for row in 0..<rows { sumRowsInDouble(input + row * count, count, 1, 1, output + row) }
    }
}

/// Columns that a row needs for its loop to be worth its beginning and end.
private let narrow = 64

/// Four rows at a time, so that the sums are seldom read and written.
@inline(__always)
private func sumRows(
    _ input: UnsafePointer<Float>, _ count: Int, _ stride: Int, _ width: Int,
    _ output: UnsafeMutablePointer<Double>
) {
    for column in 0..<width { output[column] = 0 }
    var row = 0
    while row + 4 <= count {
        let first = input + row * stride
        let (second, third, fourth) = (first + stride, first + 2 * stride, first + 3 * stride)
        for column in 0..<width {
            output[column] +=
                (Double(first[column]) + Double(second[column]))
                + (Double(third[column]) + Double(fourth[column]))
        }
        row += 4
    }
    while row < count {
        let last = input + row * stride
        for column in 0..<width { output[column] += Double(last[column]) }
        row += 1
    }
}

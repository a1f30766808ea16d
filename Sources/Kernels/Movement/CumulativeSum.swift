import KernelInterface

extension Kernels {
    public static func cumulativeSum(
        _ type: DataType, _ outer: Int, _ count: Int, _ inner: Int, _ reversed: Bool,
        _ exclusive: Bool, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
    ) {
        let axis = Axis(
            outer: outer, count: count, inner: inner, isReversed: reversed, isExclusive: exclusive)
        switch type {
        case .float32:
            // In double precision, so that the last of many sums is as accurate as the first.
            accumulate(
                axis, input, output, from: 0.0, adding: { $0 + Double($1) }, sum: { Float($0) })
        case .float64:
            accumulate(
                axis, input, output, from: 0.0, adding: { $0 + $1 },
                sum: { (total: Double) in total })
        default:
            accumulate(
                axis, input, output, from: 0, adding: { $0 &+ $1 }, sum: { (total: Int32) in total }
            )
        }
    }
}

private struct Axis {
    let outer: Int
    let count: Int
    let inner: Int
    let isReversed: Bool
    let isExclusive: Bool
}

/// The number of columns whose totals are kept at a time.
private let columns = 512

@inline(__always)
private func accumulate<Element, Total>(
    _ axis: Axis, _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer, from zero: Total,
    adding: (Total, Element) -> Total, sum: (Total) -> Element
) {
    let input = input.assumingMemoryBound(to: Element.self)
    let output = output.assumingMemoryBound(to: Element.self)
    let step = axis.isReversed ? -axis.inner : axis.inner
    for row in 0..<axis.outer {
        var first = (row * axis.count + (axis.isReversed ? axis.count - 1 : 0)) * axis.inner
        if axis.inner == 1 {
            var total = zero
            for _ in 0..<axis.count {
                let next = adding(total, input[first])
                output[first] = sum(axis.isExclusive ? total : next)
                total = next
                first += step
            }
            continue
        }
        withUnsafeTemporaryAllocation(of: Total.self, capacity: columns) { totals in
            let totals = totals.baseAddress!
            var column = 0
            while column < axis.inner {
                let width = min(columns, axis.inner - column)
                for index in 0..<width { totals[index] = zero }
                var (source, target) = (input + first + column, output + first + column)
                for _ in 0..<axis.count {
                    for index in 0..<width {
                        let total = totals[index]
                        let next = adding(total, source[index])
                        target[index] = sum(axis.isExclusive ? total : next)
                        totals[index] = next
                    }
                    source += step
                    target += step
                }
                column += width
            }
        }
    }
}

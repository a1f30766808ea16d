extension Kernels {
    public static func copyStrided(
        _ size: Int, _ shape: [Int], _ strides: [Int],
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
    ) {
        switch size {
        case 1: copy(UInt8.self, shape[...], strides[...], input, output)
        case 2: copy(UInt16.self, shape[...], strides[...], input, output)
        case 4: copy(UInt32.self, shape[...], strides[...], input, output)
        default: copy(UInt64.self, shape[...], strides[...], input, output)
        }
    }
}

@inline(__always)
private func copy<Element>(
    _: Element.Type, _ shape: ArraySlice<Int>, _ strides: ArraySlice<Int>,
    _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
) {
    let source = input.assumingMemoryBound(to: Element.self)
    let target = output.assumingMemoryBound(to: Element.self)
    let rank = shape.count
    let columns = rank > 0 ? shape[shape.startIndex + rank - 1] : 1
    let columnStride = rank > 0 ? strides[strides.startIndex + rank - 1] : 1
    let rows = rank > 1 ? shape[shape.startIndex + rank - 2] : 1
    let rowStride = rank > 1 ? strides[strides.startIndex + rank - 2] : 0
    let outer = shape.dropLast(2)
    let planes = outer.reduce(1, *)
    for plane in 0..<planes {
        var rest = plane
        var offset = 0
        for axis in outer.indices.reversed() {
            offset += rest % shape[axis] * strides[axis]
            rest /= shape[axis]
        }
        copyPlane(
            source + offset, target + plane * rows * columns, rows: rows, columns: columns,
            rowStride: rowStride, columnStride: columnStride)
    }
}

/// A matrix, in squares small enough that both sides stay in the first-level cache.
@inline(__always)
private func copyPlane<Element>(
    _ source: UnsafePointer<Element>, _ target: UnsafeMutablePointer<Element>,
    rows: Int, columns: Int, rowStride: Int, columnStride: Int
) {
    let side = columnStride == 1 ? max(columns, 1) : 32
    for firstRow in stride(from: 0, to: rows, by: 32) {
        let rowEnd = min(rows, firstRow + 32)
        for firstColumn in stride(from: 0, to: columns, by: side) {
            let columnEnd = min(columns, firstColumn + side)
            for row in firstRow..<rowEnd {
                for column in firstColumn..<columnEnd {
                    target[row * columns + column] =
                        source[row * rowStride + column * columnStride]
                }
            }
        }
    }
}

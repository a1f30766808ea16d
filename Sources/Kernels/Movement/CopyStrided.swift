extension Kernels {
    public static func copyStrided(
        _ size: Int, _ shape: [Int], _ inputStrides: [Int], _ outputStrides: [Int],
        _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
    ) {
        switch size {
        case 1: copy(UInt8.self, shape, inputStrides, outputStrides, input, output)
        case 2: copy(UInt16.self, shape, inputStrides, outputStrides, input, output)
        case 4: copy(UInt32.self, shape, inputStrides, outputStrides, input, output)
        default: copy(UInt64.self, shape, inputStrides, outputStrides, input, output)
        }
    }
}

@inline(__always)
private func copy<Element>(
    _: Element.Type, _ shape: [Int], _ inputStrides: [Int], _ outputStrides: [Int],
    _ input: UnsafeRawPointer, _ output: UnsafeMutableRawPointer
) {
    let source = input.assumingMemoryBound(to: Element.self)
    let target = output.assumingMemoryBound(to: Element.self)
    let rank = shape.count
    guard rank > 0 else {
        target.pointee = source.pointee
        return
    }
    let plane = Plane(
        rows: rank > 1 ? shape[rank - 2] : 1, columns: shape[rank - 1],
        from: (rank > 1 ? inputStrides[rank - 2] : 0, inputStrides[rank - 1]),
        to: (rank > 1 ? outputStrides[rank - 2] : 0, outputStrides[rank - 1]))
    let outer = shape.dropLast(2)
    for index in 0..<outer.reduce(1, *) {
        var (rest, read, write) = (index, 0, 0)
        for axis in outer.indices.reversed() {
            let position = rest % shape[axis]
            rest /= shape[axis]
            read += position * inputStrides[axis]
            write += position * outputStrides[axis]
        }
        plane.copy(source + read, target + write)
    }
}

/// A matrix, and the distances between its rows and columns on both sides.
private struct Plane {
    let rows: Int
    let columns: Int
    let from: (row: Int, column: Int)
    let to: (row: Int, column: Int)

    @inline(__always)
    func copy<Element>(
        _ source: UnsafePointer<Element>, _ target: UnsafeMutablePointer<Element>
    ) {
        if from.column == 1 && to.column == 1 {
            for row in 0..<rows {
                let (source, target) = (source + row * from.row, target + row * to.row)
                if columns >= 16 {
                    target.update(from: source, count: columns)
                } else {
                    for column in 0..<columns { target[column] = source[column] }
                }
            }
            return
        }
        // Columns that are far apart in squares small enough that both sides stay in the
        // first-level cache.
        let isNear = max(abs(from.column), abs(to.column)) <= 4
        let side = isNear ? max(columns, 1) : 32
        for firstRow in stride(from: 0, to: rows, by: 32) {
            let rowEnd = min(rows, firstRow + 32)
            for firstColumn in stride(from: 0, to: columns, by: side) {
                let columnEnd = min(columns, firstColumn + side)
                for row in firstRow..<rowEnd {
                    let (source, target) = (source + row * from.row, target + row * to.row)
                    for column in firstColumn..<columnEnd {
                        target[column * to.column] = source[column * from.column]
                    }
                }
            }
        }
    }
}

import KernelInterface

extension Kernels {
    public static func correlationTile(_ type: DataType, _ filters: Int) -> Size2D {
        @inline(__always)
        func tile<V: Vector>(_: V.Type) -> Size2D {
            isFlat(V.self, filters)
                ? Size2D(
                    height: FlatCorrelationTile<V>.rows, width: FlatCorrelationTile<V>.columns)
                : Size2D(height: CorrelationTile<RunOfOne<V>>.rows, width: V.lanes)
        }
        return type == .float32 ? tile(FloatVector.self) : tile(DoubleVector.self)
    }

    public static func packFilter(
        _ type: DataType, _ filters: Int, _ depth: Int,
        _ filter: UnsafeRawPointer, _ rowStride: Int, _ offsets: UnsafePointer<Int>,
        _ output: UnsafeMutableRawPointer
    ) {
        let rows = correlationTile(type, filters).height
        @inline(__always)
        func pack<Element: FloatingElement>(_: Element.Type) {
            let filter = filter.assumingMemoryBound(to: Element.self)
            let output = output.assumingMemoryBound(to: Element.self)
            for start in stride(from: 0, to: filters, by: rows) {
                let filled = min(rows, filters - start)
                let panel = output + start * depth
                for index in 0..<depth {
                    let source = filter + start * rowStride + offsets[index]
                    let target = panel + index * rows
                    for row in 0..<filled { target[row] = source[row * rowStride] }
                    for row in filled..<rows { target[row] = 0 }
                }
            }
        }
        if type == .float32 { pack(Float.self) } else { pack(Double.self) }
    }

    public static func correlate(
        _ type: DataType, _ filters: Int, _ positions: Int, _ depth: Int,
        _ packedFilter: UnsafeRawPointer, _ source: UnsafeRawPointer,
        _ offsets: UnsafePointer<Int>, _ output: UnsafeMutableRawPointer, _ outputStride: Int
    ) {
        @inline(__always)
        func correlate<V: Vector>(_: V.Type) {
            let packedFilter = packedFilter.assumingMemoryBound(to: V.Element.self)
            let source = source.assumingMemoryBound(to: V.Element.self)
            let output = output.assumingMemoryBound(to: V.Element.self)
            if isFlat(V.self, filters) {
                for position in stride(
                    from: 0, to: positions, by: FlatCorrelationTile<V>.columns)
                {
                    for row in stride(from: 0, to: filters, by: FlatCorrelationTile<V>.rows) {
                        FlatCorrelationTile<V>.correlate(
                            packedFilter + row * depth, source + position, offsets, depth: depth,
                            into: output + row * outputStride + position, stride: outputStride)
                    }
                }
            } else {
                var position = 0
                while position < positions {
                    let remaining = positions - position
                    if remaining > 2 * V.lanes {
                        correlateRows(RunOfThree<V>.self, at: position)
                        position += 3 * V.lanes
                    } else if remaining > V.lanes {
                        correlateRows(RunOfTwo<V>.self, at: position)
                        position += 2 * V.lanes
                    } else {
                        correlateRows(RunOfOne<V>.self, at: position)
                        position += V.lanes
                    }
                }
            }
            @inline(__always)
            func correlateRows<Group: VectorRun>(_: Group.Type, at position: Int)
            where Group.Element == V.Element {
                typealias Tile = CorrelationTile<Group>
                for row in stride(from: 0, to: filters, by: Tile.rows) {
                    Tile.correlate(
                        packedFilter + row * depth, source + position, offsets, depth: depth,
                        into: output + row * outputStride + position, stride: outputStride)
                }
            }
        }
        if type == .float32 {
            correlate(FloatVector.self)
        } else {
            correlate(DoubleVector.self)
        }
    }

    /// Whether there are so few filters that flat tiles waste less computation.
    @inline(__always)
    private static func isFlat<V: Vector>(_: V.Type, _ filters: Int) -> Bool {
        filters <= CorrelationTile<RunOfOne<V>>.rows / 2
    }
}

import KernelInterface

/// The matrix product by packed panels (Goto and van de Geijn, "Anatomy of High-Performance
/// Matrix Multiplication", 2008).
///
/// A block of the right factor is copied into panels a register tile wide, a block of the left
/// into panels a tile high, so that the inner kernel reads both from the front to the back; the
/// blocks are sized for the second- and third-level caches. How an element of the result is
/// summed depends on the depth of the product alone.
enum PackedProduct<V: Vector> {
    typealias Element = V.Element
    typealias Tile = RegisterTile<V>

    /// A factor's element (row, column) is at `row * rowStride + column * columnStride`.
    struct Factor {
        let elements: UnsafePointer<Element>
        let rowStride: Int
        let columnStride: Int
    }

    /// A part of the result, row-major.
    struct Result {
        let elements: UnsafeMutablePointer<Element>
        let stride: Int
    }

    @inline(__always) static var mostDepth: Int { 384 }
    @inline(__always) static var mostRows: Int { 192 }
    @inline(__always) static var mostColumns: Int { 1024 }

    /// Elements of workspace: both packed blocks and a tile for the edges.
    @inline(__always) static var workspace: Int {
        mostDepth * (mostRows + Tile.rows) + mostDepth * (mostColumns + Tile.columns)
            + Tile.rows * Tile.columns
    }

    @inline(__always)
    static func multiply(
        rows: Int, columns: Int, depth: Int, _ left: Factor, _ right: Factor, _ result: Result,
        accumulating: Bool, workspace: UnsafeMutablePointer<Element>
    ) {
        guard depth > 0 else {
            if !accumulating { clear(result, rows: rows, columns: columns) }
            return
        }
        let packedRight = workspace
        let packedLeft = packedRight + mostDepth * (mostColumns + Tile.columns)
        let edge = packedLeft + mostDepth * (mostRows + Tile.rows)
        let depthBlock = evenly(depth, atMost: mostDepth, multipleOf: 1)
        let rowBlock = evenly(rows, atMost: mostRows, multipleOf: Tile.rows)
        let columnBlock = evenly(columns, atMost: mostColumns, multipleOf: Tile.columns)

        for column in stride(from: 0, to: columns, by: columnBlock) {
            let width = min(columnBlock, columns - column)
            for start in stride(from: 0, to: depth, by: depthBlock) {
                let length = min(depthBlock, depth - start)
                pack(
                    right.elements + start * right.rowStride + column * right.columnStride,
                    alongStride: right.rowStride, acrossStride: right.columnStride,
                    length: length, width: width, panel: Tile.columns, into: packedRight)
                for row in stride(from: 0, to: rows, by: rowBlock) {
                    let height = min(rowBlock, rows - row)
                    pack(
                        left.elements + row * left.rowStride + start * left.columnStride,
                        alongStride: left.columnStride, acrossStride: left.rowStride,
                        length: length, width: height, panel: Tile.rows, into: packedLeft)
                    multiplyBlocks(
                        packedLeft, packedRight, height: height, width: width, length: length,
                        into: result.elements + row * result.stride + column,
                        stride: result.stride, accumulating: accumulating || start > 0, edge: edge)
                }
            }
        }
    }

    /// All tiles of the product of two packed blocks.
    @inline(__always)
    private static func multiplyBlocks(
        _ left: UnsafePointer<Element>, _ right: UnsafePointer<Element>,
        height: Int, width: Int, length: Int,
        into result: UnsafeMutablePointer<Element>, stride: Int, accumulating: Bool,
        edge: UnsafeMutablePointer<Element>
    ) {
        var column = 0
        while column < width {
            var row = 0
            while row < height {
                let isWhole = column + Tile.columns <= width && row + Tile.rows <= height
                let target = result + row * stride + column
                Tile.multiply(
                    Tile.WholeRows<TwoVectors<V>>.self, depth: length,
                    left + row * length, rowStride: 1, depthStride: Tile.rows,
                    right + column * length, rightStride: Tile.columns,
                    into: isWhole ? target : edge, stride: isWhole ? stride : Tile.columns,
                    accumulating: isWhole && accumulating)
                if !isWhole {
                    copyEdge(
                        edge, rows: min(Tile.rows, height - row),
                        columns: min(Tile.columns, width - column),
                        into: target, stride: stride, accumulating: accumulating)
                }
                row += Tile.rows
            }
            column += Tile.columns
        }
    }

    @inline(__always)
    private static func copyEdge(
        _ edge: UnsafePointer<Element>, rows: Int, columns: Int,
        into result: UnsafeMutablePointer<Element>, stride: Int, accumulating: Bool
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                let value = edge[row * Tile.columns + column]
                result[row * stride + column] =
                    accumulating ? result[row * stride + column] + value : value
            }
        }
    }

    /// Copies a block into panels of `panel` elements across and `length` along, the missing
    /// part of the last one filled with zeros.
    @inline(__always)
    private static func pack(
        _ source: UnsafePointer<Element>, alongStride: Int, acrossStride: Int,
        length: Int, width: Int, panel: Int, into target: UnsafeMutablePointer<Element>
    ) {
        var target = target
        for start in stride(from: 0, to: width, by: panel) {
            let source = source + start * acrossStride
            let filled = min(panel, width - start)
            if filled < panel {
                for along in 0..<length {
                    for across in 0..<panel {
                        target[along * panel + across] =
                            across < filled
                            ? source[along * alongStride + across * acrossStride] : 0
                    }
                }
            } else if acrossStride == 1 {
                for along in 0..<length {
                    (target + along * panel).update(
                        from: source + along * alongStride, count: panel)
                }
            } else if alongStride == 1 {
                for along in 0..<length {
                    for across in 0..<panel {
                        target[along * panel + across] = source[across * acrossStride + along]
                    }
                }
            } else {
                for along in 0..<length {
                    for across in 0..<panel {
                        target[along * panel + across] =
                            source[along * alongStride + across * acrossStride]
                    }
                }
            }
            target += panel * length
        }
    }

    @inline(__always)
    private static func clear(_ result: Result, rows: Int, columns: Int) {
        for row in 0..<rows {
            (result.elements + row * result.stride).update(repeating: 0, count: columns)
        }
    }

    /// The size of the fewest equal blocks, none larger than `most`, rounded up to a multiple.
    @inline(__always)
    private static func evenly(_ size: Int, atMost most: Int, multipleOf multiple: Int) -> Int {
        let blocks = max(1, (size + most - 1) / most)
        let block = (size + blocks - 1) / blocks
        return (block + multiple - 1) / multiple * multiple
    }
}

extension Kernels {
    public static func multiply(
        _ type: DataType, _ rows: Int, _ columns: Int, _ depth: Int,
        _ left: UnsafeRawPointer, _ leftRowStride: Int, _ leftColumnStride: Int,
        _ right: UnsafeRawPointer, _ rightRowStride: Int, _ rightColumnStride: Int,
        _ result: UnsafeMutableRawPointer, _ resultStride: Int,
        _ accumulating: Bool, _ workspace: UnsafeMutableRawPointer
    ) {
        @inline(__always)
        func multiply<V: Vector>(as _: V.Type) {
            PackedProduct<V>.multiply(
                rows: rows, columns: columns, depth: depth,
                .init(
                    elements: left.assumingMemoryBound(to: V.Element.self),
                    rowStride: leftRowStride, columnStride: leftColumnStride),
                .init(
                    elements: right.assumingMemoryBound(to: V.Element.self),
                    rowStride: rightRowStride, columnStride: rightColumnStride),
                .init(
                    elements: result.assumingMemoryBound(to: V.Element.self),
                    stride: resultStride),
                accumulating: accumulating,
                workspace: workspace.assumingMemoryBound(to: V.Element.self))
        }
        if type == .float32 {
            multiply(as: FloatVector.self)
        } else {
            multiply(as: DoubleVector.self)
        }
    }
}

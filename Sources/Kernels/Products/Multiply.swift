import KernelInterface

/// The matrix product by blocks (Goto and van de Geijn, "Anatomy of High-Performance Matrix
/// Multiplication", 2008; here with the roles of the factors exchanged, as both are row-major).
///
/// A strip of the left factor, a tile high and a block deep, stays in the first-level cache
/// while it meets all panels of a block of the right factor, a tile wide each, in the second.
/// A factor is read in place where its elements lie as the tile needs them and copying would
/// not pay. An element of the result is the sum, in order, of the partial sums over blocks of
/// the depth, each in order of the depth: it depends on the depth of the product alone.
enum BlockedProduct<V: Vector> {
    typealias Element = V.Element
    typealias Tile = RegisterTile<V>

    /// A factor's element (row, column) is at `row * rowStride + column * columnStride`.
    struct Factor {
        let elements: UnsafePointer<Element>
        let rowStride: Int
        let columnStride: Int

        @inline(__always)
        func from(row: Int, column: Int) -> Factor {
            Factor(
                elements: elements + row * rowStride + column * columnStride, rowStride: rowStride,
                columnStride: columnStride)
        }
    }

    /// A part of the result, row-major.
    struct Result {
        let elements: UnsafeMutablePointer<Element>
        let stride: Int
    }

    /// A strip of this depth is half of a first-level cache, 24 KB.
    @inline(__always) static var mostDepth: Int { 2048 / MemoryLayout<Element>.size }
    /// A block of this width is half of a second-level cache, 512 KB.
    @inline(__always) static var mostColumns: Int { 256 }
    /// How many rows of the left factor are packed at a time: whole lines of the cache, also
    /// where a row is spread over many.
    @inline(__always) static var mostRows: Int { 8 * Tile.rows }

    /// Elements of workspace: a block of the right factor with room to fill its last panel, one
    /// of the left, and a tile for the edges.
    @inline(__always) static var workspace: Int {
        mostDepth * (mostColumns + Tile.columns) + mostDepth * mostRows + Tile.rows * Tile.columns
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
        let packedLeft = workspace + mostDepth * (mostColumns + Tile.columns)
        let edge = packedLeft + mostDepth * mostRows
        let depthBlock = evenly(depth, atMost: mostDepth, multipleOf: 1)
        let columnBlock = evenly(columns, atMost: mostColumns, multipleOf: Tile.columns)
        let packsRight =
            right.columnStride != 1 || packingPays(stride: right.rowStride, uses: rows)
        let packsLeft =
            left.columnStride != 1
            && (left.rowStride != 1 || packingPays(stride: left.columnStride, uses: columns))

        for column in stride(from: 0, to: columns, by: columnBlock) {
            let width = min(columnBlock, columns - column)
            for start in stride(from: 0, to: depth, by: depthBlock) {
                let length = min(depthBlock, depth - start)
                let panels = Panels(
                    right.from(row: start, column: column), length: length, width: width,
                    packing: packsRight, into: workspace)
                for row in stride(from: 0, to: rows, by: mostRows) {
                    let block = LeftBlock(
                        left.from(row: row, column: start), height: min(mostRows, rows - row),
                        length: length, packing: packsLeft,
                        fetchingAhead: rows * depth * MemoryLayout<Element>.size > 1 << 20,
                        into: packedLeft)
                    block.multiply(
                        panels, into: result.elements + row * result.stride + column,
                        stride: result.stride, accumulating: accumulating || start > 0, edge: edge)
                }
            }
        }
    }

    /// Whether a factor that could be read in place is better copied for so many uses of each
    /// element: rows a page or more apart burden the address translation and share few sets of
    /// the caches, others only weigh when there is so much work that a copy is nothing.
    @inline(__always)
    private static func packingPays(stride: Int, uses: Int) -> Bool {
        uses > (stride * MemoryLayout<Element>.size >= 4096 ? 64 : 800)
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
            BlockedProduct<V>.multiply(
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

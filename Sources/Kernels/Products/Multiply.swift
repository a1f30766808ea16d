import KernelInterface

/// The matrix product by blocks (Goto and van de Geijn, "Anatomy of High-Performance Matrix
/// Multiplication", 2008; here with the roles of the factors exchanged, as both are row-major).
///
/// A strip of the left factor, a tile high and a block deep, stays in the first-level cache while
/// it is multiplied with all panels of a block of the right factor, each a tile wide, in the
/// second-level cache. A factor is read in place if its elements are laid out as the tile needs
/// them and copying would not pay. An element of the result is the sum, in order, of the partial
/// sums over blocks of the depth, each in order of the depth: its rounding depends on the depth of
/// the product alone.
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

    @inline(__always)
    static func multiply(
        rows: Int, columns: Int, depth: Int, _ left: Factor, _ right: Factor, _ result: Result,
        accumulating: Bool, workspace: UnsafeMutablePointer<Element>
    ) {
        guard depth > 0 else {
            if !accumulating { clear(result, rows: rows, columns: columns) }
            return
        }
        let blocking = Blocking<V>(
            rows: rows, columns: columns, depth: depth,
            leftRowStride: left.rowStride, leftColumnStride: left.columnStride,
            rightRowStride: right.rowStride, rightColumnStride: right.columnStride)
        let mostRows = Blocking<V>.mostRows
        for column in stride(from: 0, to: columns, by: blocking.columnBlock) {
            let width = min(blocking.columnBlock, columns - column)
            for start in stride(from: 0, to: depth, by: blocking.depthBlock) {
                let length = min(blocking.depthBlock, depth - start)
                let panels = Panels(
                    right.from(row: start, column: column), length: length, width: width,
                    packing: blocking.packsRight, into: workspace)
                for row in stride(from: 0, to: rows, by: mostRows) {
                    let block = LeftBlock(
                        left.from(row: row, column: start), height: min(mostRows, rows - row),
                        length: length, packing: blocking.packsLeft,
                        fetchingAhead: blocking.fetchesAhead,
                        into: workspace + blocking.rightWorkspace)
                    block.multiply(
                        panels, into: result.elements + row * result.stride + column,
                        stride: result.stride, accumulating: accumulating || start > 0)
                }
            }
        }
    }

    @inline(__always)
    private static func clear(_ result: Result, rows: Int, columns: Int) {
        for row in 0..<rows {
            (result.elements + row * result.stride).update(repeating: 0, count: columns)
        }
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

    public static func productWorkspace(
        _ type: DataType, _ rows: Int, _ columns: Int, _ depth: Int,
        _ leftRowStride: Int, _ leftColumnStride: Int,
        _ rightRowStride: Int, _ rightColumnStride: Int
    ) -> Int {
        @inline(__always)
        func workspace<V: Vector>(of _: V.Type) -> Int {
            MemoryLayout<V.Element>.size
                * Blocking<V>(
                    rows: rows, columns: columns, depth: depth,
                    leftRowStride: leftRowStride, leftColumnStride: leftColumnStride,
                    rightRowStride: rightRowStride, rightColumnStride: rightColumnStride
                ).workspace
        }
        return type == .float32
            ? workspace(of: FloatVector.self) : workspace(of: DoubleVector.self)
    }

    public static var mostProductWorkspace: Int {
        max(
            Blocking<FloatVector>.mostWorkspace * MemoryLayout<Float>.size,
            Blocking<DoubleVector>.mostWorkspace * MemoryLayout<Double>.size)
    }
}

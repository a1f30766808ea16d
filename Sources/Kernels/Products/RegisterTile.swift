/// A tile of a matrix product that stays in registers while it is summed.
///
/// For every step along the depth, the vectors of a row of the right factor are loaded once and
/// used for all rows of the tile; an element of the left factor is broadcast once and used for all
/// vectors of its row. Twelve rows of two vectors take 24 of the 32 registers of AVX-512 and NEON,
/// six rows 12 of the 16 of AVX2 and SSE. Lower and narrower tiles cover the edges.
///
/// Another kernel can sum its own tiles by creating a `Rows` type (`Tile.WholeRows` for the full
/// height), calling `add` for each step of the depth, and `store` at the end:
/// `Tile.multiply(Tile.WholeRows<TwoVectors<V>>.self, …)` does this for strided factors.
enum RegisterTile<V: Vector> {
    typealias Element = V.Element

    typealias Rows1<Row: TileRow> = SingleRow<Row>
    typealias Rows2<Row: TileRow> = StackedRows<Rows1<Row>, Rows1<Row>>
    typealias Rows4<Row: TileRow> = StackedRows<Rows2<Row>, Rows2<Row>>
    typealias Rows8<Row: TileRow> = StackedRows<Rows4<Row>, Rows4<Row>>
    #if VECTOR_512 || arch(arm64)
        typealias WholeRows<Row: TileRow> = StackedRows<Rows8<Row>, Rows4<Row>>
    #else
        typealias WholeRows<Row: TileRow> = StackedRows<Rows4<Row>, Rows2<Row>>
    #endif

    /// The size of a whole tile.
    @inline(__always) static var rows: Int { WholeRows<TwoVectors<V>>.count }
    @inline(__always) static var columns: Int { 2 * V.lanes }

    /// `result = left × right`, or `+=` when accumulating, for a tile of the height of `Rows`
    /// and the width of its row. Element (i, k) of the left factor is at
    /// `i * rowStride + k * depthStride`; row k of the right one starts at `k * rightStride`.
    @inline(__always)
    static func multiply<Rows: TileRows>(
        _: Rows.Type, depth: Int,
        _ left: UnsafePointer<Element>, rowStride: Int, depthStride: Int,
        _ right: UnsafePointer<Element>, rightStride: Int,
        into result: UnsafeMutablePointer<Element>, stride: Int, accumulating: Bool
    ) where Rows.Row.V == V {
        var sum = Rows()
        var left = left
        var right = right
        // One step at a time: unrolled, the loop would run out of the 16 registers of AVX2.
        for _ in 0..<depth {
            sum.add(left, stride: rowStride, Rows.Row(at: right))
            left += depthStride
            right += rightStride
        }
        sum.store(at: result, stride: stride, accumulating: accumulating)
    }

    /// The same for only the first `width` columns of a tile. In the right factor, only rows from
    /// `wholeRows` on lack elements after the first `width`: the others are read in full, and the
    /// extra elements have no effect.
    @inline(__always)
    static func multiplyEdge<Rows: TileRows>(
        _: Rows.Type, width: Int, depth: Int,
        _ left: UnsafePointer<Element>, rowStride: Int, depthStride: Int,
        _ right: UnsafePointer<Element>, rightStride: Int, wholeRows: Int,
        into result: UnsafeMutablePointer<Element>, stride: Int, accumulating: Bool
    ) where Rows.Row.V == V {
        var sum = Rows()
        var left = left
        var right = right
        for _ in 0..<wholeRows {
            sum.add(left, stride: rowStride, Rows.Row(at: right))
            left += depthStride
            right += rightStride
        }
        for _ in wholeRows..<depth {
            sum.add(left, stride: rowStride, Rows.Row(at: right, count: width))
            left += depthStride
            right += rightStride
        }
        sum.store(at: result, stride: stride, count: width, accumulating: accumulating)
    }
}

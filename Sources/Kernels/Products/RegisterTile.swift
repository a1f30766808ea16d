/// A tile of a matrix product that stays in registers while it is summed.
///
/// For every step along the depth, the vectors of a row of the right factor are loaded once and
/// serve all rows of the tile; an element of the left factor is broadcast once and serves all
/// vectors of its row. Twelve rows of two vectors take 24 of the 32 registers of AVX-512 and
/// NEON, six rows 12 of the 16 of AVX2 and SSE. Lower and narrower tiles make the edges.
///
/// Another kernel sums tiles of its own by making a `Rows` type (`Tile.WholeRows` for the full
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
        for _ in 0..<depth >> 2 {
            sum.add(left, stride: rowStride, Rows.Row(at: right))
            sum.add(left + depthStride, stride: rowStride, Rows.Row(at: right + rightStride))
            sum.add(
                left + 2 * depthStride, stride: rowStride, Rows.Row(at: right + 2 * rightStride))
            sum.add(
                left + 3 * depthStride, stride: rowStride, Rows.Row(at: right + 3 * rightStride))
            left += 4 * depthStride
            right += 4 * rightStride
        }
        for _ in 0..<depth & 3 {
            sum.add(left, stride: rowStride, Rows.Row(at: right))
            left += depthStride
            right += rightStride
        }
        sum.store(at: result, stride: stride, accumulating: accumulating)
    }
}

/// The vectors of one row of a tile.
protocol TileRow {
    associatedtype V: Vector
    static var count: Int { get }
    init()
    init(at address: UnsafePointer<V.Element>)
    mutating func add(_ factor: V.Element, times row: Self)
    func store(at address: UnsafeMutablePointer<V.Element>, accumulating: Bool)
}

struct OneVector<V: Vector>: TileRow {
    var vector: V

    @inline(__always) static var count: Int { V.lanes }
    @inline(__always) init() { vector = V(repeating: 0) }
    @inline(__always) init(at address: UnsafePointer<V.Element>) { vector = V(at: address) }
    @inline(__always) mutating func add(_ factor: V.Element, times row: Self) {
        vector = vector.adding(product: V(repeating: factor), row.vector)
    }
    @inline(__always)
    func store(at address: UnsafeMutablePointer<V.Element>, accumulating: Bool) {
        (accumulating ? V(at: address) + vector : vector).store(at: address)
    }
}

struct TwoVectors<V: Vector>: TileRow {
    var first: V
    var second: V

    @inline(__always) static var count: Int { 2 * V.lanes }
    @inline(__always) init() {
        first = V(repeating: 0)
        second = V(repeating: 0)
    }
    @inline(__always) init(at address: UnsafePointer<V.Element>) {
        first = V(at: address)
        second = V(at: address + V.lanes)
    }
    @inline(__always) mutating func add(_ factor: V.Element, times row: Self) {
        let factor = V(repeating: factor)
        first = first.adding(product: factor, row.first)
        second = second.adding(product: factor, row.second)
    }
    @inline(__always)
    func store(at address: UnsafeMutablePointer<V.Element>, accumulating: Bool) {
        if accumulating {
            (V(at: address) + first).store(at: address)
            (V(at: address + V.lanes) + second).store(at: address + V.lanes)
        } else {
            first.store(at: address)
            second.store(at: address + V.lanes)
        }
    }
}

/// The rows of a tile, composed of pairs: an array of them is not kept in registers, since the
/// compiler unrolls the loop over it too late.
protocol TileRows {
    associatedtype Row: TileRow
    static var count: Int { get }
    init()
    /// Adds the outer product of a column of the left factor, `stride` apart, and `row`.
    mutating func add(_ left: UnsafePointer<Row.V.Element>, stride: Int, _ row: Row)
    func store(at address: UnsafeMutablePointer<Row.V.Element>, stride: Int, accumulating: Bool)
}

struct SingleRow<Row: TileRow>: TileRows {
    var row = Row()

    @inline(__always) static var count: Int { 1 }
    @inline(__always) init() {}
    @inline(__always)
    mutating func add(_ left: UnsafePointer<Row.V.Element>, stride: Int, _ row: Row) {
        self.row.add(left[0], times: row)
    }
    @inline(__always)
    func store(at address: UnsafeMutablePointer<Row.V.Element>, stride: Int, accumulating: Bool) {
        row.store(at: address, accumulating: accumulating)
    }
}

struct StackedRows<Upper: TileRows, Lower: TileRows>: TileRows where Upper.Row == Lower.Row {
    typealias Row = Upper.Row
    var upper = Upper()
    var lower = Lower()

    @inline(__always) static var count: Int { Upper.count + Lower.count }
    @inline(__always) init() {}
    @inline(__always)
    mutating func add(_ left: UnsafePointer<Row.V.Element>, stride: Int, _ row: Row) {
        upper.add(left, stride: stride, row)
        lower.add(left + Upper.count * stride, stride: stride, row)
    }
    @inline(__always)
    func store(at address: UnsafeMutablePointer<Row.V.Element>, stride: Int, accumulating: Bool) {
        upper.store(at: address, stride: stride, accumulating: accumulating)
        lower.store(
            at: address + Upper.count * stride, stride: stride, accumulating: accumulating)
    }
}

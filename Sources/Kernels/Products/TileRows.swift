/// The vectors of one row of a tile.
protocol TileRow {
    associatedtype V: Vector
    static var count: Int { get }
    init()
    init(at address: UnsafePointer<V.Element>)
    /// Loads only the first `count` elements; the others are zero.
    init(at address: UnsafePointer<V.Element>, count: Int)
    mutating func add(_ factor: V.Element, times row: Self)
    func store(at address: UnsafeMutablePointer<V.Element>, accumulating: Bool)
    /// Stores only the first `count` elements.
    func store(at address: UnsafeMutablePointer<V.Element>, count: Int, accumulating: Bool)
}

extension TileRow {
    @inline(__always)
    init(at address: UnsafePointer<V.Element>, count: Int) {
        self.init()
        withUnsafeMutableBytes(of: &self) {
            copyFew(address, $0.baseAddress!.assumingMemoryBound(to: V.Element.self), count: count)
        }
    }

    @inline(__always)
    func store(at address: UnsafeMutablePointer<V.Element>, count: Int, accumulating: Bool) {
        var row = self
        if accumulating { row.add(1, times: Self(at: address, count: count)) }
        withUnsafeBytes(of: row) {
            copyFew($0.baseAddress!.assumingMemoryBound(to: V.Element.self), address, count: count)
        }
    }
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

/// The rows of a tile, composed of pairs: an array is not kept in registers, since the compiler
/// unrolls the loop over it too late.
protocol TileRows {
    associatedtype Row: TileRow
    static var count: Int { get }
    init()
    /// Adds the outer product of `row` and a column of the left factor with the given stride.
    mutating func add(_ left: UnsafePointer<Row.V.Element>, stride: Int, _ row: Row)
    func store(at address: UnsafeMutablePointer<Row.V.Element>, stride: Int, accumulating: Bool)
    /// Stores only the first `count` columns.
    func store(
        at address: UnsafeMutablePointer<Row.V.Element>, stride: Int, count: Int,
        accumulating: Bool)
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
    @inline(__always)
    func store(
        at address: UnsafeMutablePointer<Row.V.Element>, stride: Int, count: Int,
        accumulating: Bool
    ) {
        row.store(at: address, count: count, accumulating: accumulating)
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
    @inline(__always)
    func store(
        at address: UnsafeMutablePointer<Row.V.Element>, stride: Int, count: Int,
        accumulating: Bool
    ) {
        upper.store(at: address, stride: stride, count: count, accumulating: accumulating)
        lower.store(
            at: address + Upper.count * stride, stride: stride, count: count,
            accumulating: accumulating)
    }
}

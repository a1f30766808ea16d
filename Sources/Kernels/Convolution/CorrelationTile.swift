import KernelInterface

/// The inner kernel of a correlation: outputs of some rows (filters) at consecutive positions,
/// which stay in registers while the depth (channels and places of the filter) is summed.
///
/// The positions are the lanes. A row of the right factor is not packed: it is the laid-out
/// picture itself from some offset on, so that the places of a filter share what they overlap
/// in. Eight rows of three vectors, because layers tend to have multiples of eight filters; two
/// rows of eight vectors where there are few filters.
enum CorrelationTile<V: Vector> {
    #if VECTOR_512 || arch(arm64)
        @inline(__always) static var rows: Int { 8 }
    #else
        @inline(__always) static var rows: Int { 4 }
    #endif
    @inline(__always) static var columns: Int { 3 * V.lanes }

    @inline(__always)
    static func correlate(
        _ filter: UnsafePointer<V.Element>, _ source: UnsafePointer<V.Element>,
        _ offsets: UnsafePointer<Int>, depth: Int,
        into result: UnsafeMutablePointer<V.Element>, stride: Int
    ) {
        var upper = FourRows<V>()
        #if VECTOR_512 || arch(arm64)
            var lower = FourRows<V>()
        #endif
        var filter = filter
        for index in 0..<depth {
            let source = source + offsets[index]
            let first = V(at: source)
            let second = V(at: source + V.lanes)
            let third = V(at: source + 2 * V.lanes)
            upper.add(filter, first, second, third)
            #if VECTOR_512 || arch(arm64)
                lower.add(filter + 4, first, second, third)
            #endif
            filter += rows
        }
        upper.store(at: result, stride: stride)
        #if VECTOR_512 || arch(arm64)
            lower.store(at: result + 4 * stride, stride: stride)
        #endif
    }
}

/// The tile for few filters: an element of the picture serves few of them, so there is one load
/// for two multiply-adds, which is what the processor can do.
enum FlatCorrelationTile<V: Vector> {
    @inline(__always) static var rows: Int { 2 }
    #if VECTOR_512 || arch(arm64)
        @inline(__always) static var columns: Int { 8 * V.lanes }
    #else
        @inline(__always) static var columns: Int { 4 * V.lanes }
    #endif

    @inline(__always)
    static func correlate(
        _ filter: UnsafePointer<V.Element>, _ source: UnsafePointer<V.Element>,
        _ offsets: UnsafePointer<Int>, depth: Int,
        into result: UnsafeMutablePointer<V.Element>, stride: Int
    ) {
        var left = TwoRows<V>()
        #if VECTOR_512 || arch(arm64)
            var right = TwoRows<V>()
        #endif
        var filter = filter
        for index in 0..<depth {
            let source = source + offsets[index]
            let (first, second) = (V(repeating: filter[0]), V(repeating: filter[1]))
            left.add(first, second, source)
            #if VECTOR_512 || arch(arm64)
                right.add(first, second, source + 4 * V.lanes)
            #endif
            filter += rows
        }
        left.store(at: result, stride: stride)
        #if VECTOR_512 || arch(arm64)
            right.store(at: result + 4 * V.lanes, stride: stride)
        #endif
    }
}

// Rows and vectors are named one by one because an array of them is not kept in registers: the
// compiler unrolls the loop over it too late.

private struct FourRows<V: Vector> {
    var row0 = ThreeVectors<V>()
    var row1 = ThreeVectors<V>()
    var row2 = ThreeVectors<V>()
    var row3 = ThreeVectors<V>()

    @inline(__always) init() {}

    @inline(__always)
    mutating func add(_ filter: UnsafePointer<V.Element>, _ first: V, _ second: V, _ third: V) {
        row0.add(filter[0], first, second, third)
        row1.add(filter[1], first, second, third)
        row2.add(filter[2], first, second, third)
        row3.add(filter[3], first, second, third)
    }

    @inline(__always)
    func store(at result: UnsafeMutablePointer<V.Element>, stride: Int) {
        row0.store(at: result)
        row1.store(at: result + stride)
        row2.store(at: result + 2 * stride)
        row3.store(at: result + 3 * stride)
    }
}

private struct ThreeVectors<V: Vector> {
    var first = V(repeating: 0)
    var second = V(repeating: 0)
    var third = V(repeating: 0)

    @inline(__always) init() {}

    @inline(__always)
    mutating func add(_ factor: V.Element, _ a: V, _ b: V, _ c: V) {
        let factor = V(repeating: factor)
        first = first.adding(product: factor, a)
        second = second.adding(product: factor, b)
        third = third.adding(product: factor, c)
    }

    @inline(__always)
    func store(at target: UnsafeMutablePointer<V.Element>) {
        first.store(at: target)
        second.store(at: target + V.lanes)
        third.store(at: target + 2 * V.lanes)
    }
}

private struct TwoRows<V: Vector> {
    var upper = FourVectors<V>()
    var lower = FourVectors<V>()

    @inline(__always) init() {}

    @inline(__always)
    mutating func add(_ first: V, _ second: V, _ source: UnsafePointer<V.Element>) {
        let (a, b) = (V(at: source), V(at: source + V.lanes))
        let (c, d) = (V(at: source + 2 * V.lanes), V(at: source + 3 * V.lanes))
        upper.add(first, a, b, c, d)
        lower.add(second, a, b, c, d)
    }

    @inline(__always)
    func store(at result: UnsafeMutablePointer<V.Element>, stride: Int) {
        upper.store(at: result)
        lower.store(at: result + stride)
    }
}

private struct FourVectors<V: Vector> {
    var first = V(repeating: 0)
    var second = V(repeating: 0)
    var third = V(repeating: 0)
    var fourth = V(repeating: 0)

    @inline(__always) init() {}

    @inline(__always)
    mutating func add(_ factor: V, _ a: V, _ b: V, _ c: V, _ d: V) {
        first = first.adding(product: factor, a)
        second = second.adding(product: factor, b)
        third = third.adding(product: factor, c)
        fourth = fourth.adding(product: factor, d)
    }

    @inline(__always)
    func store(at target: UnsafeMutablePointer<V.Element>) {
        first.store(at: target)
        second.store(at: target + V.lanes)
        third.store(at: target + 2 * V.lanes)
        fourth.store(at: target + 3 * V.lanes)
    }
}

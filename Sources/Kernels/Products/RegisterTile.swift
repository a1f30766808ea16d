/// The inner kernel of the matrix product: a tile of the result that stays in registers.
///
/// `rows × 2` vectors accumulate, so that one load of a row of the right factor and one
/// broadcast of an element of the left serve many multiply-adds: 12 × 2 of the 32 registers
/// of AVX-512 and NEON, 6 × 2 of the 16 of AVX2 and SSE.
enum RegisterTile<V: Vector> {
    #if VECTOR_512 || arch(arm64)
        @inline(__always) static var rows: Int { 12 }
    #else
        @inline(__always) static var rows: Int { 6 }
    #endif
    @inline(__always) static var columns: Int { 2 * V.lanes }

    /// The product of a packed panel of the left factor (`depth` columns of `rows` elements)
    /// and one of the right factor (`depth` rows of `columns` elements), written to `result`
    /// or added to it.
    @inline(__always)
    static func multiply(
        _ left: UnsafePointer<V.Element>, _ right: UnsafePointer<V.Element>, depth: Int,
        into result: UnsafeMutablePointer<V.Element>, stride: Int, accumulating: Bool
    ) {
        var upper = SixRows<V>()
        #if VECTOR_512 || arch(arm64)
            var lower = SixRows<V>()
        #endif
        var left = left
        var right = right
        for _ in 0..<depth {
            let first = V(at: right)
            let second = V(at: right + V.lanes)
            upper.add(left, first, second)
            #if VECTOR_512 || arch(arm64)
                lower.add(left + 6, first, second)
            #endif
            left += rows
            right += columns
        }
        upper.store(at: result, stride: stride, accumulating: accumulating)
        #if VECTOR_512 || arch(arm64)
            lower.store(at: result + 6 * stride, stride: stride, accumulating: accumulating)
        #endif
    }
}

/// Six rows of two vectors. Named one by one because an array of them is not kept in
/// registers: the compiler unrolls the loop over it too late.
private struct SixRows<V: Vector> {
    var row0 = PairOfVectors<V>()
    var row1 = PairOfVectors<V>()
    var row2 = PairOfVectors<V>()
    var row3 = PairOfVectors<V>()
    var row4 = PairOfVectors<V>()
    var row5 = PairOfVectors<V>()

    @inline(__always) init() {}

    @inline(__always)
    mutating func add(_ left: UnsafePointer<V.Element>, _ first: V, _ second: V) {
        row0.add(left[0], first, second)
        row1.add(left[1], first, second)
        row2.add(left[2], first, second)
        row3.add(left[3], first, second)
        row4.add(left[4], first, second)
        row5.add(left[5], first, second)
    }

    @inline(__always)
    func store(at result: UnsafeMutablePointer<V.Element>, stride: Int, accumulating: Bool) {
        row0.store(at: result, accumulating: accumulating)
        row1.store(at: result + stride, accumulating: accumulating)
        row2.store(at: result + 2 * stride, accumulating: accumulating)
        row3.store(at: result + 3 * stride, accumulating: accumulating)
        row4.store(at: result + 4 * stride, accumulating: accumulating)
        row5.store(at: result + 5 * stride, accumulating: accumulating)
    }
}

private struct PairOfVectors<V: Vector> {
    var first = V(repeating: 0)
    var second = V(repeating: 0)

    @inline(__always) init() {}

    @inline(__always)
    mutating func add(_ factor: V.Element, _ a: V, _ b: V) {
        let factor = V(repeating: factor)
        first = first.adding(product: factor, a)
        second = second.adding(product: factor, b)
    }

    @inline(__always)
    func store(at target: UnsafeMutablePointer<V.Element>, accumulating: Bool) {
        if accumulating {
            (V(at: target) + first).store(at: target)
            (V(at: target + V.lanes) + second).store(at: target + V.lanes)
        } else {
            first.store(at: target)
            second.store(at: target + V.lanes)
        }
    }
}

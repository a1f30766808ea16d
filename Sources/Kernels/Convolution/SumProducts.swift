import KernelInterface

extension Kernels {
    public static func sumProducts(
        _ type: DataType, _ rows: Int, _ columns: Int, _ count: Int,
        _ left: UnsafeRawPointer, _ leftStride: Int,
        _ right: UnsafeRawPointer, _ rightOffsets: UnsafePointer<Int>,
        _ result: UnsafeMutableRawPointer, _ resultStride: Int
    ) {
        @inline(__always)
        func sum<V: Vector>(_: V.Type) {
            let left = left.assumingMemoryBound(to: V.Element.self)
            let right = right.assumingMemoryBound(to: V.Element.self)
            let result = result.assumingMemoryBound(to: V.Element.self)
            for row in stride(from: 0, to: rows, by: InnerProductTile<V>.rows) {
                for column in stride(from: 0, to: columns, by: InnerProductTile<V>.columns) {
                    InnerProductTile<V>.add(
                        left + row * leftStride, stride: leftStride,
                        rows: min(InnerProductTile<V>.rows, rows - row),
                        right, rightOffsets + column,
                        columns: min(InnerProductTile<V>.columns, columns - column),
                        count: count,
                        to: result + row * resultStride + column, stride: resultStride)
                }
            }
        }
        if type == .float32 { sum(FloatVector.self) } else { sum(DoubleVector.self) }
    }
}

/// Inner products of some rows with some others, summed in registers: a vector for each pair,
/// which are only added up at the end, so that neither side has to be transposed.
private enum InnerProductTile<V: Vector> {
    #if VECTOR_512 || arch(arm64)
        @inline(__always) static var rows: Int { 4 }
        @inline(__always) static var columns: Int { 6 }
    #else
        @inline(__always) static var rows: Int { 2 }
        @inline(__always) static var columns: Int { 4 }
    #endif

    /// Rows and columns that the tile has but the result has not are computed from the last
    /// that it has, and left out.
    @inline(__always)
    static func add(
        _ left: UnsafePointer<V.Element>, stride: Int, rows: Int,
        _ right: UnsafePointer<V.Element>, _ offsets: UnsafePointer<Int>, columns: Int,
        count: Int, to result: UnsafeMutablePointer<V.Element>, stride resultStride: Int
    ) {
        let left0 = left
        let left1 = left + min(1, rows - 1) * stride
        let right0 = right + offsets[0]
        let right1 = right + offsets[min(1, columns - 1)]
        let right2 = right + offsets[min(2, columns - 1)]
        let right3 = right + offsets[min(3, columns - 1)]
        #if VECTOR_512 || arch(arm64)
            let left2 = left + min(2, rows - 1) * stride
            let left3 = left + min(3, rows - 1) * stride
            let right4 = right + offsets[min(4, columns - 1)]
            let right5 = right + offsets[min(5, columns - 1)]
            var row0 = SixSums<V>()
            var row1 = SixSums<V>()
            var row2 = SixSums<V>()
            var row3 = SixSums<V>()
        #else
            var row0 = FourSums<V>()
            var row1 = FourSums<V>()
        #endif
        var position = 0
        while position < count {
            let a = V(at: right0 + position)
            let b = V(at: right1 + position)
            let c = V(at: right2 + position)
            let d = V(at: right3 + position)
            #if VECTOR_512 || arch(arm64)
                let e = V(at: right4 + position)
                let f = V(at: right5 + position)
                row0.add(V(at: left0 + position), a, b, c, d, e, f)
                row1.add(V(at: left1 + position), a, b, c, d, e, f)
                row2.add(V(at: left2 + position), a, b, c, d, e, f)
                row3.add(V(at: left3 + position), a, b, c, d, e, f)
            #else
                row0.add(V(at: left0 + position), a, b, c, d)
                row1.add(V(at: left1 + position), a, b, c, d)
            #endif
            position += V.lanes
        }
        row0.add(to: result, columns)
        if rows > 1 { row1.add(to: result + resultStride, columns) }
        #if VECTOR_512 || arch(arm64)
            if rows > 2 { row2.add(to: result + 2 * resultStride, columns) }
            if rows > 3 { row3.add(to: result + 3 * resultStride, columns) }
        #endif
    }
}

private struct SixSums<V: Vector> {
    var four = FourSums<V>()
    var fifth = V(repeating: 0)
    var sixth = V(repeating: 0)

    @inline(__always) init() {}

    @inline(__always)
    mutating func add(_ factor: V, _ a: V, _ b: V, _ c: V, _ d: V, _ e: V, _ f: V) {
        four.add(factor, a, b, c, d)
        fifth = fifth.adding(product: factor, e)
        sixth = sixth.adding(product: factor, f)
    }

    @inline(__always)
    func add(to result: UnsafeMutablePointer<V.Element>, _ count: Int) {
        four.add(to: result, count)
        guard count > 4 else { return }
        let totals = sums(of: fifth, sixth, sixth, sixth)
        result[4] += totals.0
        if count > 5 { result[5] += totals.1 }
    }
}

private struct FourSums<V: Vector> {
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
    func add(to result: UnsafeMutablePointer<V.Element>, _ count: Int) {
        let totals = sums(of: first, second, third, fourth)
        result[0] += totals.0
        if count > 1 { result[1] += totals.1 }
        if count > 2 { result[2] += totals.2 }
        if count > 3 { result[3] += totals.3 }
    }
}

/// The sums of the lanes of each, pairwise, in a few shuffles for all four.
@inline(__always)
private func sums<V: Vector>(
    of a: V, _ b: V, _ c: V, _ d: V
) -> (V.Element, V.Element, V.Element, V.Element) {
    guard V.lanes >= 4 else { return (a.reduced(+), b.reduced(+), c.reduced(+), d.reduced(+)) }
    var sums = sumsOfPairs(sumsOfPairs(a, b), sumsOfPairs(c, d))
    var lanes = V.lanes / 4
    while lanes > 1 {
        sums = sumsOfPairs(sums, sums)
        lanes /= 2
    }
    return (sums[0], sums[1], sums[2], sums[3])
}

/// The sums of neighbouring lanes of `a`, then those of `b`.
@inline(__always)
private func sumsOfPairs<V: Vector>(_ a: V, _ b: V) -> V {
    let (even, odd) = V.unzip(a, b)
    return even + odd
}

import KernelInterface

extension Kernels {
    public static var outerProductColumns: Int { OuterProductTile<FloatVector>.columns }

    public static func addOuterProducts(
        _ type: DataType, _ rows: Int, _ columns: Int, _ count: Int,
        _ left: UnsafeRawPointer, _ leftOffsets: UnsafePointer<Int>,
        _ right: UnsafeRawPointer, _ rightStride: Int,
        _ result: UnsafeMutableRawPointer, _ resultStride: Int
    ) {
        @inline(__always)
        func add<V: Vector>(_: V.Type) {
            typealias Tile = OuterProductTile<V>
            let left = left.assumingMemoryBound(to: V.Element.self)
            let right = right.assumingMemoryBound(to: V.Element.self)
            let result = result.assumingMemoryBound(to: V.Element.self)
            for column in stride(from: 0, to: columns, by: Tile.columns) {
                for row in stride(from: 0, to: rows, by: Tile.rows) {
                    Tile.add(
                        left, leftOffsets + row, rows: min(Tile.rows, rows - row),
                        right + column, rightStride, count: count,
                        to: result + row * resultStride + column, stride: resultStride)
                }
            }
        }
        if type == .float32 { add(FloatVector.self) } else { add(DoubleVector.self) }
    }
}

/// A tile of a sum of outer products, kept in registers: elements of some rows, contiguous in
/// memory, times two vectors of columns.
private enum OuterProductTile<V: Vector> {
    #if VECTOR_512 || arch(arm64)
        @inline(__always) static var rows: Int { 8 }
    #else
        @inline(__always) static var rows: Int { 4 }
    #endif
    @inline(__always) static var columns: Int { 2 * V.lanes }

    /// Rows of the tile that the result does not have are computed from the result's last row, and
    /// discarded.
    @inline(__always)
    static func add(
        _ left: UnsafePointer<V.Element>, _ offsets: UnsafePointer<Int>, rows: Int,
        _ right: UnsafePointer<V.Element>, _ rightStride: Int, count: Int,
        to result: UnsafeMutablePointer<V.Element>, stride: Int
    ) {
        let last = rows - 1
        let left0 = left + offsets[0]
        let left1 = left + offsets[min(1, last)]
        let left2 = left + offsets[min(2, last)]
        let left3 = left + offsets[min(3, last)]
        var upper = FourRows<RunOfTwo<V>>()
        #if VECTOR_512 || arch(arm64)
            let left4 = left + offsets[min(4, last)]
            let left5 = left + offsets[min(5, last)]
            let left6 = left + offsets[min(6, last)]
            let left7 = left + offsets[min(7, last)]
            var lower = FourRows<RunOfTwo<V>>()
        #endif
        var right = right
        for position in 0..<count {
            let elements = RunOfTwo<V>(at: right)
            upper.add(
                left0[position], left1[position], left2[position], left3[position], elements)
            #if VECTOR_512 || arch(arm64)
                lower.add(
                    left4[position], left5[position], left6[position], left7[position], elements)
            #endif
            right += rightStride
        }
        upper.add(to: result, stride: stride, rows: rows)
        #if VECTOR_512 || arch(arm64)
            lower.add(to: result + 4 * stride, stride: stride, rows: rows - 4)
        #endif
    }
}

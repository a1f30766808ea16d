/// The product of a few rows with one matrix again and again, as in the steps of a recurrent
/// network: the matrix is packed once, into panels of four vectors' width, zeros where it ends.
enum PanelProduct<V: Vector> {
    typealias Element = V.Element

    @inline(__always) static var panelWidth: Int { 4 * V.lanes }

    /// Columns rounded up to whole panels: the stride of a result's rows.
    @inline(__always)
    static func padded(_ columns: Int) -> Int {
        (columns + panelWidth - 1) / panelWidth * panelWidth
    }

    /// Packs a matrix whose element (row, column) is at `row * rowStride + column * columnStride`
    /// into `rows * padded(columns)` elements.
    @inline(never)
    static func pack(
        _ matrix: UnsafePointer<Element>, rows: Int, columns: Int, rowStride: Int,
        columnStride: Int, into panels: UnsafeMutablePointer<Element>
    ) {
        var target = panels
        for first in stride(from: 0, to: columns, by: panelWidth) {
            let width = min(panelWidth, columns - first)
            for row in 0..<rows {
                let source = matrix + row * rowStride + first * columnStride
                for column in 0..<width { target[column] = source[column * columnStride] }
                for column in width..<panelWidth { target[column] = 0 }
                target += panelWidth
            }
        }
    }

    /// `result = left × matrix`, with rows of the left factor `leftStride` apart, those of the
    /// result `padded(columns)`.
    @inline(never)
    static func multiply(
        _ left: UnsafePointer<Element>, rows: Int, leftStride: Int, depth: Int,
        _ panels: UnsafePointer<Element>, columns: Int, into result: UnsafeMutablePointer<Element>
    ) {
        let stride = padded(columns)
        var row = 0
        while row < rows {
            // Of an odd number of rows the last is computed twice.
            let next = min(row + 1, rows - 1)
            for column in Swift.stride(from: 0, to: columns, by: panelWidth) {
                multiply(
                    left + row * leftStride, left + next * leftStride, depth,
                    panels + column * depth, into: result + row * stride + column,
                    result + next * stride + column)
            }
            row += 2
        }
    }

    /// Two rows by one panel.
    @inline(__always)
    private static func multiply(
        _ first: UnsafePointer<Element>, _ second: UnsafePointer<Element>, _ depth: Int,
        _ panel: UnsafePointer<Element>, into firstResult: UnsafeMutablePointer<Element>,
        _ secondResult: UnsafeMutablePointer<Element>
    ) {
        let lanes = V.lanes
        let zero = V(repeating: 0)
        var (a0, a1, a2, a3) = (zero, zero, zero, zero)
        var (b0, b1, b2, b3) = (zero, zero, zero, zero)
        var panel = panel
        for k in 0..<depth {
            let (w0, w1) = (V(at: panel), V(at: panel + lanes))
            let (w2, w3) = (V(at: panel + 2 * lanes), V(at: panel + 3 * lanes))
            let a = V(repeating: first[k])
            a0 = a0.adding(product: a, w0)
            a1 = a1.adding(product: a, w1)
            a2 = a2.adding(product: a, w2)
            a3 = a3.adding(product: a, w3)
            let b = V(repeating: second[k])
            b0 = b0.adding(product: b, w0)
            b1 = b1.adding(product: b, w1)
            b2 = b2.adding(product: b, w2)
            b3 = b3.adding(product: b, w3)
            panel += panelWidth
        }
        a0.store(at: firstResult)
        a1.store(at: firstResult + lanes)
        a2.store(at: firstResult + 2 * lanes)
        a3.store(at: firstResult + 3 * lanes)
        b0.store(at: secondResult)
        b1.store(at: secondResult + lanes)
        b2.store(at: secondResult + 2 * lanes)
        b3.store(at: secondResult + 3 * lanes)
    }
}

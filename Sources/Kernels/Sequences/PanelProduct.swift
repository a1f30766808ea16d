/// The product of a few rows with the same matrix many times, as in the steps of a recurrent
/// network: the matrix is packed once, into panels two vectors wide, padded with zeros.
enum PanelProduct<V: Vector> {
    typealias Element = V.Element

    @inline(__always) static var panelWidth: Int { 2 * V.lanes }

    /// The columns rounded up to whole panels: the stride of a result's rows.
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
    /// result `padded(columns)`. A panel stays in the first-level cache while the rows are read.
    @inline(never)
    static func multiply(
        _ left: UnsafePointer<Element>, rows: Int, leftStride: Int, depth: Int,
        _ panels: UnsafePointer<Element>, columns: Int, into result: UnsafeMutablePointer<Element>
    ) {
        let stride = padded(columns)
        for column in Swift.stride(from: 0, to: columns, by: panelWidth) {
            var row = 0
            while row < rows {
                // Missing rows are replaced by the last one.
                let (b, c, d) = (
                    min(row + 1, rows - 1), min(row + 2, rows - 1), min(row + 3, rows - 1)
                )
                multiply(
                    (left + row * leftStride, left + b * leftStride),
                    (left + c * leftStride, left + d * leftStride), depth,
                    panels + column * depth,
                    into: (result + row * stride + column, result + b * stride + column),
                    (result + c * stride + column, result + d * stride + column))
                row += 4
            }
        }
    }

    /// Four rows by one panel.
    @inline(__always)
    private static func multiply(
        _ first: (UnsafePointer<Element>, UnsafePointer<Element>),
        _ second: (UnsafePointer<Element>, UnsafePointer<Element>), _ depth: Int,
        _ panel: UnsafePointer<Element>,
        into firstResult: (UnsafeMutablePointer<Element>, UnsafeMutablePointer<Element>),
        _ secondResult: (UnsafeMutablePointer<Element>, UnsafeMutablePointer<Element>)
    ) {
        let lanes = V.lanes
        let zero = V(repeating: 0)
        var (a0, a1, b0, b1) = (zero, zero, zero, zero)
        var (c0, c1, d0, d1) = (zero, zero, zero, zero)
        var panel = panel
        for k in 0..<depth {
            let (w0, w1) = (V(at: panel), V(at: panel + lanes))
            let (a, b) = (V(repeating: first.0[k]), V(repeating: first.1[k]))
            let (c, d) = (V(repeating: second.0[k]), V(repeating: second.1[k]))
            a0 = a0.adding(product: a, w0)
            a1 = a1.adding(product: a, w1)
            b0 = b0.adding(product: b, w0)
            b1 = b1.adding(product: b, w1)
            c0 = c0.adding(product: c, w0)
            c1 = c1.adding(product: c, w1)
            d0 = d0.adding(product: d, w0)
            d1 = d1.adding(product: d, w1)
            panel += panelWidth
        }
        a0.store(at: firstResult.0)
        a1.store(at: firstResult.0 + lanes)
        b0.store(at: firstResult.1)
        b1.store(at: firstResult.1 + lanes)
        c0.store(at: secondResult.0)
        c1.store(at: secondResult.0 + lanes)
        d0.store(at: secondResult.1)
        d1.store(at: secondResult.1 + lanes)
    }
}

extension BlockedProduct {
    /// A block of the right factor as panels, each a tile wide: in place, or packed one after the
    /// other. The remainder at the right is a panel of one or two vectors.
    struct Panels {
        let length: Int
        /// The number of whole panels, their address, the distance between them, and between their
        /// rows.
        let count: Int
        let first: UnsafePointer<Element>
        let step: Int
        let stride: Int
        /// The remaining panel, and how many of its rows can be read as if it were whole: all if it
        /// is packed; in place, those that are followed by memory of the factor.
        let last: UnsafePointer<Element>
        let lastStride: Int
        let lastWidth: Int
        let wholeRows: Int

        /// The panels of the first `length` rows and `width` columns of `right`.
        @inline(__always)
        init(
            _ right: Factor, length: Int, width: Int, packing: Bool,
            into packed: UnsafeMutablePointer<Element>
        ) {
            self.length = length
            count = width / Tile.columns
            lastWidth = width - count * Tile.columns
            let lastPanel = lastWidth > V.lanes ? Tile.columns : V.lanes
            let rest = right.from(row: 0, column: count * Tile.columns)
            if packing {
                for panel in 0..<count {
                    Self.pack(
                        right.from(row: 0, column: panel * Tile.columns), length: length,
                        width: Tile.columns, panel: Tile.columns,
                        into: packed + panel * Tile.columns * length)
                }
                first = UnsafePointer(packed)
                step = Tile.columns * length
                stride = Tile.columns
            } else {
                first = right.elements
                step = Tile.columns
                stride = right.rowStride
            }
            if packing {
                let target = packed + count * step
                if lastWidth > 0 {
                    Self.pack(
                        rest, length: length, width: lastWidth, panel: lastPanel, into: target)
                }
                last = UnsafePointer(target)
                lastStride = lastPanel
                wholeRows = length
            } else {
                last = rest.elements
                lastStride = right.rowStride
                // Row k is followed by `(length - 1 - k) * stride` elements after its own.
                let missing = lastPanel - lastWidth
                if missing <= right.rowStride {
                    wholeRows = length - 1
                } else if right.rowStride > 0 {
                    wholeRows = max(0, length - (missing + right.rowStride - 1) / right.rowStride)
                } else {
                    wholeRows = 0
                }
            }
        }

        @inline(__always)
        private static func pack(
            _ right: Factor, length: Int, width: Int, panel: Int,
            into target: UnsafeMutablePointer<Element>
        ) {
            if right.columnStride == 1 {
                Packing<V>.packRows(
                    right.elements, stride: right.rowStride, length: length, width: width,
                    panel: panel, into: target)
            } else if right.rowStride == 1 {
                Packing<V>.packTransposed(
                    right.elements, stride: right.columnStride, length: length, width: width,
                    panel: panel, into: target)
            } else {
                Packing<V>.packScalars(
                    right.elements, alongStride: right.rowStride,
                    acrossStride: right.columnStride, length: length, width: width, panel: panel,
                    filling: panel, into: target)
            }
        }
    }
}

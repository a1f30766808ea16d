extension BlockedProduct {
    /// Rows of the left factor, a block deep, in strips: in place, or packed one after the other
    /// with the elements of a column of a strip contiguous.
    struct LeftBlock {
        private let factor: Factor
        private let height: Int
        private let length: Int
        private let packed: UnsafePointer<Element>?
        private let fetchesAhead: Bool

        /// The first `height` rows and `length` columns of `left`. The flag says whether there are
        /// so many that it pays to prefetch rows into the caches.
        @inline(__always)
        init(
            _ left: Factor, height: Int, length: Int, packing: Bool, fetchingAhead: Bool,
            into target: UnsafeMutablePointer<Element>
        ) {
            factor = left
            self.height = height
            self.length = length
            fetchesAhead = fetchingAhead
            packed = packing ? UnsafePointer(target) : nil
            if packing { pack(into: target) }
        }

        @inline(__always)
        func multiply(
            _ panels: Panels, into result: UnsafeMutablePointer<Element>, stride: Int,
            accumulating: Bool
        ) {
            var row = 0
            while row < height {
                let strip = strip(at: row)
                strip.multiply(
                    panels, into: result + row * stride, stride: stride,
                    accumulating: accumulating)
                row += strip.height
            }
        }

        @inline(__always)
        private func strip(at row: Int) -> Strip {
            let height = Self.heightOfStrip(height - row)
            guard let packed else {
                return Strip(
                    factor.from(row: row, column: 0), height: height, fetchesNext: fetchesAhead)
            }
            return Strip(
                Factor(elements: packed + row * length, rowStride: 1, columnStride: height),
                height: height, fetchesNext: false)
        }

        /// The rows of the tile for a strip of `rest` rows or fewer.
        @inline(__always)
        private static func heightOfStrip(_ rest: Int) -> Int {
            rest >= Tile.rows ? Tile.rows : rest >= 8 ? 8 : rest >= 4 ? 4 : rest >= 2 ? 2 : 1
        }

        /// All strips, column after column of the factor.
        @inline(__always)
        private func pack(into target: UnsafeMutablePointer<Element>) {
            let whole = height / Tile.rows * Tile.rows
            for along in 0..<length {
                var source = factor.elements + along * factor.columnStride
                var target = target + along * Tile.rows
                // The processor does not predict the pattern of rows that are far apart.
                for line in Swift.stride(from: 0, to: whole, by: 64 / MemoryLayout<Element>.size) {
                    prefetch(source + 8 * factor.columnStride + line)
                }
                for _ in Swift.stride(from: 0, to: whole, by: Tile.rows) {
                    if factor.rowStride == 1 {
                        copyFew(source, target, count: Tile.rows)
                    } else {
                        for row in 0..<Tile.rows { target[row] = source[row * factor.rowStride] }
                    }
                    source += Tile.rows * factor.rowStride
                    target += Tile.rows * length
                }
            }
            var row = whole
            while row < height {
                let strip = Self.heightOfStrip(height - row)
                Packing<V>.packScalars(
                    factor.from(row: row, column: 0).elements, alongStride: factor.columnStride,
                    acrossStride: factor.rowStride, length: length, width: strip, panel: strip,
                    filling: strip, into: target + row * length)
                row += strip
            }
        }
    }
}

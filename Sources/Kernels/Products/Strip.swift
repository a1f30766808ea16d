extension BlockedProduct {
    /// Rows of the left factor, as many as the height of a tile, and a block deep.
    struct Strip {
        let elements: UnsafePointer<Element>
        let height: Int
        /// Whether the elements of a row are contiguous, with rows `stride` apart; otherwise those
        /// of a column are, with columns `stride` apart.
        let isAlong: Bool
        let stride: Int
        /// Whether to prefetch the rows below into the caches meanwhile.
        let fetchesNext: Bool

        /// The first `height` rows of `left`, in place.
        @inline(__always)
        init(_ left: Factor, height: Int, fetchesNext: Bool) {
            self.fetchesNext = fetchesNext
            elements = left.elements
            self.height = height
            isAlong = left.columnStride == 1
            stride = isAlong ? left.rowStride : left.columnStride
        }

        /// Prefetches a part of the rows below this strip, equally many.
        @inline(__always)
        private func prefetchNext(rows: Int, from start: Int, count: Int) {
            for row in rows..<2 * rows {
                for along in Swift.stride(
                    from: start, to: start + count, by: 64 / MemoryLayout<Element>.size)
                {
                    prefetch(elements + row * stride + along)
                }
            }
        }

        /// The product with all panels.
        @inline(__always)
        func multiply(
            _ panels: Panels, into result: UnsafeMutablePointer<Element>, stride: Int,
            accumulating: Bool
        ) {
            @inline(__always)
            func multiply<Wide: TileRows, Narrow: TileRows>(_: Wide.Type, _: Narrow.Type)
            where Wide.Row.V == V, Narrow.Row.V == V {
                Self.multiply(
                    Wide.self, Narrow.self, self, panels, into: result, stride: stride,
                    accumulating: accumulating)
            }
            switch height {
            case 1: multiply(Tile.Rows1<TwoVectors<V>>.self, Tile.Rows1<OneVector<V>>.self)
            case 2: multiply(Tile.Rows2<TwoVectors<V>>.self, Tile.Rows2<OneVector<V>>.self)
            case 4: multiply(Tile.Rows4<TwoVectors<V>>.self, Tile.Rows4<OneVector<V>>.self)
            case Tile.rows:
                multiply(Tile.WholeRows<TwoVectors<V>>.self, Tile.WholeRows<OneVector<V>>.self)
            default: multiply(Tile.Rows8<TwoVectors<V>>.self, Tile.Rows8<OneVector<V>>.self)
            }
        }

        @inline(never)
        private static func multiply<Wide: TileRows, Narrow: TileRows>(
            _: Wide.Type, _: Narrow.Type, _ strip: Strip, _ panels: Panels,
            into result: UnsafeMutablePointer<Element>, stride: Int,
            accumulating: Bool
        ) where Wide.Row.V == V, Narrow.Row.V == V {
            if strip.isAlong {
                multiply(
                    Wide.self, Narrow.self, strip, rowStride: strip.stride, depthStride: 1, panels,
                    into: result, stride: stride, accumulating: accumulating)
            } else {
                multiply(
                    Wide.self, Narrow.self, strip, rowStride: 1, depthStride: strip.stride, panels,
                    into: result, stride: stride, accumulating: accumulating)
            }
        }

        @inline(__always)
        private static func multiply<Wide: TileRows, Narrow: TileRows>(
            _: Wide.Type, _: Narrow.Type, _ strip: Strip, rowStride: Int, depthStride: Int,
            _ panels: Panels, into result: UnsafeMutablePointer<Element>, stride: Int,
            accumulating: Bool
        ) where Wide.Row.V == V, Narrow.Row.V == V {
            let share = (panels.length + panels.count - 1) / max(1, panels.count)
            for panel in 0..<panels.count {
                let target = result + panel * Tile.columns
                // The memory that is added to may have left the caches; it is back when the tile is
                // summed.
                if accumulating {
                    for row in 0..<Wide.count {
                        prefetch(target + row * stride)
                        prefetch(target + row * stride + Tile.columns - 1)
                    }
                }
                if strip.fetchesNext, depthStride == 1 {
                    strip.prefetchNext(rows: Wide.count, from: panel * share, count: share)
                }
                Tile.multiply(
                    Wide.self, depth: panels.length,
                    strip.elements, rowStride: rowStride, depthStride: depthStride,
                    panels.first + panel * panels.step, rightStride: panels.stride,
                    into: target, stride: stride, accumulating: accumulating)
            }
            guard panels.lastWidth > 0 else { return }
            let target = result + panels.count * Tile.columns
            if panels.lastWidth == V.lanes {
                Tile.multiply(
                    Narrow.self, depth: panels.length,
                    strip.elements, rowStride: rowStride, depthStride: depthStride,
                    panels.last, rightStride: panels.lastStride,
                    into: target, stride: stride, accumulating: accumulating)
            } else if panels.lastWidth < V.lanes {
                Tile.multiplyEdge(
                    Narrow.self, width: panels.lastWidth, depth: panels.length,
                    strip.elements, rowStride: rowStride, depthStride: depthStride,
                    panels.last, rightStride: panels.lastStride, wholeRows: panels.wholeRows,
                    into: target, stride: stride, accumulating: accumulating)
            } else {
                Tile.multiplyEdge(
                    Wide.self, width: panels.lastWidth, depth: panels.length,
                    strip.elements, rowStride: rowStride, depthStride: depthStride,
                    panels.last, rightStride: panels.lastStride, wholeRows: panels.wholeRows,
                    into: target, stride: stride, accumulating: accumulating)
            }
        }
    }
}

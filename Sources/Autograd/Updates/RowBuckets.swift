import KernelInterface

/// Lookups grouped by the parts of a table that they belong to, and otherwise in their own order:
/// parts that fit the cache of a core, and that threads may write at the same time.
struct RowBuckets {
    private let positions: Storage
    private let starts: [Int]
    private let rows: Int
    private let rowsInAPart: Int

    init(_ indices: Tensor, of rows: Int, width: Int) {
        let part = Swift.max(1, (1 << 16) / Swift.max(1, width))
        let shift = Int.bitWidth - 1 - part.leadingZeroBitCount
        let parts = (rows >> shift) + 1
        let index = indices.storage.typed(Int32.self)
        var ends = [Int](repeating: 0, count: parts + 1)
        let positions = Storage(.int32, count: indices.count)
        let position = positions.typed(Int32.self)
        ends.withUnsafeMutableBufferPointer { ends in
            for lookup in 0..<indices.count { ends[Int(index[lookup]) >> shift + 1] += 1 }
            for part in 0..<parts { ends[part + 1] += ends[part] }
            for lookup in 0..<indices.count {
                let part = Int(index[lookup]) >> shift
                position[ends[part]] = Int32(truncatingIfNeeded: lookup)
                ends[part] += 1
            }
        }
        withExtendedLifetime(indices) {}
        self.positions = positions
        self.rows = rows
        rowsInAPart = 1 << shift
        // After the second pass, each part's end stands where its start was.
        starts = [0] + ends.dropLast()
    }

    /// Calls `body` for each part, in parallel: the positions of its lookups, their number, and the
    /// part's rows.
    func run(
        _ body: (_ positions: UnsafePointer<Int32>, _ count: Int, _ rows: Range<Int>) -> Void
    ) {
        inParallel(starts.count - 1, grain: 1) { parts in
            for part in parts {
                let first = part * rowsInAPart
                guard first < rows else { continue }
                body(
                    positions.typed(Int32.self) + starts[part], starts[part + 1] - starts[part],
                    first..<Swift.min(rows, first + rowsInAPart))
            }
        }
    }
}

import KernelInterface

/// The rows of a large table that a step looks up, so that only these are trained.
///
/// ```swift
/// let words = RowSelection(indices, of: table.shape[0])
/// let (loss, gradient) = valueWithGradient(at: table.gathered(at: words.rows)) { rows in
///     loss(of: rows.gathered(at: words.positions))
/// }
/// optimizer.update(&table, rows: words, along: gradient)       // SparseSGD, SparseAdam
/// ```
///
/// Neither is a gradient of the table's size created, nor is the whole table read.
public struct RowSelection: Sendable {
    /// The rows that are looked up, without repetitions and in ascending order, `int32`.
    public let rows: Tensor
    /// For each lookup the position of its row in ``rows``, `int32`, with the indices' shape.
    public let positions: Tensor

    /// - Parameters:
    ///   - indices: the row of each lookup, `int32`, of any shape. Traps if one is out of range.
    ///   - count: the number of rows of the table. Traps if `int32` cannot count them.
    public init(_ indices: Tensor, of count: Int) {
        guard (0...Int(Int32.max)).contains(count) else {
            trap("RowSelection", "a table of \(count) rows")
        }
        checkIndices("RowSelection", indices, count, of: [count])
        let lookups = indices.storage.typed(Int32.self)
        // For each row of the table, first whether it is looked up, then its position. The code
        // avoids branches on that: half of them would be mispredicted.
        let places = Storage(.int32, count: count)
        places.fill(Int32(0))
        let place = places.typed(Int32.self)
        for lookup in 0..<indices.count { place[Int(lookups[lookup])] = 1 }
        let found = Storage(.int32, count: count + 1)
        let row = found.typed(Int32.self)
        var distinct: Int32 = 0
        for index in 0..<count {
            let isLookedUp = place[index]
            row[Int(distinct)] = Int32(truncatingIfNeeded: index)
            place[index] = distinct
            distinct &+= isLookedUp
        }
        rows = Tensor(.int32, [Int(distinct)]) {
            $0.typed(Int32.self).update(from: row, count: Int(distinct))
        }
        positions = Tensor(.int32, indices.shape) { output in
            let positions = output.typed(Int32.self)
            for lookup in 0..<indices.count {
                positions[lookup] = place[Int(lookups[lookup])]
            }
        }
        withExtendedLifetime((places, found, indices)) {}
    }

    /// The number of rows that are looked up.
    public var count: Int { rows.count }
}

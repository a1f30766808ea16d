import KernelInterface

/// Which rows of a large table a step looks up, for training these alone.
///
/// ```swift
/// let words = RowSelection(indices, of: table.shape[0])
/// let (loss, gradient) = valueWithGradient(at: table.gathered(at: words.rows)) { rows in
///     loss(of: rows.gathered(at: words.positions))
/// }
/// optimizer.update(&table, rows: words, along: gradient)       // SparseSGD, SparseAdam
/// ```
///
/// Neither a gradient of the table's size is made then nor is the table read as a whole.
public struct RowSelection: Sendable {
    /// The rows that are looked up, each once and in ascending order, `int32`.
    public let rows: Tensor
    /// For each lookup the position of its row in ``rows``, `int32`, of the indices' shape.
    public let positions: Tensor

    /// - Parameters:
    ///   - indices: the row of each lookup, `int32`, of any shape. One outside of the table traps.
    ///   - count: how many rows the table has.
    public init(_ indices: Tensor, of count: Int) {
        checkIndices("RowSelection", indices, count, of: [count])
        let lookups = indices.storage.typed(Int32.self)
        // For each row of the table first whether it is looked up, then its position.
        let places = Storage(.int32, count: count)
        places.fill(Int32(0))
        let place = places.typed(Int32.self)
        for lookup in 0..<indices.count { place[Int(lookups[lookup])] = 1 }
        var distinct = 0
        for row in 0..<count { distinct += Int(place[row]) }
        rows = Tensor(.int32, [distinct]) { output in
            let rows = output.typed(Int32.self)
            var next = 0
            for row in 0..<count where place[row] == 1 {
                rows[next] = Int32(row)
                place[row] = Int32(next)
                next += 1
            }
        }
        positions = Tensor(.int32, indices.shape) { output in
            let positions = output.typed(Int32.self)
            for lookup in 0..<indices.count {
                positions[lookup] = place[Int(lookups[lookup])]
            }
        }
        withExtendedLifetime((places, indices)) {}
    }

    /// How many rows are looked up.
    public var count: Int { rows.count }
}

extension Tensor {
    /// Adds a row to each selected row of a table, in place where no other tensor shares the
    /// memory.
    package mutating func addRows(_ addends: Tensor, at selection: RowSelection) {
        makeWritable()
        let (width, size) = (count / Swift.max(1, shape[0]), dataType.size)
        let rows = selection.rows.storage.typed(Int32.self)
        let (target, source, type) = (storage.pointer, addends.storage.pointer, dataType)
        inParallel(selection.count, grain: Swift.max(1, elementwiseGrain / Swift.max(1, width))) {
            range in
            for index in range {
                let row = target + Int(rows[index]) * width * size
                kernels.binary(
                    .add, type, row, 1, source + index * width * size, 1, row, width)
            }
        }
        withExtendedLifetime((selection, addends)) {}
    }

    /// Makes sure that the memory is this tensor's alone, to be written in place.
    private mutating func makeWritable() {
        guard !isWatched else { trap("addRows", "the table is watched") }
        guard !(storage.isOwn && isUnshared()) else { return }
        let (source, bytes) = (storage, count * dataType.size)
        self = Tensor(dataType, shape) {
            $0.pointer.copyMemory(from: source.pointer, byteCount: bytes)
        }
    }
}

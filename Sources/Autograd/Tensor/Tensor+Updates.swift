import KernelInterface

// Parameters written in place: all of a tensor, or some rows of a table.

extension Tensor {
    /// Adds `scale` times a row to each selected row, in place where no other tensor shares the
    /// memory.
    package mutating func addRows(
        _ addends: Tensor, scaledBy scale: Double, at selection: RowSelection
    ) {
        makeWritable()
        let (target, source, type) = (storage.pointer, addends.storage.pointer, dataType)
        let width = count / Swift.max(1, shape[0])
        Tensor.forRowBlocks(of: addends, selection) { range, indices in
            kernels.addRows(
                type, scale, source + range.lowerBound * width * type.size, indices, nil,
                range.count, width, target)
        }
    }

    /// Adds `scale` times a row to the row that each index names, in their order, in place where
    /// no other tensor shares the memory.
    package mutating func addRows(
        _ addends: Tensor, scaledBy scale: Double, at indices: Tensor
    ) {
        checkIndices("addRows", indices, shape[0], of: shape)
        makeWritable()
        let (target, source, type) = (storage.pointer, addends.storage.pointer, dataType)
        let width = count / Swift.max(1, shape[0])
        let index = indices.storage.typed(Int32.self)
        if Threads.count == 1 {
            kernels.addRows(type, scale, source, index, nil, indices.count, width, target)
        } else {
            RowBuckets(indices, of: shape[0], width: width).run { positions, count, _ in
                kernels.addRows(type, scale, source, index, positions, count, width, target)
            }
        }
        withExtendedLifetime((indices, addends)) {}
    }

    /// A step of adaptive moments for the selected rows, in place where no other tensor shares
    /// the memory of table or moments.
    package mutating func stepRows(
        along gradient: Tensor, at selection: RowSelection, moments first: inout Tensor,
        _ second: inout Tensor, decays: (Double, Double), size: Double, epsilon: Double
    ) {
        let step = AdaptiveStep(
            firstDecay: decays.0, secondDecay: decays.1, size: size, epsilon: epsilon)
        let (type, width) = (dataType, count / Swift.max(1, shape[0]))
        withWritable(&first, &second, along: gradient) { target, moments, source in
            Tensor.forRowBlocks(of: gradient, selection) { range, indices in
                kernels.stepRows(
                    type, step, source + range.lowerBound * width * type.size, indices,
                    range.count, width, target, moments.0, moments.1)
            }
        }
    }

    /// A step of adaptive moments for all elements, in place where no other tensor shares the
    /// memory of this one or the moments: one pass, where the composition's twelve operations
    /// read and write the cache between them.
    package mutating func step(
        along gradient: Tensor, moments first: inout Tensor, _ second: inout Tensor,
        decays: (Double, Double), size: Double, epsilon: Double, retained: Double
    ) {
        let step = AdaptiveStep(
            firstDecay: decays.0, secondDecay: decays.1, size: size, epsilon: epsilon,
            retained: retained)
        let (type, count) = (dataType, count)
        withWritable(&first, &second, along: gradient) { target, moments, source in
            inParallel(count, grain: elementwiseGrain) { range in
                let offset = range.lowerBound * type.size
                var row: Int32 = 0
                kernels.stepRows(
                    type, step, source + offset, &row, 1, range.count, target + offset,
                    moments.0 + offset, moments.1 + offset)
            }
        }
    }

    /// Calls `body` with the memory of this tensor and its moments, which is theirs alone then,
    /// and with the gradient's.
    private mutating func withWritable(
        _ first: inout Tensor, _ second: inout Tensor, along gradient: Tensor,
        _ body: (
            _ target: UnsafeMutableRawPointer,
            _ moments: (UnsafeMutableRawPointer, UnsafeMutableRawPointer),
            _ gradient: UnsafeRawPointer
        ) -> Void
    ) {
        // An open expression would still refer to what is about to be written.
        gradient.evaluate()
        for other in [gradient, first, second] where other.dataType != dataType {
            trap("update", "data types differ: \(dataType) and \(other.dataType)")
        }
        makeWritable()
        first.makeWritable()
        second.makeWritable()
        body(
            storage.pointer, (first.storage.pointer, second.storage.pointer),
            gradient.storage.pointer)
        withExtendedLifetime(gradient) {}
    }

    /// Calls `body` for blocks of selected rows, in parallel: which of the rows, and their indices.
    private static func forRowBlocks(
        of values: Tensor, _ selection: RowSelection,
        _ body: (_ range: Range<Int>, _ indices: UnsafePointer<Int32>) -> Void
    ) {
        let width = values.count / Swift.max(1, selection.count)
        let indices = selection.rows.storage.typed(Int32.self)
        inParallel(selection.count, grain: Swift.max(1, elementwiseGrain / Swift.max(1, width))) {
            body($0, indices + $0.lowerBound)
        }
        withExtendedLifetime((selection, values)) {}
    }

    /// Makes sure that the memory is this tensor's alone, to be written in place.
    private mutating func makeWritable() {
        guard !isWatched else {
            trap("update", "the tensor of shape \(shape) is watched")
        }
        guard !(storage.isOwn && isUnshared()) else { return }
        let (source, bytes) = (storage, count * dataType.size)
        self = Tensor(dataType, shape) {
            $0.pointer.copyMemory(from: source.pointer, byteCount: bytes)
        }
    }
}

/// Lookups in the order of the parts of a table that they belong to, and else in their own: parts
/// that fit into the cache of a core, and that threads may write at the same time.
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
        // After the second pass each part's end stands where its start was.
        starts = [0] + ends.dropLast()
    }

    /// Calls `body` for each part, in parallel: the positions of its lookups, how many they are,
    /// and which rows it has.
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

import KernelInterface

extension Tensor {
    /// Adds `scale` times a row to each selected row, in place if no other tensor shares the
    /// memory.
    package mutating func addRows(
        _ addends: Tensor, scaledBy scale: Double, at selection: RowSelection
    ) {
        makeWritable()
        let (target, source, type) = (storage.pointer, addends.storage.pointer, dataType)
        let width = count / Swift.max(1, shape[0])
        Tensor.forSelectedRows(of: addends, selection) { range, indices in
            kernels.addRows(
                type, scale, source + range.lowerBound * width * type.size, indices, nil,
                range.count, width, target)
        }
    }

    /// Adds `scale` times a row to the row that each index names, in their order, in place if no
    /// other tensor shares the memory.
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

    /// Calls `body` for blocks of selected rows, in parallel: the range of rows, and their indices.
    static func forSelectedRows(
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

    /// Makes sure that nothing else refers to the memory, so that it can be written in place.
    mutating func makeWritable() {
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

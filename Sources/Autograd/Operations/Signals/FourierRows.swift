import KernelInterface

/// Where the numbers lie that are transformed along the middle one of the axes
/// `[outer, size, inner]`.
struct FourierRows {
    private let outer: Int
    private let size: Int
    private let inner: Int
    private let type: DataType

    init(_ shape: [Int], _ type: DataType) {
        (outer, size, inner) = (shape[0], shape[1], shape[2])
        self.type = type
    }

    /// Transforms all rows with the plan for neighbouring ones, or each by itself if it can be.
    func transform(_ source: ComplexMemory, to target: ComplexMemory, by plan: FourierPlan) {
        if inner == 1, let plan = FourierPlan.of(size, type, .row) {
            transformSingly(source, to: target, by: plan)
        } else {
            transformTogether(source, to: target, by: plan)
        }
    }

    private func transformSingly(
        _ source: ComplexMemory, to target: ComplexMemory, by plan: FourierPlan
    ) {
        inParallel(outer, grain: max(1, elementwiseGrain / (4 * size))) { range in
            let workspace = Storage(type, count: 2 * size)
            for row in range {
                let place = row * size * type.size
                plan.transform(
                    source.advanced(by: place), to: target.advanced(by: place),
                    over: workspace.complex(0, size))
            }
        }
    }

    /// Rows are gathered so that they lie side by side: whole ones of some outer positions, or some
    /// of one.
    private func transformTogether(
        _ source: ComplexMemory, to target: ComplexMemory, by plan: FourierPlan
    ) {
        let lanes = kernels.fourierLanes(type)
        // More make longer runs, as long as they stay in the cache.
        let width = lanes * max(1, min(4, 2048 / size))
        let columns = min(width, inner)
        let (strips, height) = ((inner + columns - 1) / columns, width / columns)
        let blocks = (outer + height - 1) / height * strips
        inParallel(blocks, grain: max(1, elementwiseGrain / (4 * width * size))) { range in
            let workspace = Storage(type, count: 4 * width * size)
            let memory = workspace.complex(0, width * size)
            let other = workspace.complex(2 * width * size, width * size)
            for block in range {
                let (row, column) = (block / strips * height, block % strips * columns)
                let tile = FourierTile(
                    rows: row..<min(outer, row + height),
                    columns: column..<min(inner, column + columns), width: width)
                gather(tile, source.real, memory.real)
                gather(tile, source.imaginary, memory.imaginary)
                let result = plan.transform(memory, over: other, width: width)
                scatter(tile, result.real, target.real)
                scatter(tile, result.imaginary, target.imaginary)
            }
        }
    }

    /// Some outer and inner positions, whose rows of numbers lie among `width` side by side.
    private struct FourierTile {
        let rows: Range<Int>
        let columns: Range<Int>
        let width: Int

        var isFull: Bool { rows.count * columns.count == width }
    }

    private func gather(
        _ tile: FourierTile, _ source: UnsafeMutableRawPointer, _ memory: UnsafeMutableRawPointer
    ) {
        // Nothing is left without a value.
        if !tile.isFull {
            memory.initializeMemory(
                as: UInt8.self, repeating: 0, count: tile.width * size * type.size)
        }
        var done = 0
        if inner == 1 {
            done = size - size % kernels.fourierLanes(type)
            kernels.transpose(
                type, tile.rows.count, done, source + tile.rows.lowerBound * size * type.size,
                size, memory, tile.width)
        }
        forEachPiece(tile, from: done) { place, lane, bytes in
            (memory + lane).copyMemory(from: source + place, byteCount: bytes)
        }
    }

    private func scatter(
        _ tile: FourierTile, _ memory: UnsafeMutableRawPointer, _ target: UnsafeMutableRawPointer
    ) {
        var done = 0
        if inner == 1, tile.isFull {
            done = size - size % kernels.fourierLanes(type)
            kernels.transpose(
                type, done, tile.width, memory, tile.width,
                target + tile.rows.lowerBound * size * type.size, size)
        }
        forEachPiece(tile, from: done) { place, lane, bytes in
            (target + place).copyMemory(from: memory + lane, byteCount: bytes)
        }
    }

    /// Calls `body` with the places, in bytes, of neighbouring numbers in a tensor and in a tile.
    @inline(__always)
    private func forEachPiece(
        _ tile: FourierTile, from first: Int,
        _ body: (_ place: Int, _ lane: Int, _ bytes: Int) -> Void
    ) {
        let bytes = tile.columns.count * type.size
        for (number, row) in tile.rows.enumerated() {
            for index in first..<size {
                body(
                    ((row * size + index) * inner + tile.columns.lowerBound) * type.size,
                    index * tile.width * type.size + number * bytes, bytes)
            }
        }
    }
}

extension ComplexMemory {
    fileprivate func advanced(by bytes: Int) -> ComplexMemory {
        ComplexMemory(real: real + bytes, imaginary: imaginary + bytes)
    }
}

extension Storage {
    /// `count` complex numbers from an element on: all real parts, then all imaginary ones.
    fileprivate func complex(_ first: Int, _ count: Int) -> ComplexMemory {
        let address = pointer + first * dataType.size
        return ComplexMemory(real: address, imaginary: address + count * dataType.size)
    }
}

import KernelInterface

/// How the pictures of a block are laid out so that every place of the filter is an offset in
/// plain memory: output position `p` sees `memory[offset + p]`, whatever row it is in.
///
/// A picture is split into its phases, the elements that are `step` apart, so that neighbouring
/// stops see neighbouring elements. A phase has a frame of zeros where the filter reaches beyond
/// it. One frame serves the end of a row and the beginning of the next, and likewise the last
/// row of a sample and the first of the next. A position in the frame is computed too, and left
/// out: the price of loops that know no rows.
struct SourceLayout {
    /// The samples, and the rows of stops, that a block has at most. One of the two is all.
    let samples: Int
    let rows: Int
    /// From one row to the next.
    let pitch: Int
    /// Rows from one sample to the next.
    let sampleRows: Int
    /// From one channel to the next.
    let channelStride: Int

    private let shapes: Correlation
    /// The phases that the filter sees: some along the height, a range along the width.
    private let rowPhases: [Int]
    private let columnPhases: Range<Int>
    /// The lowest offset of a place, in elements of its phase.
    private let lowest: Size2D
    private let highest: Size2D
    /// Zeros behind the last row.
    private let trailing: Int

    /// - Parameters:
    ///   - positions: how many positions a block should have.
    ///   - elements: how many elements of sources and of results a block should have at most.
    ///   - resultsPerPosition: how many elements of results a position has.
    init(_ shapes: Correlation, positions: Int, elements: Int, resultsPerPosition: Int) {
        self.shapes = shapes
        var (rowPhases, columnPhases) = (Set<Int>(), Set<Int>())
        var lowest = Size2D(Int.max)
        var highest = Size2D(Int.min)
        for tap in shapes.taps.joined() {
            let (quotient, phase) = shapes.position(of: tap)
            rowPhases.insert(phase.height)
            columnPhases.insert(phase.width)
            lowest = Size2D(
                height: min(lowest.height, quotient.height),
                width: min(lowest.width, quotient.width))
            highest = Size2D(
                height: max(highest.height, quotient.height),
                width: max(highest.width, quotient.width))
        }
        self.rowPhases = rowPhases.sorted()
        self.columnPhases = (columnPhases.min() ?? 0)..<(columnPhases.max() ?? -1) + 1
        (self.lowest, self.highest) = (lowest, highest)

        let stops = shapes.stops
        let sharedColumns = Self.sharedFrame(
            lowest.width, highest.width, stops: stops.width, size: shapes.source.width,
            step: shapes.sourceStep.width)
        let sharedRows = Self.sharedFrame(
            lowest.height, highest.height, stops: stops.height, size: shapes.source.height,
            step: shapes.sourceStep.height)
        pitch = stops.width + highest.width - lowest.width - sharedColumns
        let wholeRows = stops.height + highest.height - lowest.height - sharedRows

        let phases = self.rowPhases.count * self.columnPhases.count
        let perPosition = shapes.inputs * phases + resultsPerPosition
        let wanted = max(1, min(positions, elements / max(1, perPosition)))
        let margin = highest.height - lowest.height
        if wanted >= wholeRows * pitch {
            samples = max(1, min(shapes.batch, wanted / (wholeRows * pitch)))
            rows = stops.height
            sampleRows = wholeRows
        } else {
            samples = 1
            let most = max(1, wanted / pitch)
            let bands = (stops.height + most - 1) / most
            rows = (stops.height + bands - 1) / bands
            sampleRows = rows + margin
        }
        let shared = rows == stops.height ? sharedRows : 0
        trailing = shared * pitch + sharedColumns + Self.overrun
        // An odd multiple of a cache line, so that channels fall into different sets of the cache.
        channelStride = (samples * sampleRows * pitch + trailing + Self.overrun - 1) / 16 * 16 | 16
    }

    /// More than the elements of a vector, which kernels read and write beyond an end.
    static let overrun = 32

    /// How much of the frame before and behind the elements of a phase can be the same.
    private static func sharedFrame(
        _ lowest: Int, _ highest: Int, stops: Int, size: Int, step: Int
    ) -> Int {
        let before = max(0, -lowest)
        let behind = max(0, stops + highest - (size + step - 1) / step)
        return min(before, behind)
    }
}

extension SourceLayout {
    /// Some samples, and of these some rows of stops: one of the two is all.
    struct Block {
        let samples: Range<Int>
        let rows: Range<Int>
    }

    private var bands: Int { (shapes.stops.height + rows - 1) / rows }
    var blocks: Int { (shapes.batch + samples - 1) / samples * bands }

    func block(_ index: Int) -> Block {
        let first = index / bands * samples
        let row = index % bands * rows
        return Block(
            samples: first..<min(shapes.batch, first + samples),
            rows: row..<min(shapes.stops.height, row + rows))
    }

    /// The positions of a block, from the first stop to the last.
    func positions(_ block: Block) -> Int {
        ((block.samples.count - 1) * sampleRows + block.rows.count - 1) * pitch
            + shapes.stops.width
    }

    /// The most positions of a block.
    var positions: Int { positions(block(0)) }

    /// Elements of memory, when kernels read `overrun` positions too many.
    func count(overrun: Int) -> Int {
        rowPhases.count * columnPhases.count * shapes.inputs * channelStride + overrun
            + Self.overrun
    }

    /// For every channel of a group and every tap, where the first position sees it.
    func offsets(_ taps: [Correlation.Tap]) -> [Int] {
        let places = taps.map { tap in
            let (quotient, phase) = shapes.position(of: tap)
            let index =
                rowPhases.firstIndex(of: phase.height)! * columnPhases.count + phase.width
                - columnPhases.lowerBound
            return index * shapes.inputs * channelStride
                + (quotient.height - lowest.height) * pitch + quotient.width - lowest.width
        }
        return (0..<shapes.groupInputs).flatMap { channel in
            places.map { $0 + channel * channelStride }
        }
    }

    /// Lays out all channels of a block's part of the source.
    func gather(_ source: Tensor, _ block: Block, into memory: UnsafeMutableRawPointer) {
        let size = source.dataType.size
        let step = shapes.sourceStep
        let phaseStride = shapes.inputs * channelStride
        for (index, row) in rowPhases.enumerated() {
            for (position, sample) in block.samples.enumerated() {
                let grid = Grid(
                    on: shapes.source,
                    first: Size2D(
                        height: (lowest.height + block.rows.lowerBound) * step.height + row,
                        width: lowest.width * step.width + columnPhases.lowerBound),
                    step: step, rows: sampleRows, pitch: pitch)
                let start = sample * shapes.inputs * shapes.sourceCount
                let target =
                    index * columnPhases.count * phaseStride
                    + position * sampleRows * pitch
                kernels.gatherGrid(
                    source.dataType, grid, shapes.inputs, source.storage.pointer + start * size,
                    shapes.sourceCount, source.count - start, memory + target * size,
                    channelStride, columnPhases.count, phaseStride,
                    position == block.samples.count - 1 ? trailing : 0)
            }
        }
    }
}

extension Correlation {
    /// Where a tap lies, as a phase of the source and a position within it.
    fileprivate func position(of tap: Tap) -> (quotient: Size2D, phase: Size2D) {
        let row = dividingDown(tap.offset.height, by: sourceStep.height)
        let column = dividingDown(tap.offset.width, by: sourceStep.width)
        return (
            Size2D(height: row.quotient, width: column.quotient),
            Size2D(height: row.remainder, width: column.remainder)
        )
    }
}

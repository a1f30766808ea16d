import KernelInterface

/// How the images of a block are laid out so that every element of the filter is an offset in
/// linear memory: output position `p` sees `memory[offset + p]`, whatever row it is in.
///
/// An image is split into its phases, the elements that are `step` apart, so that neighbouring
/// stops see neighbouring elements. A phase has a frame of zeros where the filter extends beyond
/// it. One frame serves as the end of a row and the beginning of the next, and likewise for the
/// last row of a sample and the first of the next. Positions in the frame are computed too, and
/// discarded: the price of loops that ignore rows.
struct SourceLayout {
    /// The most samples, and rows of stops, that a block has. One of the two is complete.
    let samples: Int
    let rows: Int
    /// The rows of stops that are computed at a time.
    let passRows: Int
    /// The distance from one row to the next.
    let pitch: Int
    /// The number of rows from one sample to the next.
    let sampleRows: Int
    /// The distance from one channel to the next.
    let channelStride: Int
    /// Stops of a row.
    private let width: Int

    private let shapes: Correlation
    /// The phases that the filter sees: some along the height, a range along the width.
    private let rowPhases: [Int]
    private let columnPhases: Range<Int>
    /// The lowest offset of an element of the filter, in elements of its phase.
    private let lowest: Size2D
    /// Zeros after the last row.
    private let trailing: Int

    /// - Parameters:
    ///   - positions: how many positions a pass should have, limited by what fits a cache.
    ///   - resultsPerPosition: how many elements are computed for a position.
    ///   - tile: how many positions are computed at a time.
    ///   - columns: the pitch and the stops of a row are multiples of it.
    init(
        _ shapes: Correlation, positions: Int, resultsPerPosition: Int, tile: Int,
        columns: Int = 1
    ) {
        self.shapes = shapes
        let taps = shapes.taps.joined().map(shapes.position)
        rowPhases = Set(taps.map(\.phase.height)).sorted()
        let columnPhases = taps.map(\.phase.width)
        self.columnPhases = (columnPhases.min() ?? 0)..<(columnPhases.max() ?? -1) + 1
        let lowest = Size2D(
            height: taps.map(\.quotient.height).min() ?? 0,
            width: taps.map(\.quotient.width).min() ?? 0)
        self.lowest = lowest
        /// The distance between the outermost elements of the filter.
        let span = Size2D(
            height: (taps.map(\.quotient.height).max() ?? 0) - lowest.height,
            width: (taps.map(\.quotient.width).max() ?? 0) - lowest.width)

        /// How much of the frames before and after the elements of a phase can be shared.
        func shared(_ lowest: Int, _ span: Int, stops: Int, size: Int, step: Int) -> Int {
            min(max(0, -lowest), max(0, stops + lowest + span - (size + step - 1) / step))
        }
        let height = shapes.stops.height
        width = (shapes.stops.width + columns - 1) / columns * columns
        let sharedColumns = shared(
            lowest.width, span.width, stops: width, size: shapes.source.width,
            step: shapes.sourceStep.width)
        let sharedRows = shared(
            lowest.height, span.height, stops: height, size: shapes.source.height,
            step: shapes.sourceStep.height)
        let pitch = (width + span.width - sharedColumns + columns - 1) / columns * columns
        self.pitch = pitch

        let wholeRows = height + span.height - sharedRows
        let perPosition = max(1, shapes.inputs * rowPhases.count * self.columnPhases.count)
        let wanted = max(pitch, min(positions, (1 << 18) / max(1, resultsPerPosition)))
        /// The number of tiles that some rows take.
        func tiles(rows: Int) -> Int { (rows * pitch + tile - 1) / tile }
        if wanted >= wholeRows * pitch {
            let most = min(shapes.batch, wanted / (wholeRows * pitch))
            // Sound: the range has at least one number, so there is a least one.
            samples = (1...max(1, most)).reversed().min {
                tiles(rows: $0 * wholeRows) * $1 < tiles(rows: $1 * wholeRows) * $0
            }!
            (rows, passRows) = (height, height)
        } else {
            func cost(_ rows: Int) -> Int { (height + rows - 1) / rows * tiles(rows: rows) }
            samples = 1
            // Sound: the range has at least one number, so there is a least one.
            passRows = (1...max(1, min(height, wanted / pitch))).reversed().min {
                cost($0) < cost($1)
            }!
            // Few samples are split, for the sake of the threads; many are read in the order in
            // which they lie in memory if they fit the second-level cache.
            let most = shapes.batch < 8 ? passRows : (1 << 16) / (perPosition * pitch)
            rows = min(height, max(1, most / passRows) * passRows)
        }
        sampleRows = rows == height ? wholeRows : rows + span.height
        trailing = (rows == height ? sharedRows : 0) * pitch + sharedColumns + Self.overrun
        // An odd multiple of a cache line, so that channels fall into different sets of the cache.
        channelStride = (samples * sampleRows * pitch + trailing + Self.overrun - 1) / 16 * 16 | 16
    }

    /// More than the elements of a vector, which kernels read and write beyond an end.
    static let overrun = 48
}

extension SourceLayout {
    /// Some samples, and some of their rows of stops: one of the two is complete.
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

    /// The parts of a block that are computed one after the other, and the offset in memory of the
    /// first position of each.
    func passes(_ block: Block) -> [(pass: Block, start: Int)] {
        stride(from: block.rows.lowerBound, to: block.rows.upperBound, by: passRows).map { row in
            let rows = row..<min(block.rows.upperBound, row + passRows)
            return (
                Block(samples: block.samples, rows: rows), (row - block.rows.lowerBound) * pitch
            )
        }
    }

    /// The number of positions of a pass, from the first stop to the last.
    func positions(_ pass: Block) -> Int {
        ((pass.samples.count - 1) * sampleRows + pass.rows.count - 1) * pitch + width
    }

    /// The greatest number of positions of a pass.
    var mostPositions: Int { ((samples - 1) * sampleRows + passRows - 1) * pitch + width }

    /// The number of elements of memory, if kernels read `overrun` positions too many.
    func count(overrun: Int) -> Int {
        rowPhases.count * columnPhases.count * shapes.inputs * channelStride + overrun
            + Self.overrun
    }

    /// For each tap, the offset at which the first position of the first channel sees it.
    func places(_ taps: [Correlation.Tap]) -> [Int] {
        taps.map { tap in
            let (quotient, phase) = shapes.position(of: tap)
            // Sound: the phases are those of all taps.
            let index =
                rowPhases.firstIndex(of: phase.height)! * columnPhases.count + phase.width
                - columnPhases.lowerBound
            return index * shapes.inputs * channelStride
                + (quotient.height - lowest.height) * pitch + quotient.width - lowest.width
        }
    }

    /// The same for every channel of a group, channel after channel.
    func offsets(_ taps: [Correlation.Tap]) -> [Int] {
        let places = places(taps)
        return (0..<shapes.groupInputs).flatMap { channel in
            places.map { $0 + channel * channelStride }
        }
    }

    /// Lays out all channels of a block's part of the source.
    func gather(_ source: Tensor, _ block: Block, into memory: UnsafeMutableRawPointer) {
        let size = source.dataType.size
        let step = shapes.sourceStep
        let phaseStride = shapes.inputs * channelStride
        for (position, sample) in block.samples.enumerated() {
            forChunks(of: shapes.inputs, size: shapes.sourceCount) { chunk in
                let start = (sample * shapes.inputs + chunk.lowerBound) * shapes.sourceCount
                for (index, row) in rowPhases.enumerated() {
                    let grid = Grid(
                        on: shapes.source,
                        first: Size2D(
                            height: (lowest.height + block.rows.lowerBound) * step.height + row,
                            width: lowest.width * step.width + columnPhases.lowerBound),
                        step: step, rows: sampleRows, pitch: pitch)
                    let target =
                        index * columnPhases.count * phaseStride
                        + chunk.lowerBound * channelStride + position * sampleRows * pitch
                    kernels.gatherGrid(
                        source.dataType, grid, chunk.count, source.storage.pointer + start * size,
                        shapes.sourceCount, source.count - start, memory + target * size,
                        channelStride, columnPhases.count, phaseStride,
                        position == block.samples.count - 1 ? trailing : 0)
                }
            }
        }
    }
}

/// Calls `body` with ranges of channels of `size` elements, few enough that the first-level cache
/// holds them while they are read more than once.
func forChunks(of channels: Int, size: Int, _ body: (Range<Int>) -> Void) {
    let chunk = max(1, 4096 / max(1, size))
    for first in stride(from: 0, to: channels, by: chunk) {
        body(first..<min(channels, first + chunk))
    }
}

extension Correlation {
    /// The position of a tap, as a phase of the source and a position within it.
    fileprivate func position(of tap: Tap) -> (quotient: Size2D, phase: Size2D) {
        let row = dividingDown(tap.offset.height, by: sourceStep.height)
        let column = dividingDown(tap.offset.width, by: sourceStep.width)
        return (
            Size2D(height: row.quotient, width: column.quotient),
            Size2D(height: row.remainder, width: column.remainder)
        )
    }
}

import KernelInterface

extension Convolution {
    /// w(x, y) by its definition: for each channel and element of the filter, what the element sees
    /// times the outputs, over all positions of all samples.
    func directFilter(of x: Tensor, _ y: Tensor) -> Tensor {
        let type = x.dataType
        let shapes = forward
        let (groupOutputs, groupChannels) = (outputs / groups, channels / groups)
        let unit = kernels.outerProductColumns
        let columns = (groupOutputs + unit - 1) / unit * unit
        let layout = SourceLayout(
            shapes, positions: 512, resultsPerPosition: 4 * outputs, tile: 1)
        let offsets = layout.offsets(shapes.taps[0])
        let count = offsets.count * columns
        let sampleStride = layout.sampleRows * layout.pitch
        let partial = partialSums(blocks: layout.blocks, groups * count, type) { blocks, sum in
            let memory = Storage(type, count: layout.count(overrun: 0))
            let cotangents = CotangentRows(
                outputs, layout, columns: columns, step: 1, type)
            for block in blocks.lazy.map(layout.block) {
                layout.gather(x, block, into: memory.pointer)
                cotangents.gather(y, windows.stops, block)
                for (pass, start) in layout.passes(block) {
                    for position in 0..<pass.samples.count {
                        for group in 0..<groups {
                            cotangents.transpose(
                                pass, position, start: start, row: 0,
                                channels: group * groupOutputs..<(group + 1) * groupOutputs)
                            let first =
                                start + position * sampleStride
                                + group * groupChannels * layout.channelStride
                            kernels.addOuterProducts(
                                type, offsets.count, columns, pass.rows.count * layout.pitch,
                                memory.pointer + first * type.size, offsets,
                                cotangents.transposed[0].pointer, columns,
                                sum + group * count * type.size, columns)
                        }
                    }
                }
            }
        }
        let sum = partial.sum(axes: [0])
        let gradient = stridedCopy(
            of: sum, shape: [groups, groupOutputs, offsets.count], strides: [count, 1, columns])
        return withMissingPlaces(gradient.reshaped([outputs, groupChannels, places]))
    }

    /// Inserts zeros for the elements that do not take part.
    private func withMissingPlaces(_ gradient: Tensor) -> Tensor {
        let all = windows.window.height * windows.window.width
        guard places < all else { return gradient.reshaped(filterShape) }
        let zeros = Tensor.zeros(
            [outputs, channels / groups, all - places], dataType: gradient.dataType)
        return concatenated([gradient, zeros], axis: 2).reshaped(filterShape)
    }
}

/// Sums of `count` elements over fixed parts of the blocks, `[parts, count]`: as many parts as
/// there may be threads, but using no more memory than a few images.
func partialSums(
    blocks: Int, _ count: Int, _ type: DataType,
    _ add: (_ blocks: Range<Int>, _ sum: UnsafeMutableRawPointer) -> Void
) -> Tensor {
    let parts = min(blocks, 16, max(4, (1 << 21) / max(1, count)))
    return Tensor(type, [parts, count]) { partial in
        inParallel(parts, grain: 1, subnormalsAsZeros: true) { range in
            for part in range {
                let sum = partial.pointer + part * count * type.size
                sum.initializeMemory(as: UInt8.self, repeating: 0, count: count * type.size)
                add(part * blocks / parts..<(part + 1) * blocks / parts, sum)
            }
        }
    }
}

/// The cotangents of a block's outputs at the positions of a layout, with zeros where there is no
/// output: as rows of channels, and those of a pass transposed, `[positions, columns]`. Either all
/// in one part, or the even and the odd rows of the outputs.
struct CotangentRows {
    let columns: Int
    let transposed: [Storage]
    private let layout: SourceLayout
    private let channels: Int
    private let step: Int
    private let rows: [Storage]
    /// The distance from one channel to the next.
    private let stride: Int

    init(_ channels: Int, _ layout: SourceLayout, columns: Int, step: Int, _ type: DataType) {
        self.channels = channels
        self.layout = layout
        self.columns = columns
        self.step = step
        let positions = layout.samples * layout.rows * layout.pitch
        let stride = (positions + 2 * SourceLayout.overrun) / 16 * 16 | 16
        self.stride = stride
        rows = (0..<step).map { _ in Storage(type, count: channels * stride) }
        transposed = (0..<step).map { _ in
            Storage(type, count: (layout.passRows * layout.pitch + SourceLayout.overrun) * columns)
        }
    }

    /// Lays out the rows of a block's outputs.
    func gather(_ y: Tensor, _ size: Size2D, _ block: SourceLayout.Block) {
        let type = y.dataType
        let count = size.height * size.width
        for (position, sample) in block.samples.enumerated() {
            forChunks(of: channels, size: count) { chunk in
                let start = (sample * channels + chunk.lowerBound) * count
                let target =
                    chunk.lowerBound * stride + position * block.rows.count * layout.pitch
                for row in 0..<step {
                    let grid = Grid(
                        on: size,
                        first: Size2D(height: step * block.rows.lowerBound + row, width: 0),
                        step: Size2D(height: step, width: 1), rows: block.rows.count,
                        pitch: layout.pitch)
                    kernels.gatherGrid(
                        type, grid, chunk.count, y.storage.pointer + start * type.size, count,
                        y.count - start, rows[row].pointer + target * type.size, stride, 1, 0,
                        SourceLayout.overrun)
                }
            }
        }
    }

    /// Transposes what a pass needs of one of the block's samples, `start` positions from the
    /// block's beginning.
    func transpose(
        _ pass: SourceLayout.Block, _ position: Int, start: Int, row: Int, channels: Range<Int>
    ) {
        let type = rows[row].dataType
        let first =
            channels.lowerBound * stride + position * pass.rows.count * layout.pitch + start
        kernels.transpose(
            type, channels.count, pass.rows.count * layout.pitch,
            rows[row].pointer + first * type.size, stride, transposed[row].pointer, columns)
    }
}

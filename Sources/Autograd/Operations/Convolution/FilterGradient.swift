import KernelInterface

extension Convolution {
    /// w(x, y): inner products of the outputs with the picture as each place of the filter sees
    /// it, over all positions of all samples. Partial sums over fixed parts of the work are added
    /// up in the end.
    func filter(of x: Tensor, _ y: Tensor) -> Tensor {
        let type = x.dataType
        let correlation = forward
        guard batch > 0, Shape.count(filterShape) > 0 else {
            return Tensor.zeros(filterShape, dataType: type)
        }
        let layout = SourceLayout(
            correlation, positions: 2048, elements: 1 << 17, resultsPerPosition: outputs)
        let offsets = layout.offsets(correlation.taps[0])
        let outputStride =
            (layout.positions + layout.pitch + 2 * SourceLayout.overrun) / 16 * 16 | 16
        let count = outputs * offsets.count
        // As many parts as there may be threads, but no more memory than a few pictures take.
        let parts = min(layout.blocks, 16, max(1, (1 << 22) / max(1, count)))
        let partial = Tensor(type, [parts, outputs, channels / groups, places]) { partial in
            inParallel(parts, grain: 1) { range in
                let memory = Storage(type, count: layout.count(overrun: SourceLayout.overrun))
                let wide = Storage(type, count: outputs * outputStride)
                for part in range {
                    let target = partial.pointer + part * count * type.size
                    target.initializeMemory(
                        as: UInt8.self, repeating: 0, count: count * type.size)
                    let first = part * layout.blocks / parts
                    let last = (part + 1) * layout.blocks / parts
                    for block in (first..<last).lazy.map(layout.block) {
                        layout.gather(x, block, into: memory.pointer)
                        layOut(y, block, layout, into: wide, stride: outputStride)
                        for group in 0..<groups {
                            let rows = outputs / groups
                            kernels.sumProducts(
                                type, rows, offsets.count, layout.positions(block),
                                wide.pointer + group * rows * outputStride * type.size,
                                outputStride,
                                memory.pointer + group * correlation.groupInputs
                                    * layout.channelStride * type.size,
                                offsets, target + group * rows * offsets.count * type.size,
                                offsets.count)
                        }
                    }
                }
            }
        }
        let sum = partial.sum(axes: [0])
        return sum.reshaped(filterShape)
    }

    /// The outputs of a block at their positions, with zeros between.
    private func layOut(
        _ y: Tensor, _ block: SourceLayout.Block, _ layout: SourceLayout, into wide: Storage,
        stride: Int
    ) {
        let size = y.dataType.size
        let count = windows.stops.height * windows.stops.width
        for (position, sample) in block.samples.enumerated() {
            let isLast = position == block.samples.count - 1
            let grid = Grid(
                on: windows.stops, first: Size2D(height: block.rows.lowerBound, width: 0),
                step: 1, rows: isLast ? block.rows.count : layout.sampleRows, pitch: layout.pitch)
            let start = sample * outputs * count
            kernels.gatherGrid(
                y.dataType, grid, outputs, y.storage.pointer + start * size, count,
                y.count - start,
                wide.pointer + position * layout.sampleRows * layout.pitch * size, stride,
                1, 0, isLast ? SourceLayout.overrun : 0)
        }
    }
}

import KernelInterface

extension Correlation {
    /// The target, by one matrix product for each phase and group:
    ///
    ///     target[outputs, positions] = filter[outputs, depth] × source[depth, positions]
    ///
    /// where a row of the right factor is a channel of the source as seen by one element of the
    /// filter. That factor is never stored: its rows are the laid-out source at different offsets.
    func direct(_ source: Tensor, _ filter: Tensor) -> Tensor {
        let type = source.dataType
        return Tensor(type, [batch, outputs, target.height, target.width]) { result in
            guard result.count > 0 else { return }
            let tile = kernels.correlationTile(type, groupOutputs)
            let filterRows = (groupOutputs + tile.height - 1) / tile.height * tile.height
            let layout = SourceLayout(
                self, positions: 512, resultsPerPosition: 2 * filterRows * taps.count,
                tile: tile.width)
            let packed = packedFilters(filter, rows: filterRows, layout)
            let wideStride =
                (layout.mostPositions + tile.width - 1) / tile.width * tile.width
                + SourceLayout.overrun
            let phaseStride = filterRows * wideStride

            let work = outputs * groupInputs * taps.joined().count * layout.mostPositions
            inParallel(
                layout.blocks, grain: max(1, (1 << 19) / max(1, work)), subnormalsAsZeros: true
            ) { range in
                let memory = Storage(type, count: layout.count(overrun: tile.width))
                let wide = Storage(type, count: taps.count * phaseStride)
                for block in range.lazy.map(layout.block) {
                    layout.gather(source, block, into: memory.pointer)
                    for (pass, start) in layout.passes(block) {
                        let positions = layout.positions(pass)
                        for group in 0..<groups {
                            let first = start + group * groupInputs * layout.channelStride
                            for phase in taps.indices {
                                let factor = packed[group * taps.count + phase]
                                kernels.correlate(
                                    type, groupOutputs, positions, factor.offsets.count,
                                    factor.elements.pointer, memory.pointer + first * type.size,
                                    factor.offsets,
                                    wide.pointer + phase * phaseStride * type.size, wideStride)
                            }
                            scatter(
                                wide, wideStride: wideStride, phaseStride: phaseStride,
                                sampleStride: layout.sampleRows * layout.pitch, layout, pass,
                                group: group, into: result)
                        }
                    }
                }
            }
        }
    }

    /// A filter in the form that the kernel takes, and what each of its columns is multiplied by.
    private struct PackedFilter {
        let elements: Storage
        let offsets: [Int]
    }

    /// The filters of each phase of each group.
    private func packedFilters(
        _ filter: Tensor, rows: Int, _ layout: SourceLayout
    ) -> [PackedFilter] {
        let type = filter.dataType
        return (0..<groups).flatMap { group in
            taps.map { taps in
                let offsets = (0..<groupInputs).flatMap { input in
                    taps.map { input * filterStrides.input + $0.place }
                }
                let elements = Storage(type, count: rows * offsets.count)
                kernels.packFilter(
                    type, groupOutputs, offsets.count,
                    filter.storage.pointer + group * filterStrides.group * type.size,
                    filterStrides.output, offsets, elements.pointer)
                return PackedFilter(elements: elements, offsets: layout.offsets(taps))
            }
        }
    }

    /// Moves the results of a pass to their positions in the target, without those computed between
    /// the rows.
    func scatter(
        _ wide: Storage, wideStride: Int, phaseStride: Int, sampleStride: Int,
        _ layout: SourceLayout, _ pass: SourceLayout.Block, group: Int, into result: Storage
    ) {
        let type = wide.dataType
        let first = pass.rows.lowerBound * targetStep.height
        let grid = Grid(
            on: target, first: Size2D(height: first, width: 0), step: targetStep,
            rows: min(target.height - first, pass.rows.count * targetStep.height),
            pitch: layout.pitch)
        for (position, sample) in pass.samples.enumerated() {
            let start = (sample * outputs + group * groupOutputs) * targetCount
            kernels.scatterGrids(
                type, grid, groupOutputs,
                wide.pointer + position * sampleStride * type.size, wideStride, phaseStride,
                result.pointer + start * type.size, targetCount)
        }
    }
}

import KernelInterface
import Synchronization

/// A correlation by Winograd's algorithms, if the filter has 3 × 3 neighbouring elements, or 2 × 2
/// in every phase of source and target (as a filter of 4 × 4 with stride 2 has, and its transpose).
///
/// Tiles of 2 × 2 outputs take 16 products for each channel instead of 36, or 9 instead of 16. All
/// products of a kind form a matrix product, `[outputs, channels] × [channels, tiles]`.
///
/// The transforms add, subtract and halve, so the rounding error stays that of a direct sum: with
/// unit roundoff u, d channels (times phases of the source) and the sum |w| of the magnitudes of a
/// filter, an output is within 36 (d + 8) u · max |x| · |w| of the exact one. On normal random
/// numbers and 32 to 256 channels, the root mean square of the error was 0.58 to 0.67 times that of
/// the direct sum with 3 × 3 elements, 1.03 to 1.08 times with 4 × 4: the transforms add roundings,
/// but the sums are shorter. It is used in `float32` only.
struct WinogradCorrelation {
    /// The elements of the filter that see one phase of the source.
    private struct PhaseOfFilter {
        /// The rows of a tile, at its first column, and the last column.
        let tile: [Correlation.Tap]
        /// Row-major.
        let places: [Int]
    }

    private let shapes: Correlation
    /// The layout in rows of tiles: a tile at every second row and column of stops.
    private let tiled: Correlation
    /// For each phase of the target, one for each phase of the source.
    private let filters: [[PhaseOfFilter]]
    /// The size of the filter in each phase.
    private let reach: Int

    /// Nil if the algorithms do not apply or do not pay: their transforms are per channel, the
    /// products per pair of channels.
    init?(_ shapes: Correlation, _ type: DataType) {
        guard type == .float32, shapes.groups == 1, shapes.batch > 0,
            min(shapes.inputs, shapes.outputs) >= 16
        else { return nil }
        let places = shapes.taps.map(\.count).max() ?? 0
        let phases = shapes.sourceStep.height * shapes.sourceStep.width
        guard let reach = [2, 3].first(where: { $0 * $0 * phases == places }),
            Self.saves(reach, of: shapes.stops)
        else { return nil }
        var filters: [[PhaseOfFilter]] = []
        for taps in shapes.taps {
            let bySource = Dictionary(grouping: taps) { tap in
                Size2D(
                    height: dividingDown(tap.offset.height, by: shapes.sourceStep.height).remainder,
                    width: dividingDown(tap.offset.width, by: shapes.sourceStep.width).remainder)
            }
            guard bySource.count == phases else { return nil }
            let sorted = bySource.sorted {
                ($0.key.height, $0.key.width) < ($1.key.height, $1.key.width)
            }
            var phaseFilters: [PhaseOfFilter] = []
            for (_, taps) in sorted {
                guard let filter = Self.phase(taps, step: shapes.sourceStep, reach: reach) else {
                    return nil
                }
                phaseFilters.append(filter)
            }
            filters.append(phaseFilters)
        }
        self.shapes = shapes
        self.reach = reach
        self.filters = filters
        tiled = Correlation(
            batch: shapes.batch, groups: 1, inputs: shapes.inputs, outputs: shapes.outputs,
            source: shapes.source, target: shapes.target,
            sourceStep: Size2D(
                height: 2 * shapes.sourceStep.height, width: shapes.sourceStep.width),
            targetStep: Size2D(
                height: 2 * shapes.targetStep.height, width: shapes.targetStep.width),
            taps: filters.map { $0.flatMap(\.tile) }, filterStrides: shapes.filterStrides)
    }

    /// Whether far fewer products are needed, counting those computed in vain because tiles or the
    /// frames around the images are not full. The transforms take the rest of the time.
    private static func saves(_ reach: Int, of stops: Size2D) -> Bool {
        let points = (reach + 1) * (reach + 1)
        let tiles = (stops.height + 1) / 2 * ((stops.width + 3) / 2)
        let direct = reach * reach * (stops.height + 1) * (stops.width + 1)
        return 10 * points * tiles < 6 * direct
    }

    /// The taps if they are `reach` × `reach` neighbours in a phase of the source; else nil.
    private static func phase(
        _ taps: [Correlation.Tap], step: Size2D, reach: Int
    ) -> PhaseOfFilter? {
        let sorted = taps.sorted {
            ($0.offset.height, $0.offset.width) < ($1.offset.height, $1.offset.width)
        }
        guard sorted.count == reach * reach else { return nil }
        let first = sorted[0].offset
        func offset(_ row: Int, _ column: Int) -> Size2D {
            Size2D(
                height: first.height + row * step.height, width: first.width + column * step.width)
        }
        for (index, tap) in sorted.enumerated()
        where tap.offset != offset(index / reach, index % reach) { return nil }
        let rows = (0...reach).map { Correlation.Tap(place: 0, offset: offset($0, 0)) }
        return PhaseOfFilter(
            tile: rows + [Correlation.Tap(place: 0, offset: offset(0, reach))],
            places: sorted.map(\.place))
    }

    /// The distance from one point to the next: an odd multiple of a cache line, so that points
    /// fall into different sets of the cache.
    private func pointStride(_ count: Int) -> Int { (count + 15) / 16 * 16 | 16 }

    private var points: Int { (reach + 1) * (reach + 1) }
    /// Rows of the matrix of transformed images.
    private var depth: Int { filters[0].count * shapes.inputs }

    /// For each row of that matrix, the elements of the filter that its factors are made of.
    private func places(_ phase: [PhaseOfFilter]) -> [Int] {
        phase.flatMap { filter in
            (0..<shapes.inputs).flatMap { input in
                filter.places.map { input * shapes.filterStrides.input + $0 }
            }
        }
    }
}

extension WinogradCorrelation {
    /// The target; nil if an element of it is not finite. By definition it may then still be
    /// finite, as an infinity has spread to its whole tile.
    func callAsFunction(_ source: Tensor, _ filter: Tensor) -> Tensor? {
        let type = source.dataType
        let outputs = shapes.outputs
        let tile = kernels.correlationTile(type, outputs)
        /// The number of filters whose products are in memory at the same time.
        let rows = 2 * tile.height
        let layout = SourceLayout(
            tiled, positions: 512, resultsPerPosition: points * (depth + rows) / 2,
            tile: 2 * tile.width, columns: 2)
        let mostTiles = layout.samples * layout.passRows * layout.pitch / 2
        let stride = (mostTiles + SourceLayout.overrun) / 16 * 16 | 16
        let (imageStride, productStride) = (
            pointStride(depth * stride), pointStride(rows * stride)
        )
        let offsets = (0..<depth).map { $0 * stride }
        let wideStride = (2 * stride + SourceLayout.overrun) / 16 * 16 | 16
        let phaseStride = outputs * wideStride
        // As many filters as are multiplied, though the last of them may not be used.
        let packedStride = pointStride((outputs + rows - 1) / rows * rows * depth)
        let packed = filters.map {
            packedFilter(filter, $0, rows: rows, pointStride: packedStride)
        }
        let allFinite = Atomic(true)

        let result = Tensor(
            type, [shapes.batch, outputs, shapes.target.height, shapes.target.width]
        ) {
            result in
            inParallel(layout.blocks, grain: 1, subnormalsAsZeros: true) { range in
                let memory = Storage(type, count: layout.count(overrun: 0))
                let images = Storage(type, count: points * imageStride)
                let products = Storage(type, count: points * productStride)
                let wide = Storage(type, count: 2 * filters.count * phaseStride)
                for block in range.lazy.map(layout.block) {
                    layout.gather(source, block, into: memory.pointer)
                    for (pass, start) in layout.passes(block) {
                        let seen = memory.pointer + start * type.size
                        let tiles = pass.samples.count * pass.rows.count * layout.pitch / 2
                        for phase in filters.indices {
                            transform(
                                type, seen, layout, pass, filters[phase], into: images,
                                stride: stride)
                            for first in Swift.stride(from: 0, to: outputs, by: rows) {
                                for point in 0..<points {
                                    let factor = point * packedStride + first * depth
                                    kernels.correlate(
                                        type, rows, tiles, depth,
                                        packed[phase].pointer + factor * type.size,
                                        images.pointer + point * imageStride * type.size,
                                        offsets,
                                        products.pointer + point * productStride * type.size,
                                        stride)
                                }
                                let start = phase * phaseStride + first * wideStride
                                let isFinite = kernels.winogradOutputs(
                                    type, reach, min(rows, outputs - first), tiles,
                                    products.pointer, stride, productStride,
                                    wide.pointer + start * type.size, wideStride,
                                    filters.count * phaseStride)
                                if !isFinite { allFinite.store(false, ordering: .relaxed) }
                            }
                        }
                        tiled.scatter(
                            wide, wideStride: wideStride, phaseStride: phaseStride,
                            sampleStride: pass.rows.count * layout.pitch, layout, pass, group: 0,
                            into: result)
                    }
                }
            }
        }
        return allFinite.load(ordering: .relaxed) ? result : nil
    }

    private func packedFilter(
        _ filter: Tensor, _ phase: [PhaseOfFilter], rows: Int, pointStride: Int
    ) -> Storage {
        let type = filter.dataType
        let packed = Storage(type, count: points * pointStride)
        let places = places(phase)
        let parts = (shapes.outputs + rows - 1) / rows
        inParallel(parts, grain: max(1, (1 << 14) / (rows * depth))) { range in
            let filters = range.lowerBound * rows..<min(shapes.outputs, range.upperBound * rows)
            kernels.winogradFilters(
                type, reach, filters.count, depth,
                filter.storage.pointer
                    + filters.lowerBound * shapes.filterStrides.output * type.size,
                shapes.filterStrides.output, places,
                packed.pointer + filters.lowerBound * depth * type.size, pointStride)
        }
        return packed
    }

    /// Transforms the images of a pass, as one phase of the target sees them, sample after sample
    /// without the rows between.
    private func transform(
        _ type: DataType, _ memory: UnsafeRawPointer, _ layout: SourceLayout,
        _ pass: SourceLayout.Block, _ phase: [PhaseOfFilter], into images: Storage, stride: Int
    ) {
        let tiles = pass.rows.count * layout.pitch / 2
        for (index, filter) in phase.enumerated() {
            let rows = layout.places(filter.tile)
            for position in 0..<pass.samples.count {
                let target = index * shapes.inputs * stride + position * tiles
                kernels.winogradImages(
                    type, reach, shapes.inputs, tiles,
                    memory + position * layout.sampleRows * layout.pitch * type.size,
                    layout.channelStride, rows, images.pointer + target * type.size, stride,
                    pointStride(depth * stride))
            }
        }
    }
}

extension WinogradCorrelation {
    /// The gradient of the filter of a correlation with one phase of the target; nil if an element
    /// of it is not finite.
    func filter(of x: Tensor, _ y: Tensor, shape: [Int]) -> Tensor? {
        let type = x.dataType
        let columns = kernels.outerProductColumns
        let outputs = (shapes.outputs + columns - 1) / columns * columns
        let layout = SourceLayout(
            tiled, positions: 512, resultsPerPosition: points * (depth + outputs) / 2, tile: 1,
            columns: 2)
        let mostTiles = layout.samples * layout.passRows * layout.pitch / 2
        let stride = (mostTiles + SourceLayout.overrun) / 16 * 16 | 16
        let offsets = (0..<depth).map { $0 * stride }
        let imageStride = pointStride(depth * stride)
        let cotangentStride = pointStride(outputs * mostTiles)
        let productStride = depth * outputs
        let partial = partialSums(blocks: layout.blocks, points * productStride, type) {
            blocks, sum in
            let memory = Storage(type, count: layout.count(overrun: 0))
            let images = Storage(type, count: points * imageStride)
            let cotangents = Storage(type, count: points * cotangentStride)
            let rows = CotangentRows(shapes.outputs, layout, columns: outputs, step: 2, type)
            for block in blocks.lazy.map(layout.block) {
                layout.gather(x, block, into: memory.pointer)
                rows.gather(y, shapes.target, block)
                for (pass, start) in layout.passes(block) {
                    transform(
                        type, memory.pointer + start * type.size, layout, pass, filters[0],
                        into: images, stride: stride)
                    transform(
                        rows, layout, pass, start: start, into: cotangents,
                        stride: cotangentStride)
                    let tiles = pass.samples.count * pass.rows.count * layout.pitch / 2
                    for point in 0..<points {
                        kernels.addOuterProducts(
                            type, depth, outputs, tiles,
                            images.pointer + point * imageStride * type.size, offsets,
                            cotangents.pointer + point * cotangentStride * type.size, outputs,
                            sum + point * productStride * type.size, outputs)
                    }
                }
            }
        }
        let sum = partial.sum(axes: [0])
        let gradient = Tensor(type, shape) { gradient in
            let places = places(filters[0])
            let grain = max(1, (1 << 14) / (outputs * points))
            inParallel(depth, grain: grain) { range in
                kernels.winogradFilterGradients(
                    type, reach, shapes.outputs, range.count,
                    sum.storage.pointer + range.lowerBound * outputs * type.size, outputs,
                    productStride, gradient.pointer, shapes.filterStrides.output,
                    Array(
                        places[range.lowerBound * reach * reach..<range.upperBound * reach * reach])
                )
            }
        }
        return gradient.allFinite ? gradient : nil
    }

    /// Transforms the cotangents of a pass's outputs, with zeros where a tile is outside.
    private func transform(
        _ rows: CotangentRows, _ layout: SourceLayout, _ pass: SourceLayout.Block, start: Int,
        into cotangents: Storage, stride: Int
    ) {
        let type = cotangents.dataType
        let tiles = pass.rows.count * layout.pitch / 2
        for position in 0..<pass.samples.count {
            for row in 0..<2 {
                rows.transpose(
                    pass, position, start: start, row: row, channels: 0..<shapes.outputs)
            }
            let first = position * tiles * rows.columns
            kernels.winogradCotangents(
                type, reach, rows.columns, tiles, rows.transposed[0].pointer,
                rows.transposed[1].pointer, cotangents.pointer + first * type.size, stride)
        }
    }
}

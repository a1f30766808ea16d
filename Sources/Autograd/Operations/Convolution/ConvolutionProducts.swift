import KernelInterface

/// The shapes of a convolution, and its computation by matrix products: for each sample
///
///     output[outputs, stops] = filter[outputs, depth] × unfolded[depth, stops]
///
/// where a column of the unfolded picture holds the elements under the filter at one stop
/// (Chellapilla et al., "High Performance Convolutional Neural Networks for Document
/// Processing", 2006). The other two maps are the other two products of the same matrices.
///
/// The work is done in blocks of columns that depend on the shapes alone.
struct Convolution {
    let batch: Int
    let channels: Int
    let outputs: Int
    let groups: Int
    let windows: Windows

    /// Elements under the filter, of all groups.
    private var depth: Int { channels * windows.window.height * windows.window.width }
    private var groupDepth: Int { depth / groups }
    private var groupOutputs: Int { outputs / groups }
    private var stops: Int { windows.stops.height * windows.stops.width }
    private var pictureCount: Int { channels * windows.picture.height * windows.picture.width }
    private var outputCount: Int { outputs * stops }
    private var filterShape: [Int] {
        [outputs, channels / groups, windows.window.height, windows.window.width]
    }

    /// Whether unfolding changes nothing.
    private var isPointwise: Bool {
        windows.window == 1 && windows.stride == 1 && windows.padding == 0
    }

    /// y(x, w).
    func output(of x: Tensor, _ filter: Tensor) -> Tensor {
        let type = x.dataType
        return Tensor(type, [batch, outputs, windows.stops.height, windows.stops.width]) { y in
            inBlocks { range in
                let workspace = Workspace(self, type)
                for block in range.lazy.map(block) {
                    let unfolded = unfold(x, block, workspace)
                    let target = outputColumns(of: y, block, workspace)
                    for group in 0..<groups {
                        kernels.multiply(
                            type, groupOutputs, block.columns, groupDepth,
                            filter.storage.pointer + group * groupOutputs * groupDepth * type.size,
                            groupDepth, 1,
                            unfolded.pointer
                                + group * groupDepth * unfolded.stride * type.size,
                            unfolded.stride, 1,
                            target.pointer + group * groupOutputs * target.stride * type.size,
                            target.stride, false, workspace.product.pointer)
                    }
                    if block.samples.count > 1 { separate(target, into: y, block) }
                }
            }
        }
    }

    /// x(y, w).
    func picture(of y: Tensor, _ filter: Tensor) -> Tensor {
        let type = y.dataType
        let shape = [batch, channels, windows.picture.height, windows.picture.width]
        return Tensor(type, shape) { x in
            // Windows overlap: the parts of a sample are added one after the other.
            inBlocks(ofWholeSamples: true) { range in
                let workspace = Workspace(self, type)
                for block in range.lazy.map(block) {
                    let folds = !isPointwise || block.samples.count > 1
                    if folds, block.rows.lowerBound == 0 {
                        (x.pointer + block.samples.lowerBound * pictureCount * type.size)
                            .initializeMemory(
                                as: UInt8.self, repeating: 0,
                                count: block.samples.count * pictureCount * type.size)
                    }
                    let source = join(y, block, workspace)
                    let target =
                        folds
                        ? Columns(workspace.unfolded.pointer, stride: block.columns)
                        : pictureColumns(of: x, block)
                    for group in 0..<groups {
                        kernels.multiply(
                            type, groupDepth, block.columns, groupOutputs,
                            filter.storage.pointer + group * groupOutputs * groupDepth * type.size,
                            1, groupDepth,
                            source.pointer + group * groupOutputs * source.stride * type.size,
                            source.stride, 1,
                            target.pointer + group * groupDepth * target.stride * type.size,
                            target.stride, false, workspace.product.pointer)
                    }
                    if folds { fold(target, into: x, block) }
                }
            }
        }
    }

    /// w(x, y): the sum over all samples, of partial sums over fixed parts of the batch.
    func filter(of x: Tensor, _ y: Tensor) -> Tensor {
        let type = x.dataType
        let count = Shape.count(filterShape)
        guard batch > 0 else { return Tensor.zeros(filterShape, dataType: type) }
        let sampleBlocks = (batch + layout.samples - 1) / layout.samples
        // As many parts as there may be threads, but no more memory than a few pictures take.
        let parts = min(sampleBlocks, 16, max(1, (1 << 22) / max(1, count)))
        let partial = Tensor(type, [parts] + filterShape) { partial in
            inParallel(parts, grain: 1) { range in
                let workspace = Workspace(self, type)
                for part in range {
                    let target = partial.pointer + part * count * type.size
                    let first = part * sampleBlocks / parts * layout.parts
                    let last = (part + 1) * sampleBlocks / parts * layout.parts
                    for index in first..<last {
                        let block = block(index)
                        let unfolded = unfold(x, block, workspace)
                        let source = join(y, block, workspace)
                        for group in 0..<groups {
                            kernels.multiply(
                                type, groupOutputs, groupDepth, block.columns,
                                source.pointer + group * groupOutputs * source.stride * type.size,
                                source.stride, 1,
                                unfolded.pointer
                                    + group * groupDepth * unfolded.stride * type.size,
                                1, unfolded.stride,
                                target + group * groupOutputs * groupDepth * type.size,
                                groupDepth, index > first, workspace.product.pointer)
                        }
                    }
                }
            }
        }
        return partial.sum(axes: [0])
    }
}

// MARK: - Blocks of columns

extension Convolution {
    /// A matrix whose rows are `stride` elements apart.
    private struct Columns {
        let pointer: UnsafeMutableRawPointer
        let stride: Int

        init(_ pointer: UnsafeMutableRawPointer, stride: Int) {
            self.pointer = pointer
            self.stride = stride
        }
    }

    /// The columns of some rows of stops of one sample, or of several whole samples.
    private struct Block {
        let samples: Range<Int>
        let rows: Range<Int>
        let columns: Int
    }

    /// How the columns are cut: in blocks of `samples` samples, each in `parts` parts of `rows`
    /// rows of stops; one of the two is 1.
    private struct Layout {
        let samples: Int
        let rows: Int
        let parts: Int
    }

    /// Blocks wide enough that the product is worth packing the filter for it (256 columns), yet
    /// that the unfolded block stays in the second-level cache where it can.
    private var layout: Layout {
        let wanted = max(256, (1 << 16) / max(1, depth))
        let rows = min(windows.stops.height, max(1, wanted / windows.stops.width))
        return Layout(
            samples: stops < 256 ? max(1, min(batch, 256 / stops)) : 1, rows: rows,
            parts: (windows.stops.height + rows - 1) / rows)
    }

    private func block(_ index: Int) -> Block {
        let layout = layout
        let first = index / layout.parts * layout.samples
        let samples = first..<min(batch, first + layout.samples)
        let row = index % layout.parts * layout.rows
        let rows = row..<min(windows.stops.height, row + layout.rows)
        return Block(
            samples: samples, rows: rows,
            columns: samples.count * rows.count * windows.stops.width)
    }

    /// Calls `body` with ranges of blocks, in parallel; with all parts of a sample in the same
    /// range if they must be.
    private func inBlocks(ofWholeSamples: Bool = false, _ body: (Range<Int>) -> Void) {
        let layout = layout
        let unit = ofWholeSamples ? layout.parts : 1
        let units = (batch + layout.samples - 1) / layout.samples * (layout.parts / unit)
        let work = outputs * groupDepth * stops * layout.samples / layout.parts * unit
        inParallel(units, grain: max(1, (1 << 19) / max(1, work))) { range in
            body(range.lowerBound * unit..<range.upperBound * unit)
        }
    }

    /// Memory of one thread: an unfolded block, a block of outputs of joined samples, and what
    /// the product needs.
    private struct Workspace {
        let unfolded: Storage
        let joined: Storage
        let product: Storage

        init(_ shapes: Convolution, _ type: DataType) {
            let columns = shapes.block(0).columns
            let isJoined = shapes.layout.samples > 1
            unfolded = Storage(type, count: shapes.depth * columns)
            joined = Storage(type, count: isJoined ? shapes.outputs * columns : 0)
            product = Storage(.uint8, count: kernels.mostProductWorkspace)
        }
    }

    private func unfold(_ x: Tensor, _ block: Block, _ workspace: Workspace) -> Columns {
        let size = x.dataType.size
        if isPointwise, block.samples.count == 1 { return pictureColumns(of: x.storage, block) }
        for (position, sample) in block.samples.enumerated() {
            kernels.unfold(
                x.dataType, windows, channels, block.rows, 0,
                x.storage.pointer + sample * pictureCount * size,
                workspace.unfolded.pointer + position * stops * size, block.columns)
        }
        return Columns(workspace.unfolded.pointer, stride: block.columns)
    }

    private func fold(_ columns: Columns, into x: Storage, _ block: Block) {
        let size = x.dataType.size
        for (position, sample) in block.samples.enumerated() {
            kernels.fold(
                x.dataType, windows, channels, block.rows,
                columns.pointer + position * stops * size, columns.stride,
                x.pointer + sample * pictureCount * size)
        }
    }

    /// The picture itself, where it is its own unfolding.
    private func pictureColumns(of x: Storage, _ block: Block) -> Columns {
        let start =
            block.samples.lowerBound * pictureCount + block.rows.lowerBound * windows.stops.width
        return Columns(x.pointer + start * x.dataType.size, stride: stops)
    }

    /// Where a product writes a block of outputs: in place, or to memory of its own where
    /// several samples are joined.
    private func outputColumns(of y: Storage, _ block: Block, _ workspace: Workspace) -> Columns {
        if block.samples.count > 1 {
            return Columns(workspace.joined.pointer, stride: block.columns)
        }
        let start =
            block.samples.lowerBound * outputCount + block.rows.lowerBound * windows.stops.width
        return Columns(y.pointer + start * y.dataType.size, stride: stops)
    }

    /// A block of outputs as a factor of a product: `[outputs, columns]`.
    private func join(_ y: Tensor, _ block: Block, _ workspace: Workspace) -> Columns {
        let columns = outputColumns(of: y.storage, block, workspace)
        if block.samples.count > 1 {
            kernels.copyStrided(
                y.dataType.size, [outputs, block.samples.count, stops], [stops, outputCount, 1],
                y.storage.pointer + block.samples.lowerBound * outputCount * y.dataType.size,
                columns.pointer)
        }
        return columns
    }

    /// The inverse of `join`.
    private func separate(_ columns: Columns, into y: Storage, _ block: Block) {
        kernels.copyStrided(
            y.dataType.size, [block.samples.count, outputs, stops], [stops, columns.stride, 1],
            columns.pointer,
            y.pointer + block.samples.lowerBound * outputCount * y.dataType.size)
    }
}

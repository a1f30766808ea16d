import KernelInterface

extension Correlation {
    /// Whether an element of the target depends only on those at the same position: the laid-out
    /// source would be the source itself.
    private var isPointwise: Bool {
        sourceStep == 1 && targetStep == 1 && source == target && taps[0].count == 1
            && taps[0][0].offset == 0
    }

    /// A matrix product for each sample and group, directly from the source to the target; nil if
    /// the correlation is not pointwise, or if there is no room for what a kernel computes beyond
    /// the last row or column.
    func pointwise(_ source: Tensor, _ filter: Tensor) -> Tensor? {
        let type = source.dataType
        let tile = kernels.correlationTile(type, groupOutputs)
        let count = sourceCount
        guard isPointwise, count % tile.width == 0, groupOutputs % tile.height == 0,
            groupInputs > 0, outputs * count > 0
        else { return nil }
        let offsets = (0..<groupInputs).map { $0 * count }
        let filterOffsets = (0..<groupInputs).map { $0 * filterStrides.input }
        let groupSize = groupOutputs * groupInputs
        let packed = Storage(type, count: groups * groupSize)
        for group in 0..<groups {
            kernels.packFilter(
                type, groupOutputs, groupInputs,
                filter.storage.pointer + group * filterStrides.group * type.size,
                filterStrides.output, filterOffsets,
                packed.pointer + group * groupSize * type.size)
        }
        // Parts of a sample's columns that fit the second-level cache with the filter.
        let part = max(1, min(count, (1 << 15) / groupInputs) / tile.width) * tile.width
        let parts = (count + part - 1) / part
        return Tensor(type, [batch, outputs, target.height, target.width]) { result in
            let work = max(1, groupSize * part)
            inParallel(
                batch * groups * parts, grain: max(1, (1 << 19) / work), subnormalsAsZeros: true
            ) { range in
                for index in range {
                    let (matrix, start) = (index / parts, index % parts * part)
                    let (sample, group) = (matrix / groups, matrix % groups)
                    let from = (sample * inputs + group * groupInputs) * count + start
                    let to = (sample * outputs + group * groupOutputs) * count + start
                    kernels.correlate(
                        type, groupOutputs, min(part, count - start), groupInputs,
                        packed.pointer + group * groupSize * type.size,
                        source.storage.pointer + from * type.size, offsets,
                        result.pointer + to * type.size, count)
                }
            }
        }
    }
}

extension Convolution {
    /// w(x, y) if an output depends on the image's elements at its own position only; nil if not,
    /// or if a kernel would read beyond the last row.
    func pointwiseFilter(of x: Tensor, _ y: Tensor) -> Tensor? {
        let type = x.dataType
        let count = windows.image.height * windows.image.width
        guard
            windows.window == 1, windows.stride == 1, windows.padding == 0, places == 1,
            groups == 1, count > 0, count % kernels.correlationTile(type, 64).width == 0
        else { return nil }
        let unit = kernels.outerProductColumns
        let columns = (outputs + unit - 1) / unit * unit
        let offsets = (0..<channels).map { $0 * count }
        let partial = partialSums(blocks: batch, channels * columns, type) { samples, sum in
            let transposed = Storage(type, count: count * columns)
            for sample in samples {
                kernels.transpose(
                    type, outputs, count,
                    y.storage.pointer + sample * outputs * count * type.size, count,
                    transposed.pointer, columns)
                kernels.addOuterProducts(
                    type, channels, columns, count,
                    x.storage.pointer + sample * channels * count * type.size, offsets,
                    transposed.pointer, columns, sum, columns)
            }
        }
        let sum = partial.sum(axes: [0])
        return stridedCopy(of: sum, shape: [outputs, channels], strides: [1, columns])
            .reshaped(filterShape)
    }
}

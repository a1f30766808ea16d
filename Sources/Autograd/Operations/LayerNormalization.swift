import KernelInterface

/// Normalises every sample to mean 0 and variance 1 (up to ε) over its last axes, then scales and
/// shifts it (Ba et al., "Layer Normalization", arXiv:1607.06450):
///
///     y = weight · (x − mean) / √(variance + ε) + bias
///
/// - Parameters:
///   - x: `[…] + shape`.
///   - weight: `shape`, the sizes of the axes over which mean and variance are taken.
///   - bias: `shape`.
///   - epsilon: ε.
public func layerNormalization(
    _ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Double = 1e-5
) -> Tensor {
    guard weight.rank > 0, weight.shape == bias.shape,
        x.shape.suffix(weight.rank) == weight.shape[...], x.dataType == weight.dataType,
        x.dataType == bias.dataType, x.dataType.isFloatingPoint
    else {
        trap(
            "layerNormalization",
            "a weight of \(weight.dataType) of shape \(weight.shape) and a bias of "
                + "\(bias.dataType) of shape \(bias.shape) for a tensor of \(x.dataType) of shape "
                + "\(x.shape)")
    }
    // Each row is read once to normalise it and once in the reverse sweep; besides, the sweep only
    // needs two numbers of each row.
    let rows = NormalizedRows(stopGradient(x), stopGradient(weight), stopGradient(bias), epsilon)
    return differentiable("layerNormalization", [x, weight, bias]) { _ in
        rows.values
    } pullback: { operands, _ in
        { cotangent in
            guard cotangent.isWatched || operands.contains(where: \.isWatched) else {
                return rows.pullback(operands[0], operands[1], cotangent)
            }
            return valueWithPullback(at: operands) {
                composedLayerNormalization($0[0], $0[1], $0[2], epsilon)
            }.pullback(cotangent)
        }
    } pushforward: { operands, _, tangents in
        jacobianVectorProduct(at: operands, along: tangents) {
            composedLayerNormalization($0[0], $0[1], $0[2], epsilon)
        }.derivative
    } samplewise: { operands, _ in
        guard operands[0].rank > operands[1].rank else { return nil }
        return { cotangent, samples in
            guard cotangent.isWatched || operands.contains(where: \.isWatched) else {
                let results = rows.pullback(operands[0], operands[1], cotangent, samples: samples)
                return [.own(results[0]), .all(results[1]), .all(results[2])]
            }
            return sampleCotangents(at: operands, from: cotangent, samples: samples) {
                composedLayerNormalization($0[0], $0[1], $0[2], epsilon)
            }
        }
    }
}

/// The same as a chain of elementary operations, differentiable to any order.
func composedLayerNormalization(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ epsilon: Double
) -> Tensor {
    let axes = (1...weight.rank).map { -$0 }
    let deviation = x - x.mean(axes: axes, keepingAxes: true)
    let variance = square(deviation).mean(axes: axes, keepingAxes: true)
    return deviation * rsqrt(variance + epsilon) * weight + bias
}

/// Normalised rows, and for each its mean and the reciprocal of the square root of its variance
/// plus ε.
private struct NormalizedRows {
    let values: Tensor
    private let means: Tensor
    private let reciprocals: Tensor
    private let count: Int

    init(_ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ epsilon: Double) {
        let (type, count) = (x.dataType, weight.count)
        let rows = count > 0 ? x.count / count : 0
        let (means, reciprocals) = (Storage(type, count: rows), Storage(type, count: rows))
        values = Tensor(type, x.shape) { output in
            inParallel(rows, grain: Self.grain(count)) { range in
                let (row, start) = (range.lowerBound * type.size, range.lowerBound * count)
                kernels.normalizeRows(
                    type, epsilon, x.storage.pointer + start * type.size, range.count, count,
                    weight.storage.pointer, bias.storage.pointer,
                    output.pointer + start * type.size, means.pointer + row,
                    reciprocals.pointer + row)
            }
        }
        self.count = count
        self.means = Tensor(means, [rows])
        self.reciprocals = Tensor(reciprocals, [rows])
    }

    /// The cotangents of the tensor, its weight and its bias. Those of weight and bias are summed
    /// over blocks of rows, and then over the blocks; or given for each of so many samples, which
    /// have equally many rows.
    func pullback(
        _ x: Tensor, _ weight: Tensor, _ cotangent: Tensor, samples: Int? = nil
    ) -> [Tensor] {
        let (type, rows) = (x.dataType, means.count)
        let grain = samples.map { max(1, rows / $0) } ?? Self.grain(count)
        let blocks = samples ?? ((rows + grain - 1) / grain)
        let sums = Tensor.zeros([2, blocks, count], dataType: type)
        let result = Tensor(type, x.shape) { output in
            inParallel(rows, grain: grain) { range in
                let (row, start) = (range.lowerBound * type.size, range.lowerBound * count)
                let block = range.lowerBound / grain
                kernels.normalizeRowsPullback(
                    type, x.storage.pointer + start * type.size,
                    cotangent.storage.pointer + start * type.size, range.count, count,
                    weight.storage.pointer, means.storage.pointer + row,
                    reciprocals.storage.pointer + row, output.pointer + start * type.size,
                    sums.storage.pointer + block * count * type.size,
                    sums.storage.pointer + (blocks + block) * count * type.size)
            }
        }
        if samples != nil {
            return [result] + (0..<2).map { sums[$0].reshaped([blocks] + weight.shape) }
        }
        let totals = sums.sum(axes: [1])
        return [result, totals[0].reshaped(weight.shape), totals[1].reshaped(weight.shape)]
    }

    /// Rows of a block of parallel work: few enough that their sum does not lose digits.
    private static func grain(_ count: Int) -> Int {
        min(longestColumn, max(1, elementwiseGrain / max(1, count)))
    }
}

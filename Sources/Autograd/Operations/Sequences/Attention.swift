import KernelInterface

/// Weighted means of values, with weights that depend on how well a query matches each key (Vaswani
/// et al., "Attention Is All You Need", arXiv:1706.03762, equation 1):
///
///     softmax(Q Kᵀ / √size + mask) V
///
/// - Parameters:
///   - query: Q, `[batch, heads, queries, size]`.
///   - key: K, `[batch, heads, keys, size]`.
///   - value: V, `[batch, heads, keys, value size]`.
///   - mask: added to the scores, of a shape that broadcasts to `[batch, heads, queries, keys]`: −∞
///     where a query must not attend. A query that cannot attend to any key has the value NaN.
///   - isCausal: whether query t can attend to keys 0…t only.
/// - Returns: `[batch, heads, queries, value size]`.
public func scaledDotProductAttention(
    query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, isCausal: Bool = false
) -> Tensor {
    guard query.rank == 4, key.rank == 4, value.rank == 4,
        query.shape[..<2] == key.shape[..<2], query.shape[3] == key.shape[3],
        value.shape[..<3] == key.shape[..<3]
    else {
        trap(
            "scaledDotProductAttention",
            "queries of shape \(query.shape), keys of \(key.shape) and values of \(value.shape)")
    }
    let type = query.dataType
    guard type.isFloatingPoint, key.dataType == type, value.dataType == type else {
        trap(
            "scaledDotProductAttention",
            "data types differ: \(query.dataType), \(key.dataType) and \(value.dataType)")
    }
    _ = Shape.count(
        query.shape.dropLast() + [key.shape[2]], in: "scaledDotProductAttention")
    if mask != nil { return composedAttention(query, key, value, mask, isCausal) }
    let operands = [query, key, value]
    let heads = AttentionHeads(query, key, value, isCausal: isCausal)
    let shapes = operands.map(\.shape)
    return attend(
        "scaledDotProductAttention", operands, heads, query.shape.dropLast() + [value.shape[3]]
    ) { tensors in
        zip(tensors, shapes).map { HeadLayout($0.storage, heads: $1) }
    } composed: {
        composedAttention($0[0], $0[1], $0[2], nil, isCausal)
    }
}

/// Multi-head self-attention: each position attends to all positions of its sequence. See
/// ``scaledDotProductAttention(query:key:value:mask:isCausal:)``.
///
/// - Parameters:
///   - projections: queries, keys and values concatenated, `[batch, tokens, 3 size]`; the heads are
///     concatenated in each.
///   - heads: the number of heads; divides `size`.
///   - isCausal: whether a position attends to itself and earlier ones only.
/// - Returns: the heads concatenated, `[batch, tokens, size]`.
public func selfAttention(_ projections: Tensor, heads: Int, isCausal: Bool = false) -> Tensor {
    let width = projections.shape.last ?? 0
    guard projections.rank == 3, heads > 0, heads <= max(width, 1), width % (3 * heads) == 0 else {
        trap(
            "selfAttention",
            "projections of shape \(projections.shape) do not split into queries, keys and "
                + "values of \(heads) heads")
    }
    projections.checkFloatingPoint("selfAttention")
    let (batch, tokens) = (projections.shape[0], projections.shape[1])
    _ = Shape.count([batch, heads, tokens, tokens], in: "selfAttention")
    let layout = AttentionHeads(projections, heads, isCausal: isCausal)
    let size = projections.shape[2] / 3
    return attend(
        "selfAttention", [projections], layout, [batch, tokens, size]
    ) { tensors in
        (0..<3).map {
            HeadLayout(tensors[0].storage, tokens, size / heads, stride: 3 * size, first: $0 * size)
        }
    } composed: {
        composedSelfAttention($0[0], heads, isCausal)
    }
}

/// The operation, fused: the weights of one head at a time, computed and used in the cache. They
/// are kept for the reverse sweep. `layouts` says where queries, keys and values are in the
/// operands, or in tensors like them.
private func attend(
    _ operation: StaticString, _ operands: [Tensor], _ heads: AttentionHeads, _ shape: [Int],
    layouts: @escaping ([Tensor]) -> [HeadLayout],
    composed: @escaping ([Tensor]) -> Tensor
) -> Tensor {
    let type = operands[0].dataType
    let weights = operands.contains(where: \.isWatched) ? Storage(type, count: heads.weights) : nil
    func pullBack(_ operands: [Tensor], _ cotangent: Tensor) -> [Tensor] {
        guard let weights, !cotangent.isWatched, !operands.contains(where: \.isWatched) else {
            return valueWithPullback(at: operands, of: composed).pullback(cotangent)
        }
        let results = operands.map { Tensor(Storage(type, count: $0.count), $0.shape) }
        heads.pullBack(
            type, layouts(operands), weights, HeadLayout(cotangent.storage, like: shape, heads),
            layouts(results))
        return results
    }
    return differentiable(operation, operands) { operands in
        Tensor(type, shape) { output in
            heads.attend(type, layouts(operands), HeadLayout(output, like: shape, heads), weights)
        }
    } pullback: { operands, _ in
        { cotangent in pullBack(operands, cotangent) }
    } pushforward: { operands, _, tangents in
        jacobianVectorProduct(at: operands, along: tangents, of: composed).derivative
    } samplewise: { operands, _ in
        { cotangent, _ in
            pullBack(operands, cotangent).map { .own($0) }
        }
    }
}

private func composedSelfAttention(
    _ projections: Tensor, _ heads: Int, _ isCausal: Bool
) -> Tensor {
    let (batch, tokens) = (projections.shape[0], projections.shape[1])
    let size = projections.shape[2] / 3
    let split = projections.reshaped([batch, tokens, 3, heads, size / heads])
        .transposed([2, 0, 3, 1, 4])
    return composedAttention(split[0], split[1], split[2], nil, isCausal)
        .swappingAxes(1, 2).reshaped([batch, tokens, size])
}

private func composedAttention(
    _ query: Tensor, _ key: Tensor, _ value: Tensor, _ mask: Tensor?, _ isCausal: Bool
) -> Tensor {
    let scale = 1 / Double(query.shape[3]).squareRoot()
    var scores = matmul(query * scale, key, transposingRight: true)
    if let mask { scores = scores + mask }
    if isCausal {
        scores = scores + causalMask(query.shape[2], key.shape[2], dataType: query.dataType)
    }
    return matmul(softmax(scores), value)
}

/// 0 up to the diagonal, −∞ above it.
private func causalMask(_ queries: Int, _ keys: Int, dataType: DataType) -> Tensor {
    let elements = (0..<queries).flatMap { query in
        (0..<keys).map { $0 <= query ? 0 : -Float.infinity }
    }
    return Tensor(elements, shape: [queries, keys]).cast(to: dataType)
}

import KernelInterface

/// Weighted means of values, the weights by how well a query fits each key (Vaswani et al.,
/// "Attention Is All You Need", arXiv:1706.03762, equation 1):
///
///     softmax(Q Kᵀ / √size + mask) V
///
/// - Parameters:
///   - query: Q, `[batch, heads, queries, size]`.
///   - key: K, `[batch, heads, keys, size]`.
///   - value: V, `[batch, heads, keys, value size]`.
///   - mask: added to the fits, of a shape that broadcasts to `[batch, heads, queries, keys]`: −∞
///     where a query may not look. A query that may look nowhere has not-a-number for a value.
///   - isCausal: whether query t may look at keys 0…t only.
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
    return composedAttention(query, key, value, mask, isCausal)
}

/// Attention of a sequence to itself in several heads: each position asks, and all positions of
/// its sequence answer. See ``scaledDotProductAttention(query:key:value:mask:isCausal:)``.
///
/// - Parameters:
///   - projections: queries, keys and values side by side, `[batch, tokens, 3 size]`; the heads
///     lie side by side in each.
///   - heads: how many; divides `size`.
///   - isCausal: whether a position sees itself and those before it only.
/// - Returns: the heads side by side, `[batch, tokens, size]`.
public func selfAttention(_ projections: Tensor, heads: Int, isCausal: Bool = false) -> Tensor {
    guard projections.rank == 3, heads > 0, projections.shape[2] % (3 * heads) == 0 else {
        trap(
            "selfAttention",
            "projections of shape \(projections.shape) do not split into queries, keys and "
                + "values of \(heads) heads")
    }
    return composedSelfAttention(projections, heads, isCausal)
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

/// 0 up to the diagonal, −∞ beyond it.
private func causalMask(_ queries: Int, _ keys: Int, dataType: DataType) -> Tensor {
    let elements = (0..<queries).flatMap { query in
        (0..<keys).map { $0 <= query ? 0 : -Float.infinity }
    }
    return Tensor(elements, shape: [queries, keys]).cast(to: dataType)
}

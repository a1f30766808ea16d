/// Every sample with mean 0 and variance 1 (but for ε) over its last axes, then scaled and
/// shifted (Ba et al., "Layer Normalization", arXiv:1607.06450):
///
///     y = weight · (x − mean) / √(variance + ε) + bias
///
/// - Parameters:
///   - x: `[…] + shape`.
///   - weight: `shape`: the sizes of the axes that mean and variance are taken over.
///   - bias: `shape`.
///   - epsilon: ε.
public func layerNormalization(
    _ x: Tensor, weight: Tensor, bias: Tensor, epsilon: Double = 1e-5
) -> Tensor {
    guard weight.rank > 0, weight.shape == bias.shape,
        x.shape.suffix(weight.rank) == weight.shape[...]
    else {
        trap(
            "layerNormalization",
            "a weight of shape \(weight.shape) and a bias of \(bias.shape) for a tensor of shape "
                + "\(x.shape)")
    }
    return composedLayerNormalization(x, weight, bias, epsilon)
}

private func composedLayerNormalization(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ epsilon: Double
) -> Tensor {
    let axes = (1...weight.rank).map { -$0 }
    let deviation = x - x.mean(axes: axes, keepingAxes: true)
    let variance = square(deviation).mean(axes: axes, keepingAxes: true)
    return deviation * rsqrt(variance + epsilon) * weight + bias
}

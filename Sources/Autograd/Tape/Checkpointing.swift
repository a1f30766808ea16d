/// `function(x)`, keeping only `x`: what the derivative needs is computed again in the reverse
/// sweep (Chen et al., "Training Deep Nets with Sublinear Memory Cost", arXiv:1604.06174).
///
/// Everything watched that the function uses must be in `x`. Traps if it captures a watched tensor
/// instead, whose gradient would be lost.
public func checkpointed<Point: Differentiable>(
    _ x: Point, _ function: @escaping (Point) -> Tensor
) -> Tensor {
    let operands = x.tensors
    // What the tape keeps must not itself refer to a tape.
    let template = x.replacingTensors(with: operands.map(stopGradient))
    return differentiable("checkpointed", operands) { operands in
        let y = function(template.replacingTensors(with: operands))
        guard !y.isWatched else {
            trap(
                "checkpointed",
                "the function captures a watched tensor: pass everything watched as its argument")
        }
        return y
    } pullback: { operands, _ in
        { cotangent in
            let point = template.replacingTensors(with: operands)
            return valueWithPullback(at: point, of: function).pullback(cotangent).tensors
        }
    } pushforward: { operands, _, tangents in
        jacobianVectorProduct(
            at: template.replacingTensors(with: operands),
            along: template.replacingTensors(with: tangents), of: function
        ).derivative
    } samplewise: { operands, _ in
        { cotangent, samples in
            sampleCotangents(at: operands, from: cotangent, samples: samples) {
                function(template.replacingTensors(with: $0))
            }
        }
    }
}

import Autograd

extension Differentiable {
    /// The Euclidean norm of all tensors together: the root of the sum of the squares of all their
    /// elements.
    public var globalNorm: Double {
        func sumOfSquares(_ type: DataType?) -> Double {
            tensors.reduce(0) { sum, tensor in
                sum + square(tensor.cast(to: type ?? tensor.dataType)).sum().scalar
            }
        }
        let sum = sumOfSquares(nil)
        // In float32 squares overflow from 1.8e19.
        return (sum.isFinite ? sum : sumOfSquares(.float64)).squareRoot()
    }

    /// Multiplies all tensors by one factor, so that ``globalNorm`` is at most `limit` (Pascanu et
    /// al., "On the difficulty of training recurrent neural networks", arXiv:1211.5063). If the
    /// norm is not finite they are left unchanged, so that this can be detected. Traps if `limit`
    /// is not positive.
    ///
    /// - Returns: the norm before clipping.
    @discardableResult
    public mutating func clip(globalNorm limit: Double) -> Double {
        guard limit > 0 else { programmerError("clip", "global norm \(limit) is not above 0") }
        let norm = globalNorm
        if norm > limit, norm.isFinite {
            visitTensors { $0 *= limit / norm }
        }
        return norm
    }

    /// Clamps each element to `-limit...limit`. Traps if `limit` is not positive.
    public mutating func clip(magnitude limit: Double) {
        guard limit > 0 else { programmerError("clip", "magnitude \(limit) is not above 0") }
        visitTensors { $0 = clamp($0, from: -limit, through: limit) }
    }
}

/// How gradients are clipped.
public enum GradientClipping: Sendable, Hashable {
    /// Limits the norm of all gradients together.
    case globalNorm(Double)
    /// Limits the magnitude of each element.
    case magnitude(Double)

    package func apply<Gradients: Differentiable>(to gradients: inout Gradients) {
        switch self {
        case .globalNorm(let limit): gradients.clip(globalNorm: limit)
        case .magnitude(let limit): gradients.clip(magnitude: limit)
        }
    }
}

import Autograd

extension Differentiable {
    /// The Euclidean norm of all tensors together: the root of the sum of the squares of all
    /// their elements.
    public var globalNorm: Double {
        func sumOfSquares(_ type: DataType?) -> Double {
            tensors.reduce(0) { sum, tensor in
                sum + square(tensor.cast(to: type ?? tensor.dataType)).sum().scalar
            }
        }
        let sum = sumOfSquares(nil)
        // Squares overflow in float32 from 1.8e19 on.
        return (sum.isFinite ? sum : sumOfSquares(.float64)).squareRoot()
    }

    /// Multiplies all tensors by one number, so that ``globalNorm`` is not above `limit`
    /// (Pascanu et al., "On the difficulty of training recurrent neural networks",
    /// arXiv:1211.5063). Where the norm is not finite they stay as they are, to be found out.
    ///
    /// - Returns: the norm before.
    @discardableResult
    public mutating func clip(globalNorm limit: Double) -> Double {
        guard limit > 0 else { programmerError("clip", "global norm \(limit) is not above 0") }
        let norm = globalNorm
        if norm > limit, norm.isFinite {
            visitTensors { $0 *= limit / norm }
        }
        return norm
    }

    /// Limits every element to `-limit...limit`.
    public mutating func clip(magnitude limit: Double) {
        guard limit > 0 else { programmerError("clip", "magnitude \(limit) is not above 0") }
        visitTensors { $0 = clamp($0, from: -limit, through: limit) }
    }
}

/// How gradients are kept small.
public enum GradientClipping: Sendable, Hashable {
    /// The norm of all gradients together is at most this.
    case globalNorm(Double)
    /// The magnitude of every element is at most this.
    case magnitude(Double)

    package func apply<Gradients: Differentiable>(to gradients: inout Gradients) {
        switch self {
        case .globalNorm(let limit): gradients.clip(globalNorm: limit)
        case .magnitude(let limit): gradients.clip(magnitude: limit)
        }
    }
}

import Autograd

/// x ↦ σ x + (1 − σ) m, where m and the gate σ of a component are made of the components before it
/// (Kingma et al., "Improving Variational Inference with Inverse Autoregressive Flow",
/// arXiv:1606.04934, algorithm 1): all components at once, while the inverse takes them one after
/// another.
public struct InverseAutoregressiveFlow: Bijection {
    private let network: @Sendable (_ x: Tensor) -> (mean: Tensor, gate: Tensor)

    /// - Parameter network: from vectors `[…, size]` to m, and to σ before the sigmoid, of the same
    ///   shape; those of a component may depend only on components that come before it in some order,
    ///   and what it captures can be differentiated.
    public init(
        network: @escaping @Sendable (_ x: Tensor) -> (mean: Tensor, gate: Tensor)
    ) {
        self.network = network
    }

    public var eventRank: Int { 1 }

    public func callAsFunction(_ x: Tensor) -> Tensor { valueWithLogDeterminant(at: x).value }

    public func logDeterminant(at x: Tensor) -> Tensor {
        valueWithLogDeterminant(at: x).logDeterminant
    }

    public func valueWithLogDeterminant(
        at x: Tensor
    ) -> (value: Tensor, logDeterminant: Tensor) {
        let (mean, gate) = network(x)
        return (mean + sigmoid(gate) * (x - mean), -softplus(-gate).sum(axes: [-1]))
    }

    public func inverse(_ y: Tensor) -> Tensor { inverseWithLogDeterminant(y).argument }

    /// Each evaluation of the network makes one more component right.
    public func inverseWithLogDeterminant(
        _ y: Tensor
    ) -> (argument: Tensor, logDeterminant: Tensor) {
        var x = y
        var gate = y
        for _ in 0...y.shape[y.rank - 1] {
            let (mean, next) = network(x)
            gate = next
            x = mean + (y - mean) * (1 + exp(-gate))
        }
        return (x, -softplus(-gate).sum(axes: [-1]))
    }
}

/// The inverse of a function as a function: of an inverse autoregressive flow the masked
/// autoregressive flow, whose densities are computed for all components at once (Papamakarios et al.,
/// arXiv:1705.07057).
public struct Inverted<Function: Bijection>: Bijection {
    /// The function that is inverted.
    public let function: Function

    public init(_ function: Function) { self.function = function }

    public var eventRank: Int { function.eventRank }
    public func callAsFunction(_ x: Tensor) -> Tensor { function.inverse(x) }
    public func inverse(_ y: Tensor) -> Tensor { function(y) }

    public func logDeterminant(at x: Tensor) -> Tensor {
        valueWithLogDeterminant(at: x).logDeterminant
    }

    public func valueWithLogDeterminant(
        at x: Tensor
    ) -> (value: Tensor, logDeterminant: Tensor) {
        let (argument, logDeterminant) = function.inverseWithLogDeterminant(x)
        return (argument, -logDeterminant)
    }

    public func inverseWithLogDeterminant(
        _ y: Tensor
    ) -> (argument: Tensor, logDeterminant: Tensor) {
        let (value, logDeterminant) = function.valueWithLogDeterminant(at: y)
        return (value, -logDeterminant)
    }
}

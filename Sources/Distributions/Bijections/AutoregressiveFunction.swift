import Autograd

/// x ↦ shift + scale · x, where shift and scale of a component are made of the components before it: all
/// components at once, while the inverse takes them one after another. As a function of draws it is an
/// inverse autoregressive flow (Kingma et al., arXiv:1606.04934), and ``Inverted`` a masked
/// autoregressive one (Papamakarios et al., arXiv:1705.07057), whose densities are computed at once.
public struct AutoregressiveFunction: Bijection {
    private let network: @Sendable (_ x: Tensor) -> (shift: Tensor, logScale: Tensor)

    /// - Parameter network: from vectors `[…, size]` to shifts and the logarithms of scales, of the same
    ///   shape; those of a component may depend only on components that come before it in some order,
    ///   and what it captures can be differentiated.
    public init(
        network: @escaping @Sendable (_ x: Tensor) -> (shift: Tensor, logScale: Tensor)
    ) {
        self.network = network
    }

    public var eventRank: Int { 1 }

    public func callAsFunction(_ x: Tensor) -> Tensor { valueWithLogDeterminant(at: x).value }

    public func logDeterminant(at x: Tensor) -> Tensor {
        network(x).logScale.sum(axes: [-1])
    }

    public func valueWithLogDeterminant(
        at x: Tensor
    ) -> (value: Tensor, logDeterminant: Tensor) {
        let (shift, logScale) = network(x)
        return (shift + exp(logScale) * x, logScale.sum(axes: [-1]))
    }

    public func inverse(_ y: Tensor) -> Tensor { inverseWithLogDeterminant(y).argument }

    /// Each evaluation of the network makes one more component right.
    public func inverseWithLogDeterminant(
        _ y: Tensor
    ) -> (argument: Tensor, logDeterminant: Tensor) {
        var (x, logScale) = (y, y)
        for _ in 0...y.shape[y.rank - 1] {
            // One that is not yet right may have overflown, and masks would not keep it from others.
            let isFinite = stopGradient(x).isFinite
            let (shift, next) = network(select(isFinite, x, Tensor(0, dataType: x.dataType)))
            logScale = next
            x = (y - shift) * exp(-logScale)
        }
        return (x, logScale.sum(axes: [-1]))
    }
}

/// The inverse of a function as a function.
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

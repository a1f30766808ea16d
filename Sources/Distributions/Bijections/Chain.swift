import Autograd

/// Functions one after another, the first one first: a normalising flow, if they are trained.
public struct Chain: Bijection {
    /// The first one first.
    public let functions: [any Bijection]

    /// Of any number of functions; of none it is the identity.
    public init(_ functions: [any Bijection]) { self.functions = functions }

    public var eventRank: Int { functions.map(\.eventRank).max() ?? 0 }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        functions.reduce(x) { $1($0) }
    }

    public func inverse(_ y: Tensor) -> Tensor {
        functions.reversed().reduce(y) { $1.inverse($0) }
    }

    public func logDeterminant(at x: Tensor) -> Tensor {
        valueWithLogDeterminant(at: x).logDeterminant
    }

    public func valueWithLogDeterminant(
        at x: Tensor
    ) -> (value: Tensor, logDeterminant: Tensor) {
        functions.reduce((x, noDeterminant(of: x))) { sum, function in
            let (value, logDeterminant) = function.valueWithLogDeterminant(at: sum.0)
            return (value, sum.1 + ofEvent(logDeterminant, function))
        }
    }

    public func inverseWithLogDeterminant(
        _ y: Tensor
    ) -> (argument: Tensor, logDeterminant: Tensor) {
        functions.reversed().reduce((y, noDeterminant(of: y))) { sum, function in
            let (argument, logDeterminant) = function.inverseWithLogDeterminant(sum.0)
            return (argument, sum.1 + ofEvent(logDeterminant, function))
        }
    }

    private func noDeterminant(of x: Tensor) -> Tensor {
        Tensor.zeros(x.shape.dropLast(eventRank), dataType: x.dataType)
    }

    /// The sums over the axes of an event that a function treats one by one.
    private func ofEvent(_ logDeterminant: Tensor, _ function: any Bijection) -> Tensor {
        let (axes, rank) = (eventRank - function.eventRank, logDeterminant.rank)
        return axes == 0 ? logDeterminant : logDeterminant.sum(axes: Array(rank - axes..<rank))
    }

    public func range(of domain: ClosedRange<Double>) -> ClosedRange<Double> {
        functions.reduce(domain) { $1.range(of: $0) }
    }
}

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
        var x = x
        var sum = Tensor.zeros(x.shape.dropLast(eventRank), dataType: x.dataType)
        for function in functions {
            let determinant = function.logDeterminant(at: x)
            let axes = eventRank - function.eventRank
            sum +=
                axes == 0
                ? determinant
                : determinant.sum(axes: Array(determinant.rank - axes..<determinant.rank))
            x = function(x)
        }
        return sum
    }

    public func range(of domain: ClosedRange<Double>) -> ClosedRange<Double> {
        functions.reduce(domain) { $1.range(of: $0) }
    }
}

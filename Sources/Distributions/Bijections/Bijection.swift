import Autograd

/// An invertible differentiable function of tensors, with the logarithm of how it stretches volumes.
public protocol Bijection: Sendable {
    /// The number of last axes that it acts on together: 0 for functions of single numbers.
    var eventRank: Int { get }
    /// The value, of the shape of `x`.
    func callAsFunction(_ x: Tensor) -> Tensor
    /// The argument that has the value `y`.
    func inverse(_ y: Tensor) -> Tensor
    /// log |det ∂f/∂x|, of the shape of `x` without the axes that the function acts on together.
    func logDeterminant(at x: Tensor) -> Tensor
    /// Both at once, where they are computed from the same.
    func valueWithLogDeterminant(at x: Tensor) -> (value: Tensor, logDeterminant: Tensor)
    /// The argument that has the value `y`, and log |det ∂f/∂x| there.
    func inverseWithLogDeterminant(_ y: Tensor) -> (argument: Tensor, logDeterminant: Tensor)
    /// An interval of the components of the value, from one of those of the argument.
    func range(of domain: ClosedRange<Double>) -> ClosedRange<Double>
}

extension Bijection {
    public var eventRank: Int { 0 }
    public func range(of domain: ClosedRange<Double>) -> ClosedRange<Double> { .unbounded }

    public func valueWithLogDeterminant(
        at x: Tensor
    ) -> (value: Tensor, logDeterminant: Tensor) {
        (self(x), logDeterminant(at: x))
    }

    public func inverseWithLogDeterminant(
        _ y: Tensor
    ) -> (argument: Tensor, logDeterminant: Tensor) {
        let x = inverse(y)
        return (x, logDeterminant(at: x))
    }
}

/// A function of single numbers that only rises or only falls.
public protocol MonotoneBijection: Bijection {
    /// Where the function rises, as `bool` of a shape that broadcasts with the argument's.
    func isIncreasing(_ shape: [Int]) -> Tensor
}

extension MonotoneBijection {
    public func isIncreasing(_ shape: [Int]) -> Tensor { Tensor(repeating: 1, shape: shape) .> 0 }
}

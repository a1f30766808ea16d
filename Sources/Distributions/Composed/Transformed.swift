import Autograd

/// A continuous distribution whose draws go through an invertible function: p(y) = p(x) |det ∂x/∂y|
/// with y = f(x). A chain of trained functions is a normalising flow (Rezende and Mohamed,
/// arXiv:1505.05770).
///
/// Mean and variance are known for an ``Affine`` function alone.
public struct Transformed<Base: ContinuousDistribution, Function: Bijection>:
    ContinuousDistribution
{
    /// The distribution of the arguments.
    public let base: Base
    /// The function that draws of the base go through.
    public let function: Function

    /// Traps if the function acts on more axes than an event of the base has: make the base
    /// ``Independent`` over them.
    public init(_ base: Base, by function: Function) {
        guard function.eventRank <= base.eventRank else {
            programmerError(
                "Transformed",
                "\(Function.self) acts on \(function.eventRank) axes, events of the base have "
                    + "\(base.eventRank)")
        }
        (self.base, self.function) = (base, function)
    }

    public var shape: [Int] { base.shape }
    public var dataType: DataType { base.dataType }
    public var eventRank: Int { base.eventRank }
    public var support: ClosedRange<Double> { function.range(of: base.support) }

    public var mean: Tensor {
        guard let affine = function as? Affine else { noClosedForm("mean") }
        return affine(base.mean)
    }

    public var variance: Tensor {
        guard let affine = function as? Affine else { noClosedForm("variance") }
        return square(affine.scale) * base.variance
    }

    /// The entropy of the base plus log |s| for an affine function.
    public var entropy: Tensor? {
        guard let affine = function as? Affine, let entropy = base.entropy else { return nil }
        return entropy + summed(affine.logDeterminant(at: base.mean))
    }

    public func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        function(base.sample(draws, using: &generator))
    }

    public func sampleWithKnownDensity(
        _ draws: [Int], using generator: inout RandomGenerator
    ) -> (value: Tensor, logProbability: Tensor?) {
        valueWithLogProbability(at: base.sample(draws, using: &generator))
    }

    /// What the function makes of draws of the base, and the logarithm of the density there, without an
    /// inverse.
    public func valueWithLogProbability(
        at x: Tensor
    ) -> (value: Tensor, logProbability: Tensor) {
        let (value, logDeterminant) = function.valueWithLogDeterminant(at: x)
        return (value, base.logProbability(of: x) - summed(logDeterminant))
    }

    /// −∞ where the function has no such value.
    public func logProbability(of y: Tensor) -> Tensor {
        requireDraw(y)
        let range = function.range(of: .unbounded)
        guard range != .unbounded else { return logDensity(y) }
        let fixed = stopGradient(y)
        let isOutside = (fixed .<= range.lowerBound) .| (fixed .>= range.upperBound)
        let inner = function(Tensor(0, dataType: y.dataType))
        let density = logDensity(select(isOutside, inner, y))
        let events = isOutside.any(axes: Array(y.rank - eventRank..<y.rank))
        return select(events, Tensor(-.infinity, dataType: y.dataType), density)
    }

    private func logDensity(_ y: Tensor) -> Tensor {
        let (x, logDeterminant) = function.inverseWithLogDeterminant(y)
        return base.logProbability(of: x) - summed(logDeterminant)
    }

    /// The sums over the axes of an event that the function treats one by one.
    private func summed(_ x: Tensor) -> Tensor {
        let axes = eventRank - function.eventRank
        return axes == 0 ? x : x.sum(axes: Array(x.rank - axes..<x.rank))
    }
}

extension Transformed: ReparameterizedDistribution where Base: ReparameterizedDistribution {}

extension Transformed: UnivariateDistribution
where Base: UnivariateDistribution, Function: MonotoneBijection {
    public func quantile(_ probability: Tensor) -> Tensor {
        let isIncreasing = function.isIncreasing(shape)
        return function(base.quantile(select(isIncreasing, probability, 1 - probability)))
    }
}

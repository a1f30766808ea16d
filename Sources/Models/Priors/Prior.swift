import Autograd
import Distributions

/// A module that gives codes a distribution before a sample is seen: new codes are drawn from it.
public protocol Prior: ConditionalPrior {
    /// The distribution of one code, without an axis of samples.
    ///
    /// - Parameter encoder: that of the model, which says how large codes are, and of which a prior
    ///   may be made.
    func callAsFunction(
        for encoder: some VariationalEncoder, in context: inout PassContext
    ) -> any ContinuousDistribution
}

/// Independent standard normal numbers.
public struct StandardNormalPrior: Prior {
    /// There is nothing to choose.
    public init() {}

    public func callAsFunction(
        for encoder: some VariationalEncoder, in context: inout PassContext
    ) -> any ContinuousDistribution {
        Independent(
            Normal.standard([encoder.latentSize], dataType: encoder.dataType), axes: 1)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

/// Unit vectors, none more likely than another.
public struct UniformDirectionPrior: Prior {
    /// There is nothing to choose.
    public init() {}

    public func callAsFunction(
        for encoder: some VariationalEncoder, in context: inout PassContext
    ) -> any ContinuousDistribution {
        UniformDirection([encoder.latentSize], dataType: encoder.dataType)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

import Autograd
import Distributions
import Foundation

/// An encoder whose codes are draws of a normal distribution that went through invertible functions,
/// one after another (Rezende and Mohamed, "Variational Inference with Normalizing Flows",
/// arXiv:1505.05770): posteriors that need not be round.
public struct FlowEncoder<Body: Layer, Flow: FlowNetwork>: VariationalEncoder {
    /// Gives the normal distribution.
    public var base: GaussianEncoder<Body>
    /// Give the functions, the first one first.
    public var flows: [Flow]

    public init(base: GaussianEncoder<Body>, flows: [Flow]) {
        (self.base, self.flows) = (base, flows)
    }

    public var latentSize: Int { base.latentSize }

    public func callAsFunction(
        _ input: Tensor, in context: inout PassContext
    ) -> Transformed<Independent<Normal>, Chain> {
        let features = base.features(of: input, in: &context)
        let normal = base.posterior(of: features, in: &context)
        var functions: [any Bijection] = []
        for flow in flows { functions.append(flow(features, in: &context)) }
        return Transformed(normal, by: Chain(functions))
    }

    public func draw(
        _ count: Int, from posterior: Transformed<Independent<Normal>, Chain>,
        using generator: inout RandomGenerator
    ) -> PosteriorDraw {
        let origin = base.draw(count, from: posterior.base, using: &generator)
        // For the functions, whose parameters are one for each sample.
        let drawn = origin.code.reshaped([count] + posterior.shape)
        let (code, logProbability) = posterior.valueWithLogProbability(at: drawn)
        return PosteriorDraw(
            code: code.reshaped(origin.code.shape),
            logProbability: logProbability.flattened(fromAxis: 0), draws: origin.draws,
            origin: PosteriorDraw.Origin(distribution: posterior.base, code: origin.code))
    }

    /// What the functions make of the mean of the normal distribution: the mean of the codes has no
    /// closed form.
    public func centre(of posterior: Transformed<Independent<Normal>, Chain>) -> Tensor {
        posterior.function(posterior.base.mean)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.inline("base", &base)
        visitor("flows", &flows)
    }
}

/// A module that makes an invertible function of codes for each sample.
public protocol FlowNetwork: Module {
    associatedtype Function: Bijection
    /// - Parameter features: of the samples, `[batch, features]`.
    func callAsFunction(_ features: Tensor, in context: inout PassContext) -> Function
}

/// Planar functions, whose parameters depend on the sample. They start near the identity.
public struct PlanarFlowNetwork: FlowNetwork {
    /// From features to the direction, the weight and the bias, one after another.
    public var parameters: Dense
    private let latentSize: Int

    public init(features: Int, latentSize: Int, using generator: inout RandomGenerator) {
        parameters = Dense(features, 2 * latentSize + 1, using: &generator)
        let (directions, others) = (
            parameters.weight[..<latentSize], parameters.weight[latentSize...]
        )
        parameters.weight = concatenated([0.1 * directions, others])
        self.latentSize = latentSize
    }

    public func callAsFunction(
        _ features: Tensor, in context: inout PassContext
    ) -> PlanarFlow {
        let values = parameters(features, in: &context)
        return PlanarFlow(
            direction: values.sliced(axis: 1, 0..<latentSize),
            weight: values.sliced(axis: 1, latentSize..<2 * latentSize),
            bias: values.sliced(axis: 1, 2 * latentSize..<2 * latentSize + 1).squeezed(axes: [1]))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("parameters", &parameters)
    }
}

/// Radial functions, whose parameters depend on the sample.
public struct RadialFlowNetwork: FlowNetwork {
    /// From features to the centre, the logarithm of the radius and the strength, one after another.
    public var parameters: Dense
    private let latentSize: Int

    public init(features: Int, latentSize: Int, using generator: inout RandomGenerator) {
        parameters = Dense(features, latentSize + 2, using: &generator)
        self.latentSize = latentSize
    }

    public func callAsFunction(
        _ features: Tensor, in context: inout PassContext
    ) -> RadialFlow {
        let values = parameters(features, in: &context)
        func number(_ place: Int) -> Tensor {
            values.sliced(axis: 1, place..<place + 1).squeezed(axes: [1])
        }
        return RadialFlow(
            centre: values.sliced(axis: 1, 0..<latentSize),
            logRadius: softlyBounded(number(latentSize), to: 10), strength: number(latentSize + 1))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("parameters", &parameters)
    }
}

/// Inverse autoregressive flows, x ↦ σ x + m: shifts m and scales σ of components, from 0 to 2, depend on
/// the components before them, and on the sample (Kingma et al., "Improving Variational Inference with
/// Inverse Autoregressive Flow", arXiv:1606.04934, section 4). They start near the identity.
public struct InverseAutoregressiveFlowNetwork: FlowNetwork {
    /// From codes, and features as its context, to shifts and scales.
    public var network: AutoregressiveNetwork

    /// - Parameters:
    ///   - hiddenSizes: the units of the hidden layers of the autoregressive network.
    ///   - isReversed: whether components come before those that stand before them: so for every
    ///     second function.
    public init(
        features: Int, latentSize: Int, hiddenSizes: [Int], isReversed: Bool,
        using generator: inout RandomGenerator
    ) {
        network = AutoregressiveNetwork(
            components: latentSize, hiddenSizes: hiddenSizes, outputs: 2, contextSize: features,
            isReversed: isReversed, using: &generator)
        let last = network.layers.count - 1
        network.layers[last].weight *= 0.1
    }

    public func callAsFunction(
        _ features: Tensor, in context: inout PassContext
    ) -> AutoregressiveFunction {
        let (start, network) = (context, network)
        return AutoregressiveFunction { x in
            var context = start
            let outputs = network(x, given: features, in: &context)
            return (
                outputs[.ellipsis, 0, 0...], log(2.0) - softplus(-outputs[.ellipsis, 1, 0...])
            )
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("network", &network)
    }
}

import Autograd
import Distributions

/// An encoder whose codes are unit vectors, with a von Mises–Fisher posterior (Davidson et al.,
/// "Hyperspherical Variational Auto-Encoders", arXiv:1804.00891). Its prior is a
/// ``UniformDirectionPrior``.
public struct HypersphericalEncoder<Body: Layer>: VariationalEncoder {
    /// From samples, `[batch, …]`, to features.
    public var body: Body
    /// From flattened features to the mean direction.
    public var direction: Dense
    /// From flattened features to the concentration, before a softplus and with 1 added.
    public var concentration: Dense

    /// - Parameters:
    ///   - features: the number of features that the body computes for a sample.
    ///   - latentSize: the number of components of a code, at least 2.
    public init(
        _ body: Body, features: Int, latentSize: Int, using generator: inout RandomGenerator
    ) {
        guard latentSize >= 2 else {
            programmerError("HypersphericalEncoder", "directions of \(latentSize) numbers")
        }
        self.body = body
        direction = Dense(features, latentSize, using: &generator)
        concentration = Dense(features, 1, using: &generator)
    }

    public var latentSize: Int { direction.weight.shape[0] }

    public func callAsFunction(
        _ input: Tensor, in context: inout PassContext
    ) -> VonMisesFisher {
        let features = body(input, in: &context).flattened()
        // Without this a direction of length 0 could not be scaled to length 1.
        let direction = direction(features, in: &context) + 1e-6
        return VonMisesFisher(
            meanDirection: direction,
            concentration: 1 + softplus(concentration(features, in: &context)).squeezed(axes: [1]))
    }

    /// The mean directions: means of the posterior lie inside of the sphere, where no code does.
    public func centre(of posterior: VonMisesFisher) -> Tensor { posterior.meanDirection }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("body", &body)
        visitor("direction", &direction)
        visitor("concentration", &concentration)
    }
}

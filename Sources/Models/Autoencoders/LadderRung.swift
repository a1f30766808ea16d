import Autograd
import Distributions

/// A layer of a ``LadderNetwork``: what is said of its code from below, and from above.
public struct LadderRung: Module {
    /// From what is below, the sample first of all, to features.
    public var up: MultilayerPerceptron
    /// From the features to the mean of a code.
    public var mean: Dense
    /// The same, to the logarithm of the variance.
    public var logVariance: Dense
    /// From the code above to features; nil at the top, where the prior is the standard normal
    /// distribution.
    public var down: MultilayerPerceptron?
    /// From these features to the mean of the prior; nil at the top.
    public var priorMean: Dense?
    /// The same, to the logarithm of the variance; nil at the top.
    public var priorLogVariance: Dense?

    /// The code of a layer above, and the features between it and this one.
    struct Above {
        let latentSize, features: Int
    }

    init(
        inputs: Int, features: Int, latentSize: Int, above: Above?,
        activation: ActivationFunction, using generator: inout RandomGenerator
    ) {
        func network(_ inputs: Int, _ features: Int) -> MultilayerPerceptron {
            MultilayerPerceptron(
                [inputs, features, features], activation: activation, outputActivation: activation,
                using: &generator)
        }
        up = network(inputs, features)
        mean = Dense(features, latentSize, using: &generator)
        logVariance = Dense(features, latentSize, using: &generator)
        guard let above else { return }
        down = network(above.latentSize, above.features)
        priorMean = Dense(above.features, latentSize, using: &generator)
        priorLogVariance = Dense(above.features, latentSize, using: &generator)
    }

    /// What features say of the code.
    func evidence(of features: Tensor, in context: inout PassContext) -> Independent<Normal> {
        .heads(mean, logVariance, of: features, in: &context)
    }

    /// What the code above says of the code.
    ///
    /// - Parameter rows: of codes, where there is none above.
    func prior(above: Tensor?, rows: Int, in context: inout PassContext) -> Independent<Normal> {
        guard let above, let down, let priorMean, let priorLogVariance else {
            return Independent(Normal.standard([rows, mean.weight.shape[0]], dataType: dataType))
        }
        let features = down(above, in: &context)
        return .heads(priorMean, priorLogVariance, of: features, in: &context)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("up", &up)
        visitor("mean", &mean)
        visitor("logVariance", &logVariance)
        visitor("down", &down)
        visitor("priorMean", &priorMean)
        visitor("priorLogVariance", &priorLogVariance)
    }
}

extension Independent<Normal> {
    /// The normalised product of two densities: their precisions add up (Sønderby et al.,
    /// arXiv:1602.02282, equations 17 to 19).
    func product(with other: Self) -> Self {
        let (own, others) = (base.logVariance, other.base.logVariance)
        let logPrecision = softplus(own - others) - own
        let share = exp(-own - logPrecision)
        return Self(
            Normal(
                mean: share * mean + (1 - share) * other.mean, logVariance: -logPrecision))
    }

    /// The same distribution for each of several draws.
    func repeated(_ draws: Draws) -> Self {
        Self(
            Normal(
                mean: draws.repeated(base.mean), logVariance: draws.repeated(base.logVariance)))
    }
}

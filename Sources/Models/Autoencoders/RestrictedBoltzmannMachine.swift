import Autograd
import Datasets

/// The restricted Boltzmann machine: visible units v, hidden units h, and an energy that connects
/// each visible unit with each hidden one, but no two of the same kind (Smolensky, 1986;
/// Hinton, "Training Products of Experts by Minimizing Contrastive Divergence", 2002).
///
///     E(v, h) = −vᵀa − hᵀb − hᵀWv          units that are 0 or 1
///
/// For normal units with variance 1, ½|v − a|² replaces −vᵀa (Welling, Rosen-Zvi and Hinton,
/// 2005) and ½|h|² − hᵀb replaces −hᵀb. Given one side, the units of the other are independent.
///
/// A pass also runs a Markov chain, from the data or from where the chain of the previous pass
/// ended; ``ContrastiveDivergence`` compares its final state with the data.
public struct RestrictedBoltzmannMachine: TiedLayer, Generates {
    /// The values of a unit.
    public enum Units: String, NamedOptionValue {
        /// 0 or 1. Values in between serve as probabilities.
        case bernoulli
        /// A real number, normally distributed with variance 1.
        case gaussian
    }

    /// Where the Markov chains of training start.
    public enum Chains: String, NamedOptionValue {
        /// At the samples of the batch: contrastive divergence.
        case data
        /// Where those of the previous step ended (Tieleman, "Training Restricted Boltzmann
        /// Machines using Approximations to the Likelihood Gradient", 2008).
        case persistent
    }

    /// W, `[hidden, visible]`.
    public var weight: Tensor
    /// b, `[hidden]`.
    public var codeBias: Tensor
    /// a, `[visible]`.
    public var outputBias: Tensor
    /// The visible units of the persistent chains, `[chains, visible]`; nil if there are none.
    public var chains: Tensor?

    /// The kind of the visible units.
    public let visible: Units
    /// The kind of the hidden units.
    public let hidden: Units
    /// The number of Gibbs steps of a chain in each pass: k.
    public let steps: Int
    let sampleShape: [Int]

    /// Traps if `steps` is below 1 or `persistentChains` is negative.
    ///
    /// - Parameters:
    ///   - sampleShape: of one sample, whose elements are the visible units.
    ///   - latentSize: the number of hidden units.
    ///   - steps: k, at least 1.
    ///   - persistentChains: the number of chains; 0 for chains that start at the data.
    public init(
        sampleShape: [Int], latentSize: Int, visible: Units = .bernoulli,
        hidden: Units = .bernoulli, steps: Int = 1, persistentChains: Int = 0,
        using generator: inout RandomGenerator
    ) {
        let elements = sampleShape.reduce(1, *)
        guard steps >= 1, persistentChains >= 0 else {
            programmerError(
                "RestrictedBoltzmannMachine",
                "\(steps) steps, \(persistentChains) persistent chains")
        }
        weight = generator.normal([latentSize, elements], standardDeviation: 0.01)
        codeBias = Tensor.zeros([latentSize])
        outputBias = Tensor.zeros([elements])
        chains =
            persistentChains > 0
            ? generator.bernoulli([persistentChains, elements], probability: 0.5) : nil
        (self.visible, self.hidden) = (visible, hidden)
        self.steps = steps
        self.sampleShape = sampleShape
    }

    // MARK: Energies

    /// −log Σ_h exp(−E(v, h)) up to a constant, `[batch]`, of samples `[batch, …]`.
    public func freeEnergy(of samples: Tensor) -> Tensor {
        let v = samples.flattened()
        let input = hiddenInput(v)
        let own =
            visible == .bernoulli
            ? -(v * outputBias).sum(axes: [1]) : 0.5 * square(v - outputBias).sum(axes: [1])
        let joint =
            hidden == .bernoulli
            ? softplus(input).sum(axes: [1])
            : 0.5 * square(input).sum(axes: [1])
        return own - joint
    }

    /// An estimate of Σᵢ log p(vᵢ | the other units), `[batch]`, in nats, from one randomly chosen
    /// unit of each sample (Marlin et al., "Inductive Principles for Restricted Boltzmann Machine
    /// Learning", 2010). Samples are rounded to 0 and 1. Traps if the visible units are not
    /// Bernoulli.
    public func logPseudoLikelihood(
        of samples: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        guard visible == .bernoulli else {
            programmerError("logPseudoLikelihood", "visible units are \(visible), not 0 or 1")
        }
        let v = samples.flattened()
        let rounded = (v .>= 0.5).cast(to: v.dataType)
        let units = weight.shape[1]
        let chosen = oneHot(
            (generator.uniform([v.shape[0]]) * Double(units)).cast(to: .int32), depth: units,
            dataType: v.dataType)
        let flipped = rounded + chosen * (1 - 2 * rounded)
        return -Double(units) * softplus(freeEnergy(of: rounded) - freeEnergy(of: flipped))
    }

    // MARK: Units given the other side

    private func hiddenInput(_ v: Tensor) -> Tensor {
        matmul(v, weight, transposingRight: true) + codeBias
    }

    private func visibleInput(_ h: Tensor) -> Tensor { matmul(h, weight) + outputBias }

    private static func mean(_ units: Units, _ input: Tensor) -> Tensor {
        units == .bernoulli ? sigmoid(input) : input
    }

    private static func sample(
        _ units: Units, _ input: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        switch units {
        case .bernoulli: generator.bernoulli(probabilities: sigmoid(input))
        case .gaussian: input + generator.normal(input.shape, dataType: input.dataType)
        }
    }

    /// The visible units after some steps of Gibbs sampling, hidden and visible units alternating.
    ///
    /// - Parameter endingInMeans: whether the last visible units are their means, which have less
    ///   noise, but are no sample to continue from.
    public func gibbs(
        from samples: Tensor, steps: Int, endingInMeans: Bool = false,
        using generator: inout RandomGenerator
    ) -> Tensor {
        var v = samples.flattened()
        for step in 1...max(1, steps) {
            let h = Self.sample(hidden, hiddenInput(v), using: &generator)
            v =
                endingInMeans && step == steps
                ? Self.mean(visible, visibleInput(h))
                : Self.sample(visible, visibleInput(h), using: &generator)
        }
        return v
    }

    // MARK: As an autoencoder

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> BoltzmannOutput {
        let (model, input) = (self, batch.input)
        let code = encode(input)
        // The chain is not a function of the parameters: no gradients flow through it.
        var sampler = self
        sampler.visitAll { _, _, tensor in tensor = stopGradient(tensor) }
        let end = sampler.gibbs(
            from: chains.map { context.current($0).cast(to: input.dataType) }
                ?? stopGradient(input),
            steps: steps, endingInMeans: chains == nil, using: &context.generator)
        if let chains { context.update(chains, to: end.cast(to: chains.dataType)) }
        let imagined = freeEnergy(of: end)
        let gap = freeEnergy(of: input) - (chains == nil ? imagined : imagined.mean())
        return BoltzmannOutput(
            code: code, energyGap: gap, likelihood: output(of: code), encoderInput: input,
            encode: { input in model.encode(input) })
    }

    /// The means of the hidden units.
    public func encode(_ batch: Batch) -> Tensor {
        Self.mean(hidden, hiddenInput(batch.input.flattened()))
    }

    public func decode(_ code: Tensor) -> Tensor { output(of: code).mean }

    /// The likelihood of the visible units if the hidden ones have the values of the code.
    func output(of code: Tensor) -> AnyDistribution {
        let values = visibleInput(code).reshaped([code.shape[0]] + sampleShape)
        return visible == .bernoulli
            ? AnyDistribution(Independent(Bernoulli(logits: values)))
            : AnyDistribution(Independent(Normal(mean: values, scale: 1)))
    }

    /// The means of the visible units after a thousand steps of Gibbs sampling: from the
    /// persistent chains if there are any, else from noise. Traps if a condition is given.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        requireNoCondition(condition, "RestrictedBoltzmannMachine")
        let start =
            chains.map { chains in
                chains.gathered(at: Tensor((0..<count).map { Int32($0 % chains.shape[0]) }))
            }
            ?? generator.bernoulli(
                [count, weight.shape[1]], probability: 0.5, dataType: weight.dataType)
        let end = gibbs(
            from: start.cast(to: weight.dataType), steps: 1000, endingInMeans: true,
            using: &generator)
        return end.reshaped([count] + sampleShape)
    }

    public var sampleOrigin: String { markovChainOrigin }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("codeBias", &codeBias)
        visitor("outputBias", &outputBias)
        visitor.state("chains", &chains)
    }
}

/// The sample origin of Boltzmann machines.
let markovChainOrigin = "The state of the model's Markov chains after a thousand steps."

/// The output of a pass of a ``RestrictedBoltzmannMachine``.
public struct BoltzmannOutput: HasLikelihood, HasEncoder, HasEnergyGap {
    /// The means of the hidden units, `[batch, hidden]`; the Markov chain samples its own.
    public let code: Tensor
    public let energyGap: Tensor
    /// Of the visible units, if the hidden ones are at their means.
    public let likelihood: AnyDistribution
    public let encoderInput: Tensor
    public let encode: @Sendable (Tensor) -> Tensor
}

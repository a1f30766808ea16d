import Autograd
import Datasets
import Foundation

/// A model whose codes have a prior, and samples a likelihood given a code.
public protocol HasJointDensity: Module {
    /// Whether codes are vectors of any numbers, so that they can be moved anywhere.
    var hasUnboundedCodes: Bool { get }
    /// Codes drawn from the prior, `[count, …]`.
    func priorCodes(_ count: Int, using generator: inout RandomGenerator) -> Tensor
    /// log p(z), `[count]`.
    func logPrior(of codes: Tensor) -> Tensor
    /// log p(x | z), `[count]`: one code for each sample.
    func logLikelihood(of samples: Tensor, given codes: Tensor) -> Tensor
}

extension LatentVariableModel: HasJointDensity {
    public var hasUnboundedCodes: Bool {
        var context = PassContext.evaluation
        return prior(for: encoder, in: &context).support == -.infinity ... .infinity
    }

    public func priorCodes(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        var context = PassContext.evaluation
        return prior(for: encoder, in: &context).sample([count], using: &generator)
    }

    public func logPrior(of codes: Tensor) -> Tensor {
        var context = PassContext.evaluation
        return prior(for: encoder, in: &context).logProbability(of: codes)
    }

    public func logLikelihood(of samples: Tensor, given codes: Tensor) -> Tensor {
        decoder(codes).logProbability(of: samples)
    }
}

/// Log-likelihoods of samples by annealed importance sampling: codes are drawn from the prior and led to
/// the posterior through distributions between, p(z) p(x | z)^β, by Hamiltonian Monte Carlo (Neal, 2001;
/// for decoders Wu et al., "On the Quantitative Analysis of Decoder-Based Generative Models",
/// arXiv:1611.04273). It needs no encoder, and so tells how good an encoder's estimate is.
public struct AnnealedImportanceSampling: Sendable {
    /// How codes are led.
    public struct Plan: Sendable {
        /// Codes of each sample.
        public var chains = 16
        /// Distributions from the prior to the posterior.
        public var temperatures = 500
        /// Steps of a trajectory.
        public var leapfrogSteps = 10
        /// The length of the first steps; it is changed so that two of three trajectories are accepted.
        public var stepSize = 0.1

        public init() {}
    }

    /// Of each sample, in nats: on average too low, and the less so the more distributions there are.
    public let values: [Double]
    /// The share of trajectories that were accepted.
    public let acceptance: Double

    /// The mean over the samples.
    public var mean: Double { values.reduce(0, +) / Double(values.count) }

    /// - Parameters:
    ///   - samples: `[count, …]`, as the model's likelihood takes them.
    ///   - seed: of all random numbers.
    ///   - monitor: called after each distribution; an error that it throws ends the work.
    public init(
        of samples: Tensor, by model: some HasJointDensity, _ plan: Plan = Plan(),
        seed: UInt64 = 0, monitor: ProgressMonitor<some Error> = .silent
    ) throws {
        guard model.hasUnboundedCodes else {
            programmerError(
                "AnnealedImportanceSampling", "codes of \(type(of: model)) are not any numbers")
        }
        guard plan.chains > 0, plan.temperatures > 0, plan.leapfrogSteps > 0, plan.stepSize > 0
        else {
            programmerError("AnnealedImportanceSampling", "\(plan)")
        }
        var generator = RandomGenerator(seed: seed)
        let chains = Draws(plan.chains)
        let targets = chains.repeated(samples)
        let count = targets.shape[0]
        var codes = model.priorCodes(count, using: &generator)
        let type = codes.dataType
        var stepSizes = Tensor(repeating: plan.stepSize, shape: [count], dataType: type)
        var logWeights = Tensor.zeros([count], dataType: .float64)
        var likelihood = model.logLikelihood(of: targets, given: codes)
        var (accepted, before) = (0.0, 0.0)
        for index in 1...plan.temperatures {
            let temperature = Self.temperature(index, of: plan.temperatures)
            logWeights += (temperature - before) * likelihood.cast(to: .float64)
            before = temperature
            // The last distribution is only weighed.
            guard index < plan.temperatures else { break }
            func logDensity(_ codes: Tensor) -> Tensor {
                model.logPrior(of: codes)
                    + temperature * model.logLikelihood(of: targets, given: codes)
            }
            let momentum = generator.normal(codes.shape, dataType: type)
            let step = stepSizes.reshaped([count] + Array(repeating: 1, count: codes.rank - 1))
            let (moved, final) = Self.trajectory(
                from: codes, momentum, step, plan.leapfrogSteps, along: logDensity)
            let energy = logDensity(codes) - 0.5 * square(momentum).flattened().sum(axes: [1])
            let newEnergy = logDensity(moved) - 0.5 * square(final).flattened().sum(axes: [1])
            let noise = log(generator.uniform([count], dataType: type))
            // What is not a number is not accepted.
            let isAccepted = noise .< (newEnergy - energy)
            codes = select(
                isAccepted.reshaped(step.shape).broadcast(to: codes.shape), moved, codes)
            let shares = isAccepted.cast(to: type)
            stepSizes = clamp(stepSizes * (0.98 + 0.03 * shares), from: 1e-4, through: 1)
            accepted += shares.mean().scalar
            likelihood = model.logLikelihood(of: targets, given: codes)
            try monitor.advance(to: Double(index) / Double(plan.temperatures))
        }
        values = chains.logMean(logWeights).flattened(fromAxis: 0).elements(as: Double.self)
        acceptance = accepted / Double(max(plan.temperatures - 1, 1))
    }

    /// From 0 to 1, slowly at both ends (Wu et al., section 4.1).
    private static func temperature(_ index: Int, of count: Int) -> Double {
        func sigmoid(_ place: Double) -> Double { 1 / (1 + exp(-4 * (2 * place - 1))) }
        let place = sigmoid(Double(index) / Double(count))
        return (place - sigmoid(0)) / (sigmoid(1) - sigmoid(0))
    }

    /// Where a trajectory ends, and its momentum there (leapfrog steps).
    private static func trajectory(
        from codes: Tensor, _ momentum: Tensor, _ step: Tensor, _ steps: Int,
        along logDensity: (Tensor) -> Tensor
    ) -> (codes: Tensor, momentum: Tensor) {
        func slope(_ codes: Tensor) -> Tensor { gradient(at: codes) { logDensity($0).sum() } }
        var (codes, momentum) = (codes, momentum + 0.5 * step * slope(codes))
        for index in 1...steps {
            codes = codes + step * momentum
            momentum = momentum + (index < steps ? 1 : 0.5) * step * slope(codes)
        }
        return (codes, momentum)
    }
}

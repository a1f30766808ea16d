import Autograd
import Datasets
import Foundation

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
    ///   - seed: of all random numbers.
    ///   - monitor: called after each distribution; an error that it throws ends the work.
    public init(
        of samples: any DataSource, by model: some HasJointDensity, _ plan: Plan = Plan(),
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
        var (generator, values) = (RandomGenerator(seed: seed), [Double]())
        var accepted = 0.0
        try SampleBlocks(samples: samples, dataType: model.dataType, seed: seed).visit {
            block, positions in
            let count = Double(samples.count)
            let part = Double(positions.lowerBound) / count...Double(positions.upperBound) / count
            let (logWeights, shares) = try Self.logWeights(
                of: block.target, by: model, plan, using: &generator, monitor: monitor.part(part))
            values += logWeights
            accepted += shares * Double(positions.count) / count
        }
        self.values = values
        acceptance = accepted
    }

    /// The logarithms of the mean weights of samples, and the share of trajectories that were accepted.
    private static func logWeights(
        of samples: Tensor, by model: some HasJointDensity, _ plan: Plan,
        using generator: inout RandomGenerator, monitor: ProgressMonitor<some Error>
    ) throws -> ([Double], acceptance: Double) {
        let chains = Draws(plan.chains)
        let targets = chains.repeated(samples)
        let count = targets.shape[0]
        var codes = model.priorCodes(count, using: &generator)
        let type = codes.dataType
        // One for all codes of a sample: where a code's own past decided, the distributions would not be
        // those that they are meant to be.
        var stepSizes = Tensor(repeating: plan.stepSize, shape: [samples.shape[0]], dataType: type)
        var logWeights = Tensor.zeros([count], dataType: .float64)
        var likelihood = model.logLikelihood(of: targets, given: codes)
        var (accepted, before) = (0.0, 0.0)
        for index in 1...plan.temperatures {
            let temperature = temperature(index, of: plan.temperatures)
            logWeights += (temperature - before) * likelihood.cast(to: .float64)
            before = temperature
            // The last distribution is only weighed.
            guard index < plan.temperatures else { break }
            func logDensity(_ codes: Tensor) -> Tensor {
                model.logPrior(of: codes)
                    + temperature * model.logLikelihood(of: targets, given: codes)
            }
            let momentum = generator.normal(codes.shape, dataType: type)
            let step = chains.repeated(stepSizes)
                .reshaped([count] + Array(repeating: 1, count: codes.rank - 1))
            let (moved, final) = trajectory(
                from: codes, momentum, step, plan.leapfrogSteps, along: logDensity)
            let energy = logDensity(codes) - 0.5 * square(momentum).flattened().sum(axes: [1])
            let newEnergy = logDensity(moved) - 0.5 * square(final).flattened().sum(axes: [1])
            let noise = log(generator.uniform([count], dataType: type))
            // What is not a number is not accepted.
            let isAccepted = noise .< (newEnergy - energy)
            codes = select(
                isAccepted.reshaped(step.shape).broadcast(to: codes.shape), moved, codes)
            let shares = chains.mean(isAccepted.cast(to: type))
            stepSizes = clamp(stepSizes * (0.98 + 0.03 * shares), from: 1e-4, through: 1)
            accepted += shares.mean().scalar
            likelihood = model.logLikelihood(of: targets, given: codes)
            try monitor.advance(to: Double(index) / Double(plan.temperatures))
        }
        let values = chains.logMean(logWeights).flattened(fromAxis: 0)
        return (
            values.elements(as: Double.self), accepted / Double(max(plan.temperatures - 1, 1))
        )
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

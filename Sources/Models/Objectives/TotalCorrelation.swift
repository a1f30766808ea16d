import Autograd
import Distributions
import Foundation

/// The total correlation of a code's numbers, KL(q(z) ‖ Π q(z_d)), by an estimate from the batch; with the
/// mutual information of code and sample (``CodeInformation``) and the divergence of each number's
/// distribution (``NumberwiseDivergence``) it makes up the Kullback–Leibler divergence (Chen et al.,
/// "Isolating Sources of Disentanglement in VAEs", arXiv:1802.04942, equation 2):
///
/// ```swift
/// Reconstruction() + CodeInformation(of: 60_000) + 6 * TotalCorrelation(of: 60_000)
///     + NumberwiseDivergence(of: 60_000)
/// ```
///
/// The estimate is biased, and may be negative. Of models with one code of each sample, drawn from
/// independent normal distributions; traps with others.
public struct TotalCorrelation<Output: HasLatentVariables>: ObjectiveTerm {
    /// How q(z) is estimated.
    public let aggregate: AggregatePosterior

    /// Traps unless there are training samples.
    ///
    /// - Parameter samples: the number of training samples.
    public init(of samples: Int, by estimate: AggregatePosterior.Estimate = .weighted) {
        aggregate = AggregatePosterior(of: samples, by: estimate)
    }

    public var name: String { "totalCorrelation" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let densities = aggregate.logDensities(pass.output)
        return densities.joint - densities.product
    }
}

/// The mutual information of code and sample, log q(z | x) − log q(z), by an estimate from the batch: see
/// ``TotalCorrelation``.
public struct CodeInformation<Output: HasLatentVariables>: ObjectiveTerm {
    /// How q(z) is estimated.
    public let aggregate: AggregatePosterior

    /// Traps unless there are training samples.
    ///
    /// - Parameter samples: the number of training samples.
    public init(of samples: Int, by estimate: AggregatePosterior.Estimate = .weighted) {
        aggregate = AggregatePosterior(of: samples, by: estimate)
    }

    public var name: String { "codeInformation" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        pass.latentVariables[0].logPosterior - aggregate.logDensities(pass.output).joint
    }
}

/// The divergence of the distribution of each number of a code over all samples from its prior, by an
/// estimate from the batch: see ``TotalCorrelation``.
public struct NumberwiseDivergence<Output: HasLatentVariables>: ObjectiveTerm {
    /// How q(z) is estimated.
    public let aggregate: AggregatePosterior

    /// Traps unless there are training samples.
    ///
    /// - Parameter samples: the number of training samples.
    public init(of samples: Int, by estimate: AggregatePosterior.Estimate = .weighted) {
        aggregate = AggregatePosterior(of: samples, by: estimate)
    }

    public var name: String { "numberwiseDivergence" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        aggregate.logDensities(pass.output).product - pass.latentVariables[0].logPrior
    }
}

/// The distribution of codes over all samples, q(z) = 1/N Σ q(z | xₙ), estimated from those of a batch.
public struct AggregatePosterior: Sendable {
    /// How the samples of a batch stand for all.
    public enum Estimate: String, NamedOptionValue {
        /// Each for as many (minibatch-weighted sampling; equation 4 of Chen et al.).
        case weighted
        /// A code's own sample for itself, the others for the rest (minibatch stratified sampling;
        /// their appendix C.2).
        case stratified
    }

    /// The number of training samples.
    public let samples: Int
    public let estimate: Estimate

    /// Traps unless there are training samples.
    public init(of samples: Int, by estimate: Estimate) {
        guard samples > 0 else {
            programmerError("AggregatePosterior", "\(samples) training samples")
        }
        (self.samples, self.estimate) = (samples, estimate)
    }

    /// log q(z) and Σ log q(z_d) at the code of each sample, `[batch]`.
    func logDensities(_ output: some HasLatentVariables) -> (joint: Tensor, product: Tensor) {
        let latent = output.latentVariables[0]
        guard output.latentVariables.count == 1, output.draws.count == 1,
            let posterior = latent.posterior as? Independent<Normal>, posterior.shape.count == 2
        else {
            programmerError(
                "AggregatePosterior",
                "\(output.draws.count) codes of \(output.latentVariables.count) layers from "
                    + "\(type(of: latent.posterior)), expected one from Independent<Normal>")
        }
        // Of each code under the posterior of each sample, number by number: [codes, samples, numbers].
        let deviation =
            (latent.code.expandingAxis(1) - posterior.mean.expandingAxis(0))
            * exp(-0.5 * posterior.base.logVariance).expandingAxis(0)
        let each =
            -0.5
            * (square(deviation) + posterior.base.logVariance.expandingAxis(0) + log(2 * Double.pi))
        let shares = logShares(latent.code.shape[0], latent.code.dataType)
        return (
            (each.sum(axes: [2]) + shares).logSumExp(axes: [1]),
            (each + shares.expandingAxis(2)).logSumExp(axes: [1]).sum(axes: [1])
        )
    }

    /// The logarithm of the share in q(z) for which each sample of a batch stands at each code, or one for
    /// all.
    private func logShares(_ count: Int, _ dataType: DataType) -> Tensor {
        let others = count - 1
        guard estimate == .stratified, others > 0, samples > others else {
            return Tensor(
                repeating: -log(Double(samples) * Double(count)), shape: [1, 1], dataType: dataType)
        }
        // One of the others stands for all samples that are not in the batch.
        let rest = Double(samples - others) / Double(samples * others)
        let shares = (0..<count * count).map { index in
            switch (index % count - index / count + count) % count {
            case 0: 1 / Double(samples)
            case 1: rest
            default: 1 / Double(others)
            }
        }
        return Tensor(shares.map { log($0) }, shape: [count, count]).cast(to: dataType)
    }
}

import Autograd
import Distributions

/// The Kullback–Leibler divergence of which a part of each unit is free: Σ max(λ, mean divergence of a
/// unit over the batch) (Kingma et al., arXiv:1606.04934, appendix C.8). Below λ the posterior is not
/// pushed any closer to the prior, so that a unit is not given up before the decoder uses it.
///
/// A statistic of the batch: the same value for each of its samples.
public struct FreeNats<Output: HasLatentVariables>: ObjectiveTerm {
    /// λ, for each number of a code.
    public let free: Double
    /// To what λ is given.
    public let unit: FreeNatsUnit

    /// Traps if λ is negative or not finite.
    public init(_ free: Double, of unit: FreeNatsUnit = .numbers) {
        guard free >= 0, free.isFinite else { programmerError("FreeNats", "\(free) free nats") }
        (self.free, self.unit) = (free, unit)
    }

    public var name: String { "freeNats" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let units = pass.latentVariables.map { latent in
            var mean = pass.output.meanUnitDivergence(of: latent, samples: pass.batch.count)
            if unit == .codes { mean = mean.sum(axes: [0], keepingAxes: true) }
            // A code as a whole has as many free nats as its numbers together.
            let numbers = latent.code[0].count / mean.count
            return maximum(mean, Tensor(free * Double(numbers), dataType: mean.dataType)).sum()
        }
        return units.dropFirst().reduce(units[0], +).broadcast(to: [pass.batch.count])
    }
}

/// What has free nats of its own in ``FreeNats``.
public enum FreeNatsUnit: String, NamedOptionValue {
    /// Each number of a code, if posterior and prior are independent in them, and otherwise the code.
    case numbers
    /// Each code as a whole: one for each layer of codes.
    case codes
}

/// The distance |mean divergence − C| of the batch, where C grows with the training from 0 to a capacity:
/// codes say no more, and no less, than so many nats (Burgess et al., "Understanding disentangling in
/// β-VAE", arXiv:1804.03599, equation 8). The same value for each sample.
public struct DivergenceCapacity<Output: HasLatentVariables>: ObjectiveTerm {
    /// C at the end of the training, in nats.
    public let capacity: Double

    /// Traps if the capacity is negative or not finite.
    public init(_ capacity: Double) {
        guard capacity >= 0, capacity.isFinite else {
            programmerError("DivergenceCapacity", "a capacity of \(capacity) nats")
        }
        self.capacity = capacity
    }

    public var name: String { "divergenceCapacity" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let mean = pass.output.divergence(samples: pass.batch.count).mean()
        return abs(mean - capacity * pass.progress).broadcast(to: [pass.batch.count])
    }
}

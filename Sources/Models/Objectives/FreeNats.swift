import Autograd
import Distributions

/// The Kullback–Leibler divergence of which a part of each unit is free: Σ max(λ, mean divergence of a
/// unit over the batch) (Kingma et al., arXiv:1606.04934, appendix C.8). Below λ the posterior is not
/// pushed any closer to the prior, so that a unit is not given up before the decoder uses it.
///
/// Units are the numbers of a code if posterior and prior are independent in them, and otherwise whole
/// codes, with λ for each of their numbers. A statistic of the batch: the same value for each of its samples.
public struct FreeNats<Output: HasLatentVariables>: ObjectiveTerm {
    /// λ, for each number of a code.
    public let free: Double

    /// Traps if λ is negative or not finite.
    public init(_ free: Double) {
        guard free >= 0, free.isFinite else { programmerError("FreeNats", "\(free) free nats") }
        self.free = free
    }

    public var name: String { "freeNats" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let units = pass.latentVariables.map { latent in
            let units = latent.unitDivergence
            // A code as a whole has as many free nats as its numbers together.
            let numbers = latent.code.count / latent.code.shape[0] / units.shape[1]
            let mean =
                units.shape[0] > pass.batch.count && units.shape[1] == 1
                ? pass.draws.mean(units.flattened(fromAxis: 0)).mean() : units.mean(axes: [0])
            return maximum(mean, Tensor(free * Double(numbers), dataType: mean.dataType)).sum()
        }
        return units.dropFirst().reduce(units[0], +).broadcast(to: [pass.batch.count])
    }
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

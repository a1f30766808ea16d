import Autograd
import Foundation

/// The divergence of a target rate ρ from the mean activation ρ̂ of each component of the code over
/// the batch, Σⱼ ρ log(ρ / ρ̂ⱼ) + (1 − ρ) log((1 − ρ) / (1 − ρ̂ⱼ)), as of Bernoulli distributions
/// (Lee, Ekanadham and Ng, "Sparse deep belief net model for visual area V2", 2007; in this form
/// Ng, "Sparse autoencoder", 2011).
///
/// For codes between 0 and 1, such as sigmoids. A statistic of the batch: the same value for each
/// of its samples. Rates are kept 10⁻⁶ away from 0 and 1, so that a component that is always off
/// still has a gradient.
public struct RateDivergence<Output: HasCode>: ObjectiveTerm {
    /// The target rate ρ.
    public let target: Double

    /// Traps if the target is not between 0 and 1.
    public init(target: Double) {
        guard target > 0, target < 1 else {
            programmerError("RateDivergence", "a target rate of \(target) is not between 0 and 1")
        }
        self.target = target
    }

    public var name: String { "rateDivergence" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let rate = 1e-6 + (1 - 2e-6) * pass.code.flattened().mean(axes: [0])
        let constant = target * log(target) + (1 - target) * log(1 - target)
        let divergence = constant - (target * log(rate) + (1 - target) * log(1 - rate))
        return divergence.sum().broadcast(to: [pass.batch.count])
    }
}

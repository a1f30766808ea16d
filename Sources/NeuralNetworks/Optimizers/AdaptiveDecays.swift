import Autograd
import Foundation

/// The constants of adaptive moment estimation (Kingma and Ba, arXiv:1412.6980), and the bias
/// correction of its moments.
struct AdaptiveDecays: Sendable {
    /// β₁, the decay of the mean of gradients.
    let first: Double
    /// β₂, the decay of the mean of their squares.
    let second: Double
    /// ε, which limits the step for tiny gradients.
    let epsilon: Double

    init(_ first: Double, _ second: Double, epsilon: Double, _ optimizer: String) {
        requireRate(optimizer, "first decay", first, .belowOne)
        requireRate(optimizer, "second decay", second, .belowOne)
        requireRate(optimizer, "epsilon", epsilon, .aboveZero)
        (self.first, self.second, self.epsilon) = (first, second, epsilon)
    }

    /// √(1 − β₂ᵗ): the correction of the root of the second moment in step t, counted from 1.
    func rootCorrection(inStep t: Double) -> Double {
        (1 - pow(second, t)).squareRoot()
    }

    /// η √(1 − β₂ᵗ) / (1 − β₁ᵗ): the learning rate η with the correction of both moments.
    func size(learningRate: Double, inStep t: Double) -> Double {
        learningRate * rootCorrection(inStep: t) / (1 - pow(first, t))
    }
}

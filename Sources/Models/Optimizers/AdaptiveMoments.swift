import Autograd
import Foundation

/// What ``Adam`` and ``AdamW`` share: both moments of the gradients, and the step along them.
struct AdaptiveMoments: Sendable {
    let firstDecay: Double
    let secondDecay: Double
    let epsilon: Double
    var first: ParameterState
    var second: ParameterState
    /// The number of steps taken, a scalar of `int32`.
    var steps = Tensor.zeros([], dataType: .int32)

    init<Model: Module>(
        for model: Model, _ firstDecay: Double, _ secondDecay: Double, _ epsilon: Double,
        _ optimizer: String
    ) {
        guard (0..<1).contains(firstDecay), (0..<1).contains(secondDecay), epsilon > 0 else {
            programmerError(
                optimizer,
                "decays \(firstDecay) and \(secondDecay) are not both in 0..<1, or epsilon "
                    + "\(epsilon) is not above 0")
        }
        self.firstDecay = firstDecay
        self.secondDecay = secondDecay
        self.epsilon = epsilon
        first = ParameterState(for: model)
        second = ParameterState(for: model)
    }

    /// One step of a model. `decoupledDecay` is the factor by which parameters shrink first.
    mutating func update<Model: Module>(
        _ model: inout Model, along gradients: Model, learningRate: Double,
        coupledDecay: Double = 0, decoupledDecay: Double = 0, _ optimizer: String
    ) {
        steps = steps + 1
        let step = Step(
            moments: self, learningRate: learningRate, coupledDecay: coupledDecay,
            decoupledDecay: decoupledDecay)
        model.updateParameters(along: gradients, madeFor: first.layout, optimizer) {
            index, parameter, gradient in
            step.update(&parameter, gradient, &first.tensors[index], &second.tensors[index])
        }
    }

    /// The numbers of one step, the same for every parameter.
    private struct Step {
        let firstDecay: Double
        let secondDecay: Double
        let coupledDecay: Double
        /// What is left of a parameter after decoupled decay.
        let retained: Double
        /// η √(1 − β₂ᵗ) / (1 − β₁ᵗ): the correction of both moments for their start at zero.
        let size: Double
        /// ε √(1 − β₂ᵗ): with it the quotient is that of the corrected moments.
        let epsilon: Double

        init(
            moments: AdaptiveMoments, learningRate: Double, coupledDecay: Double,
            decoupledDecay: Double
        ) {
            let count = moments.steps.scalar
            firstDecay = moments.firstDecay
            secondDecay = moments.secondDecay
            self.coupledDecay = coupledDecay
            retained = 1 - decoupledDecay
            let correction = (1 - Foundation.pow(secondDecay, count)).squareRoot()
            size = learningRate * correction / (1 - Foundation.pow(firstDecay, count))
            epsilon = moments.epsilon * correction
        }

        func update(
            _ parameter: inout Tensor, _ gradient: Tensor, _ first: inout Tensor,
            _ second: inout Tensor
        ) {
            let gradient = coupledDecay == 0 ? gradient : gradient + coupledDecay * parameter
            parameter.step(
                along: gradient, moments: &first, &second, decays: (firstDecay, secondDecay),
                size: size, epsilon: epsilon, retained: retained)
        }
    }
}

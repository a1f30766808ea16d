import Autograd

/// The common part of ``Adam`` and ``AdamW``: both moments of the gradients, and the step.
struct AdaptiveMoments: Sendable {
    let decays: AdaptiveDecays
    var first: ParameterState
    var second: ParameterState
    /// The number of steps taken, a scalar of `int32`.
    var steps = Tensor.zeros([], dataType: .int32)

    init<Model: Module>(
        for model: Model, _ firstDecay: Double, _ secondDecay: Double, _ epsilon: Double,
        _ optimizer: String
    ) {
        decays = AdaptiveDecays(firstDecay, secondDecay, epsilon: epsilon, optimizer)
        first = ParameterState(for: model)
        second = ParameterState(for: model)
    }

    /// One step of a model. `decoupledDecay` is the fraction by which parameters shrink first.
    mutating func update<Model: Module>(
        _ model: inout Model, along gradients: Model, learningRate: Double,
        coupledDecay: Double = 0, decoupledDecay: Double = 0, _ optimizer: String
    ) {
        steps = steps + 1
        let count = steps.scalar
        // With ε √(1 − β₂ᵗ) the quotient equals that of the corrected moments.
        let epsilon = decays.epsilon * decays.rootCorrection(inStep: count)
        let size = decays.size(learningRate: learningRate, inStep: count)
        model.updateParameters(along: gradients, madeFor: first.layout, optimizer) {
            index, parameter, gradient in
            let gradient = coupledDecay == 0 ? gradient : gradient + coupledDecay * parameter
            parameter.step(
                along: gradient, moments: &first.tensors[index], &second.tensors[index],
                decays: (decays.first, decays.second), size: size, epsilon: epsilon,
                retained: 1 - decoupledDecay)
        }
    }
}

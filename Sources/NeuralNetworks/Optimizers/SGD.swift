import Autograd

/// Stochastic gradient descent, with momentum and Nesterov's momentum at choice.
///
/// With gradient g, momentum μ, weight decay λ and learning rate η:
///
///     g ← g + λ p
///     v ← μ v + g
///     p ← p − η v              or with Nesterov's:  p ← p − η (g + μ v)
///
/// Momentum as Sutskever et al., "On the importance of initialization and momentum in deep
/// learning" (2013), with the learning rate outside of the velocity, so that a schedule acts at
/// once. Weight decay is the gradient of λ/2 |p|².
public struct SGD: Optimizer {
    /// Traps unless it is a finite number from 0.
    public var learningRate: Double {
        didSet { requireRate("SGD", "learning rate", learningRate) }
    }
    private let rule: Rule
    private let layout: ParameterLayout
    /// Absent without momentum.
    private var velocity: ParameterState?

    /// - Parameters:
    ///   - momentum: μ, from 0 to below 1.
    ///   - nesterov: whether the step looks ahead along the velocity; needs momentum.
    ///   - weightDecay: λ.
    public init<Model: Module>(
        for model: Model, learningRate: Double, momentum: Double = 0, nesterov: Bool = false,
        weightDecay: Double = 0
    ) {
        requireRate("SGD", "learning rate", learningRate)
        requireRate("SGD", "momentum", momentum, .belowOne)
        requireRate("SGD", "weight decay", weightDecay)
        guard !nesterov || momentum > 0 else {
            programmerError("SGD", "Nesterov's momentum needs a momentum above 0")
        }
        self.learningRate = learningRate
        rule = Rule(momentum: momentum, isNesterov: nesterov, weightDecay: weightDecay)
        layout = ParameterLayout(of: model)
        velocity = momentum > 0 ? ParameterState(for: model) : nil
    }

    public mutating func update<Model: Module>(_ model: inout Model, along gradients: Model) {
        let (rule, learningRate) = (rule, learningRate)
        model.updateParameters(along: gradients, madeFor: layout, "SGD") {
            index, parameter, gradient in
            // Sound: it is there; bound to a name it would be a copy.
            if velocity != nil {
                rule.update(&parameter, gradient, &velocity!.tensors[index], learningRate)
            } else {
                rule.update(&parameter, gradient, learningRate)
            }
        }
    }

    private struct Rule {
        let momentum: Double
        let isNesterov: Bool
        let weightDecay: Double

        func update(_ parameter: inout Tensor, _ gradient: Tensor, _ learningRate: Double) {
            parameter -= learningRate * decayed(gradient, parameter)
        }

        func update(
            _ parameter: inout Tensor, _ gradient: Tensor, _ velocity: inout Tensor,
            _ learningRate: Double
        ) {
            let gradient = decayed(gradient, parameter)
            velocity *= momentum
            velocity += gradient
            parameter -= learningRate * (isNesterov ? gradient + momentum * velocity : velocity)
        }

        private func decayed(_ gradient: Tensor, _ parameter: Tensor) -> Tensor {
            weightDecay == 0 ? gradient : gradient + weightDecay * parameter
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.state("velocity", &velocity)
    }
}

import Autograd

/// Stochastic gradient descent, optionally with momentum or Nesterov's momentum.
///
/// With gradient g, momentum μ, weight decay λ and learning rate η:
///
///     g ← g + λ p
///     v ← μ v + g
///     p ← p − η v              or with Nesterov's:  p ← p − η (g + μ v)
///
/// Momentum as in Sutskever et al., "On the importance of initialization and momentum in deep
/// learning" (2013), but with the learning rate outside the velocity, so that a schedule takes
/// effect at once. Weight decay is the gradient of λ/2 |p|².
public struct SGD: Optimizer {
    /// Traps if set to a negative or infinite number or NaN.
    public var learningRate: Double {
        didSet { requireRate("SGD", "learning rate", learningRate) }
    }
    private let rule: Rule
    private let layout: ParameterLayout
    /// Nil without momentum.
    private var velocity: ParameterState?

    /// Traps unless learning rate and weight decay are finite numbers from 0 and the momentum from
    /// 0 to below 1, or if `nesterov` is used without momentum.
    ///
    /// - Parameters:
    ///   - momentum: μ, from 0 to below 1.
    ///   - nesterov: whether the step looks ahead along the velocity; requires momentum.
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
            // Sound: it is not nil; binding it to a name would make a copy.
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

import Autograd

/// Gradients divided by the root of a moving mean of their squares (Tieleman and Hinton, "Lecture
/// 6.5: rmsprop", Coursera, 2012), optionally with momentum.
///
///     s ← ρ s + (1 − ρ) g²          v ← μ v + g / (√s + ε)          p ← p − η v
public struct RMSProp: Optimizer {
    /// Traps if set to a negative or infinite number or NaN.
    public var learningRate: Double {
        didSet { requireRate("RMSProp", "learning rate", learningRate) }
    }
    private let rule: Rule
    private var meanSquare: ParameterState
    /// Nil without momentum.
    private var velocity: ParameterState?

    /// Traps unless learning rate and weight decay are finite numbers from 0, decay and momentum
    /// from 0 to below 1, and epsilon is above 0.
    ///
    /// - Parameters:
    ///   - decay: ρ, of the mean of squares.
    ///   - momentum: μ, from 0 to below 1.
    ///   - weightDecay: λ of a term λ/2 |p|² in the minimised loss.
    public init<Model: Module>(
        for model: Model, learningRate: Double = 0.001, decay: Double = 0.9, momentum: Double = 0,
        epsilon: Double = 1e-8, weightDecay: Double = 0
    ) {
        requireRate("RMSProp", "learning rate", learningRate)
        requireRate("RMSProp", "decay", decay, .belowOne)
        requireRate("RMSProp", "momentum", momentum, .belowOne)
        requireRate("RMSProp", "epsilon", epsilon, .aboveZero)
        requireRate("RMSProp", "weight decay", weightDecay)
        self.learningRate = learningRate
        rule = Rule(decay: decay, momentum: momentum, epsilon: epsilon, weightDecay: weightDecay)
        meanSquare = ParameterState(for: model)
        velocity = momentum > 0 ? ParameterState(for: model) : nil
    }

    public mutating func update<Model: Module>(_ model: inout Model, along gradients: Model) {
        let (rule, learningRate) = (rule, learningRate)
        model.updateParameters(along: gradients, madeFor: meanSquare.layout, "RMSProp") {
            index, parameter, gradient in
            // Sound: it is not nil; binding it to a name would make a copy.
            if velocity != nil {
                rule.update(
                    &parameter, gradient, &meanSquare.tensors[index],
                    &velocity!.tensors[index], learningRate)
            } else {
                rule.update(&parameter, gradient, &meanSquare.tensors[index], learningRate)
            }
        }
    }

    private struct Rule {
        let decay: Double
        let momentum: Double
        let epsilon: Double
        let weightDecay: Double

        func update(
            _ parameter: inout Tensor, _ gradient: Tensor, _ meanSquare: inout Tensor,
            _ learningRate: Double
        ) {
            parameter -= learningRate * scaled(gradient, parameter, &meanSquare)
        }

        func update(
            _ parameter: inout Tensor, _ gradient: Tensor, _ meanSquare: inout Tensor,
            _ velocity: inout Tensor, _ learningRate: Double
        ) {
            velocity *= momentum
            velocity += scaled(gradient, parameter, &meanSquare)
            parameter -= learningRate * velocity
        }

        /// The gradient divided by the root of its mean square.
        private func scaled(
            _ gradient: Tensor, _ parameter: Tensor, _ meanSquare: inout Tensor
        ) -> Tensor {
            let gradient = weightDecay == 0 ? gradient : gradient + weightDecay * parameter
            meanSquare *= decay
            meanSquare += (1 - decay) * gradient * gradient
            return gradient / (sqrt(meanSquare) + epsilon)
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.state("meanSquare", &meanSquare)
        visitor.state("velocity", &velocity)
    }
}

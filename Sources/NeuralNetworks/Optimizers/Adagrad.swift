import Autograd

/// Adaptive subgradients (Duchi et al., "Adaptive Subgradient Methods for Online Learning and
/// Stochastic Optimization", 2011): each element of a parameter has its own learning rate, which
/// decreases with the accumulated gradients.
///
///     s ← s + g²          p ← p − η g / (√s + ε)
public struct Adagrad: Optimizer {
    /// Traps if set to a negative or infinite number or NaN.
    public var learningRate: Double {
        didSet { requireRate("Adagrad", "learning rate", learningRate) }
    }
    private let rule: Rule
    private var sumOfSquares: ParameterState

    /// Traps unless learning rate, initial sum and weight decay are finite numbers from 0, and
    /// epsilon is above 0.
    ///
    /// - Parameters:
    ///   - initialSum: the initial value of s.
    ///   - weightDecay: λ of a term λ/2 |p|² in the minimised loss.
    public init<Model: Module>(
        for model: Model, learningRate: Double = 0.01, initialSum: Double = 0,
        epsilon: Double = 1e-10, weightDecay: Double = 0
    ) {
        requireRate("Adagrad", "learning rate", learningRate)
        requireRate("Adagrad", "initial sum", initialSum)
        requireRate("Adagrad", "epsilon", epsilon, .aboveZero)
        requireRate("Adagrad", "weight decay", weightDecay)
        self.learningRate = learningRate
        rule = Rule(epsilon: epsilon, weightDecay: weightDecay)
        sumOfSquares = ParameterState(for: model) { parameter in
            Tensor(repeating: initialSum, shape: parameter.shape, dataType: parameter.dataType)
        }
    }

    public mutating func update<Model: Module>(_ model: inout Model, along gradients: Model) {
        let (rule, learningRate) = (rule, learningRate)
        model.updateParameters(along: gradients, madeFor: sumOfSquares.layout, "Adagrad") {
            index, parameter, gradient in
            rule.update(&parameter, gradient, &sumOfSquares.tensors[index], learningRate)
        }
    }

    private struct Rule {
        let epsilon: Double
        let weightDecay: Double

        func update(
            _ parameter: inout Tensor, _ gradient: Tensor, _ sumOfSquares: inout Tensor,
            _ learningRate: Double
        ) {
            let gradient = weightDecay == 0 ? gradient : gradient + weightDecay * parameter
            sumOfSquares += gradient * gradient
            parameter -= learningRate * gradient / (sqrt(sumOfSquares) + epsilon)
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.state("sumOfSquares", &sumOfSquares)
    }
}

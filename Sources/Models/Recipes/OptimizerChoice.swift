import Autograd

/// The optimisers that a recipe can be trained with, by name.
public enum OptimizerChoice: String, NamedOptionValue {
    case adam
    /// Plain gradient descent, without momentum.
    case sgd

    /// The optimiser for a model.
    ///
    /// - Parameters:
    ///   - weightDecay: the fraction by which parameters shrink in a step, times the learning rate.
    ///   - epsilon: of Adam.
    ///   - firstDecay: of Adam's mean of gradients.
    ///   - secondDecay: of its mean of their squares.
    public func optimizer<Model: Module>(
        for model: Model, learningRate: Double, weightDecay: Double = 0, epsilon: Double = 1e-8,
        firstDecay: Double = 0.9, secondDecay: Double = 0.999
    ) -> ChosenOptimizer {
        switch self {
        case .adam where weightDecay == 0:
            ChosenOptimizer(
                adam: Adam(
                    for: model, learningRate: learningRate, firstDecay: firstDecay,
                    secondDecay: secondDecay, epsilon: epsilon))
        case .adam:
            ChosenOptimizer(
                adamW: AdamW(
                    for: model, learningRate: learningRate, firstDecay: firstDecay,
                    secondDecay: secondDecay, epsilon: epsilon, weightDecay: weightDecay))
        case .sgd:
            ChosenOptimizer(
                sgd: SGD(for: model, learningRate: learningRate, weightDecay: weightDecay))
        }
    }
}

/// An optimiser that was chosen by name: exactly one of these is set.
///
/// Not an enumeration: extracting an associated value and storing it back would copy all state.
public struct ChosenOptimizer: Optimizer {
    private var adam: Adam?
    private var adamW: AdamW?
    private var sgd: SGD?

    fileprivate init(adam: Adam? = nil, adamW: AdamW? = nil, sgd: SGD? = nil) {
        self.adam = adam
        self.adamW = adamW
        self.sgd = sgd
    }

    public var learningRate: Double {
        get { adam?.learningRate ?? adamW?.learningRate ?? sgd?.learningRate ?? 0 }
        set {
            adam?.learningRate = newValue
            adamW?.learningRate = newValue
            sgd?.learningRate = newValue
        }
    }

    public mutating func update<Model: Module>(_ model: inout Model, along gradients: Model) {
        adam?.update(&model, along: gradients)
        adamW?.update(&model, along: gradients)
        sgd?.update(&model, along: gradients)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("adam", &adam)
        visitor("adamW", &adamW)
        visitor("sgd", &sgd)
    }
}

import Autograd

/// An optimiser composed of small transformations, applied to the gradients in order; the step is
/// against the result.
///
/// ```swift
/// OptimizerChain(
///     for: model, learningRate: 1e-3,
///     [Clipping(.globalNorm(1)), MomentEstimation(), WeightDecay(0.01)])
/// ```
///
/// A chain that ends as ``Adam`` does, or as ``AdamW`` with the decay, uses their fused kernel, in
/// one pass over memory.
public struct OptimizerChain: Optimizer {
    /// Traps if set to a negative or infinite number or NaN.
    public var learningRate: Double {
        didSet { requireRate("OptimizerChain", "learning rate", learningRate) }
    }
    private var links: [any GradientTransformation]

    /// Traps if the learning rate is not a finite number from 0, or a link rejects its numbers.
    public init<Model: Module>(
        for model: Model, learningRate: Double, _ links: [any GradientTransformation]
    ) {
        requireRate("OptimizerChain", "learning rate", learningRate)
        self.learningRate = learningRate
        self.links = links
        for index in links.indices { self.links[index].prepare(for: model) }
    }

    public mutating func update<Model: Module>(_ model: inout Model, along gradients: Model) {
        var gradients = gradients
        for index in links.indices {
            if let decay = decayBehind(index) {
                func step(_ link: inout some GradientTransformation) -> Bool {
                    link.step(
                        &model, along: gradients, learningRate: learningRate, decay: decay)
                }
                if step(&links[index]) { return }
            }
            func transform(_ link: inout some GradientTransformation) {
                link(&gradients, of: model)
            }
            transform(&links[index])
        }
        let moves = gradients.tensors
        var index = 0
        model.visitTensors { parameter in
            parameter -= learningRate * moves[index]
            parameter.evaluate()
            index += 1
        }
    }

    /// The weight decay that is the only link after this one, 0 if there is none; nil if others
    /// follow.
    private func decayBehind(_ index: Int) -> Double? {
        switch links.count - 1 - index {
        case 0: 0
        case 1: (links[index + 1] as? WeightDecay)?.rate
        default: nil
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.state("links", &links)
    }
}

import Autograd

/// An optimiser put together of small transformations: gradients go through them in order, and the
/// step is against what comes out.
///
/// ```swift
/// OptimizerChain(
///     for: model, learningRate: 1e-3,
///     [Clipping(.globalNorm(1)), MomentEstimation(), WeightDecay(0.01)])
/// ```
///
/// A chain that ends as ``Adam`` does, or as ``AdamW`` with the decay, makes its step by their kernel,
/// in one pass over memory.
public struct OptimizerChain: Optimizer {
    /// Traps unless it is a finite number from 0.
    public var learningRate: Double {
        didSet { requireRate("OptimizerChain", "learning rate", learningRate) }
    }
    private var links: [any GradientTransformation]

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

    /// The weight decay that alone stands behind a link, 0 where nothing does; nil where something
    /// else does.
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

import Autograd
import Foundation

/// A moving average of a model's parameters over the training steps, often better than the last
/// parameters (Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging", 1992;
/// here with exponential weights).
///
///     average ← decay · average + (1 − decay) · parameter
///
/// State that is not trained, such as running statistics, is copied from the latest model, except such
/// as is learned beside the parameters (``ModuleVisitor/Role/learnedState``).
///
/// ```swift
/// var average = ExponentialMovingAverage(of: model, decay: 0.999)
/// optimizer.update(&model, along: gradients)
/// average.update(with: model)
/// evaluate(average.model)
/// ```
public struct ExponentialMovingAverage<Model: Module>: Module {
    /// The weight of the previous average in each step.
    public let decay: Double
    /// Whether the average starts at zero and ``model`` corrects this bias, as in ``Adam``;
    /// otherwise it starts at the model.
    public let isCorrected: Bool
    private var average: Model
    /// The number of averaged steps, a scalar of `int32`.
    private var steps = Tensor.zeros([], dataType: .int32)

    /// Traps if the decay is not from 0 to below 1.
    ///
    /// - Parameter correctsBias: whether to exclude the initial model, which is often random.
    public init(of model: Model, decay: Double, correctsBias: Bool = false) {
        requireRate("ExponentialMovingAverage", "decay", decay, .belowOne)
        self.decay = decay
        isCorrected = correctsBias
        average = model
        if correctsBias {
            average.visitLearned { $0 = Tensor.zeros(like: $0) }
        }
    }

    /// The model with the averaged parameters. Traps if a corrected average has no steps yet.
    public var model: Model {
        guard isCorrected else { return average }
        let count = steps.scalar
        guard count > 0 else {
            programmerError("ExponentialMovingAverage", "no model was averaged yet")
        }
        let correction = 1 / (1 - Foundation.pow(decay, count))
        var model = average
        model.visitLearned { $0 *= correction }
        return model
    }

    /// Adds the model of a step to the average. Traps if it has other tensors or shapes.
    public mutating func update(with model: Model) {
        steps = steps + 1
        let (latest, decay) = (model.allTensors, decay)
        var index = 0
        average.visitAll { path, role, tensor in
            guard index < latest.count, latest[index].path == path,
                latest[index].tensor.shape == tensor.shape
            else {
                programmerError(
                    "ExponentialMovingAverage",
                    "\(path) of shape \(tensor.shape) is not in the model at this place")
            }
            switch role {
            case .parameter, .learnedState:
                tensor *= decay
                tensor += (1 - decay) * latest[index].tensor
            case .state: tensor = latest[index].tensor
            }
            index += 1
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.state("average", &average)
        visitor.state("steps", &steps)
    }
}

extension Module {
    /// Visits what is averaged.
    fileprivate mutating func visitLearned(_ visit: (inout Tensor) -> Void) {
        visitAll { _, role, tensor in
            if role != .state { visit(&tensor) }
        }
    }
}

import Autograd
import Foundation

/// A moving average of a model's parameters over the steps of training, often better than the
/// last of them (Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging",
/// 1992; with exponential weights).
///
///     average ← decay · average + (1 − decay) · parameter
///
/// State that is not trained, such as running statistics, is the model's latest.
///
/// ```swift
/// var average = ExponentialMovingAverage(of: model, decay: 0.999)
/// optimizer.update(&model, along: gradients)
/// average.update(with: model)
/// evaluate(average.model)
/// ```
public struct ExponentialMovingAverage<Model: Module>: Module {
    public let decay: Double
    /// Whether the average starts at zero and ``model`` undoes what that makes it too small, as
    /// in ``Adam``; otherwise it starts at the model.
    public let isCorrected: Bool
    private var average: Model
    /// How many steps were averaged, a scalar of `int32`.
    private var steps = Tensor.zeros([], dataType: .int32)

    /// - Parameter correctsBias: whether the first model, often a random one, shall not count.
    public init(of model: Model, decay: Double, correctsBias: Bool = false) {
        requireRate("ExponentialMovingAverage", "decay", decay, .belowOne)
        self.decay = decay
        isCorrected = correctsBias
        average = model
        if correctsBias {
            average.visitTensors { $0 = Tensor.zeros(like: $0) }
        }
    }

    /// The model with the averaged parameters. Traps where a corrected average has none yet.
    public var model: Model {
        guard isCorrected else { return average }
        let count = steps.scalar
        guard count > 0 else {
            programmerError("ExponentialMovingAverage", "no model was averaged yet")
        }
        let correction = 1 / (1 - Foundation.pow(decay, count))
        var model = average
        model.visitTensors { $0 *= correction }
        return model
    }

    /// Takes a step's model into the average.
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
            case .parameter:
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

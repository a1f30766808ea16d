import Autograd

/// A transformation of gradients, one link of an ``OptimizerChain``.
///
/// Its tensors are state, one for each parameter of the model that it is prepared for.
public protocol GradientTransformation: Module {
    /// Creates the state for a model's parameters.
    mutating func prepare<Model: Module>(for model: Model)
    /// Transforms the gradients of a model's parameters.
    mutating func callAsFunction<Model: Module>(_ gradients: inout Model, of model: Model)
    /// Performs this transformation and the whole following step in one pass over memory, if they
    /// can be fused: `p ← p − η (direction + λ p)`.
    ///
    /// - Parameter decay: λ, of a weight decay after this transformation.
    /// - Returns: whether it did so. If not, nothing has changed.
    mutating func step<Model: Module>(
        _ model: inout Model, along gradients: Model, learningRate: Double, decay: Double
    ) -> Bool
}

extension GradientTransformation {
    public mutating func prepare<Model: Module>(for model: Model) {}

    public mutating func step<Model: Module>(
        _ model: inout Model, along gradients: Model, learningRate: Double, decay: Double
    ) -> Bool { false }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

/// Clips gradients (``GradientClipping``).
public struct Clipping: GradientTransformation {
    /// How gradients are clipped.
    public let clipping: GradientClipping

    /// A link that clips gradients.
    public init(_ clipping: GradientClipping) { self.clipping = clipping }

    public mutating func callAsFunction<Model: Module>(_ gradients: inout Model, of model: Model) {
        clipping.apply(to: &gradients)
    }
}

/// Adds λ p to the gradient of each parameter p. Before ``MomentEstimation`` this is the gradient
/// of λ/2 |p|², after it decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101).
public struct WeightDecay: GradientTransformation {
    /// The weight decay λ.
    public let rate: Double

    /// Traps if the rate is not a finite number from 0.
    public init(_ rate: Double) {
        requireRate("WeightDecay", "rate", rate)
        self.rate = rate
    }

    public mutating func callAsFunction<Model: Module>(_ gradients: inout Model, of model: Model) {
        let parameters = model.tensors
        var index = 0
        gradients.visitTensors { gradient in
            gradient += rate * parameters[index]
            index += 1
        }
    }
}

/// Multiplies gradients by the factors of a schedule, counting its own steps.
public struct Scheduled: GradientTransformation {
    /// The factors of the steps.
    public let schedule: Schedule
    private var steps = Tensor.zeros([], dataType: .int32)

    /// A link that applies the schedule.
    public init(_ schedule: Schedule) { self.schedule = schedule }

    public mutating func callAsFunction<Model: Module>(_ gradients: inout Model, of model: Model) {
        let factor = schedule.factor(at: Int(exactly: steps.scalar) ?? .max)
        gradients.visitTensors { $0 *= factor }
        steps = steps + 1
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor.state("steps", &steps) }
}

/// Replaces gradients by their velocity, `v ← μ v + g`.
public struct Momentum: GradientTransformation {
    /// The decay μ of the velocity.
    public let decay: Double
    private var velocity: ParameterState?

    /// Traps if the decay is not from 0 to below 1.
    ///
    /// - Parameter decay: μ, from 0 to below 1.
    public init(_ decay: Double = 0.9) {
        requireRate("Momentum", "decay", decay, .belowOne)
        self.decay = decay
    }

    public mutating func prepare<Model: Module>(for model: Model) {
        velocity = ParameterState(for: model)
    }

    public mutating func callAsFunction<Model: Module>(_ gradients: inout Model, of model: Model) {
        guard velocity != nil else { programmerError("Momentum", "not prepared for a model") }
        var index = 0
        gradients.visitTensors { gradient in
            // Sound: it is not nil; binding it to a name would make a copy.
            velocity!.tensors[index] *= decay
            velocity!.tensors[index] += gradient
            gradient = velocity!.tensors[index]
            index += 1
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.state("velocity", &velocity)
    }
}

/// The quotient of the corrected moments of gradients, `m̂ / (√v̂ + ε)`, which turns a chain into
/// ``Adam``.
public struct MomentEstimation: GradientTransformation {
    private let decays: (first: Double, second: Double, epsilon: Double)
    private var moments: AdaptiveMoments?

    /// Preparing it for a model traps unless the decays are from 0 to below 1 and epsilon is above
    /// 0.
    ///
    /// - Parameters:
    ///   - firstDecay: β₁, the decay of the mean of gradients.
    ///   - secondDecay: β₂, the decay of the mean of their squares.
    ///   - epsilon: ε, which limits the step for tiny gradients.
    public init(firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8) {
        decays = (firstDecay, secondDecay, epsilon)
    }

    public mutating func prepare<Model: Module>(for model: Model) {
        moments = AdaptiveMoments(
            for: model, decays.first, decays.second, decays.epsilon, "MomentEstimation")
    }

    public mutating func callAsFunction<Model: Module>(_ gradients: inout Model, of model: Model) {
        // The step from zero with a rate of −1 is the direction itself.
        var direction = model
        direction.visitTensors { $0 = Tensor.zeros(like: $0) }
        update(&direction, along: gradients, learningRate: -1, decay: 0)
        gradients = direction
    }

    public mutating func step<Model: Module>(
        _ model: inout Model, along gradients: Model, learningRate: Double, decay: Double
    ) -> Bool {
        update(&model, along: gradients, learningRate: learningRate, decay: decay)
        return true
    }

    private mutating func update<Model: Module>(
        _ model: inout Model, along gradients: Model, learningRate: Double, decay: Double
    ) {
        guard moments != nil else {
            programmerError("MomentEstimation", "not prepared for a model")
        }
        // Sound: it is not nil; binding it to a name would make a copy.
        moments!.update(
            &model, along: gradients, learningRate: learningRate,
            decoupledDecay: learningRate * decay, "MomentEstimation")
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        // Sound: it is not nil; binding it to a name would make a copy.
        guard moments != nil else { return }
        visitor.state("firstMoment", &moments!.first)
        visitor.state("secondMoment", &moments!.second)
        visitor.state("steps", &moments!.steps)
    }
}

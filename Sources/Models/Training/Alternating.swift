import Autograd
import Datasets

/// Training in which parts of a model are updated in turn, each with the gradient of its own loss:
/// adversarial networks (Goodfellow et al., "Generative Adversarial Nets", arXiv:1406.2661).
///
/// ```swift
/// Alternating(
///     network,
///     [
///         Phase(\.critic, named: "critic", steps: 5, optimizer: Adam(for: network.critic)) {
///             network, batch, context in network.criticLoss(batch, in: &context)
///         },
///         Phase(\.generator, named: "generator", optimizer: Adam(for: network.generator)) {
///             network, batch, context in network.generatorLoss(batch, in: &context)
///         },
///     ])
/// ```
///
/// A step of the trainer is one of these updates, on its own batch: the phases are run in order,
/// each for its number of steps, and then start again. What diverges ends the training with an error
/// that says whose turn it was.
public struct Alternating<Model: Module>: TrainingProgram {
    public var model: Model
    private var phases: [any TrainingPhase<Model>]
    private let measure:
        @Sendable (Model, Batch, inout PassContext) -> [(name: String, value: Double)]

    /// Traps if there are no phases, or one without steps.
    ///
    /// - Parameter measure: evaluates a model on a batch: means over its samples, by name, which
    ///   are reported for held-out samples.
    public init(
        _ model: Model, _ phases: [any TrainingPhase<Model>],
        measure:
            @escaping @Sendable (
                _ model: Model, _ batch: Batch, _ context: inout PassContext
            ) -> [(name: String, value: Double)] = { _, _, _ in [] }
    ) {
        guard !phases.isEmpty, phases.allSatisfy({ $0.steps > 0 }) else {
            programmerError("Alternating", "phases of \(phases.map(\.steps)) steps")
        }
        self.model = model
        self.phases = phases
        self.measure = measure
    }

    /// The learning rate of the first phase.
    public var learningRate: Double { phases[0].learningRate }

    public mutating func step(
        _ batch: Batch, _ step: inout TrainingStep
    ) throws -> [(name: String, value: Double)] {
        var place = step.number % phases.reduce(0) { $0 + $1.steps }
        var index = 0
        while place >= phases[index].steps {
            place -= phases[index].steps
            index += 1
        }
        return try phases[index].update(&model, by: batch, &step)
    }

    public func evaluate(
        _ model: Model, on batch: Batch, in context: inout PassContext
    ) -> [(name: String, value: Double)] {
        measure(model, batch, &context)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("model", &model)
        for index in phases.indices { phases[index].visitState(&visitor) }
    }
}

/// The turn of one of several adversaries.
public protocol TrainingPhase<Model>: Sendable {
    associatedtype Model: Module
    /// The number of consecutive steps.
    var steps: Int { get }
    /// The learning rate of the first step, before any schedule.
    var learningRate: Double { get }
    /// One update of its part of the model. Nothing changes if it throws.
    ///
    /// - Returns: the loss and the norm of its gradient, and what else was measured, by name.
    mutating func update(
        _ model: inout Model, by batch: Batch, _ step: inout TrainingStep
    ) throws -> [(name: String, value: Double)]
    /// Visits the state of its optimiser, under its own name.
    mutating func visitState(_ visitor: inout ModuleVisitor)
}

/// A part of a model, its loss and its optimiser.
public struct Phase<Model: Module, Part: Module, Rule: Optimizer>: TrainingPhase {
    public let steps: Int
    public let learningRate: Double
    private let part: WritableKeyPath<Model, Part> & Sendable
    private let name: String
    private var optimizer: Rule
    private let losses: @Sendable (Model, Batch, inout PassContext) -> ObjectiveValue

    /// - Parameters:
    ///   - part: of the model: only this part is updated, with the gradient with respect to it.
    ///   - name: under which the loss is reported, as `nameLoss`, and the norm of its gradient, as
    ///     `nameGradientNorm`, and the optimiser's state is stored.
    ///   - steps: the number of consecutive steps.
    ///   - optimizer: created for the part.
    ///   - losses: returns the loss, a scalar, and what is to be reported beside it.
    public init(
        _ part: WritableKeyPath<Model, Part> & Sendable, named name: String, steps: Int = 1,
        optimizer: Rule,
        losses:
            @escaping @Sendable (
                _ model: Model, _ batch: Batch, _ context: inout PassContext
            ) -> ObjectiveValue
    ) {
        self.part = part
        self.name = name
        self.steps = steps
        self.optimizer = optimizer
        learningRate = optimizer.learningRate
        self.losses = losses
    }

    /// The same with nothing to be reported beside the loss.
    ///
    /// - Parameter loss: returns a scalar.
    public init(
        _ part: WritableKeyPath<Model, Part> & Sendable, named name: String, steps: Int = 1,
        optimizer: Rule,
        loss:
            @escaping @Sendable (
                _ model: Model, _ batch: Batch, _ context: inout PassContext
            ) -> Tensor
    ) {
        self.init(part, named: name, steps: steps, optimizer: optimizer) {
            ObjectiveValue(total: loss($0, $1, &$2))
        }
    }

    public mutating func update(
        _ model: inout Model, by batch: Batch, _ step: inout TrainingStep
    ) throws -> [(name: String, value: Double)] {
        let (whole, part, name, losses) = (model, part, name, losses)
        do {
            return try step.update(
                &model, at: part, by: &optimizer, from: learningRate,
                normName: "\(name)GradientNorm"
            ) { moved, context in
                var model = whole
                model[keyPath: part] = moved
                let value = losses(model, batch, &context)
                return (value.total, value.numbers(named: "\(name)Loss"))
            }
        } catch let error as TrainingError {
            throw TrainingError.turnFailed(of: name, error)
        }
    }

    public mutating func visitState(_ visitor: inout ModuleVisitor) {
        visitor(name + "Optimizer", &optimizer)
    }
}

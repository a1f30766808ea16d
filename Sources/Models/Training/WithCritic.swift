import Autograd
import Datasets

/// The training of a model by an objective in which a critic has a say, and of the critic, in turn.
///
/// ```swift
/// WithCritic(
///     model, optimizer: Adam(for: model), critic, optimizer: Adam(for: critic),
///     objective: { critic in
///         Reconstruction() + 10 * Term("realism") { pass in critic.doubts(pass.code) }
///     },
///     loss: { critic, own, other, context in critic.loss(of: own.code, other.code) })
/// ```
///
/// A batch has two halves. The critic learns from passes of the model through both of them; then the
/// model learns from the first, by the objective with the critic as it is. The model alone is
/// evaluated and kept; a checkpoint has the critic, too.
public struct WithCritic<
    Model: Trainable, Critic: Module, Rule: Optimizer, CriticRule: Optimizer
>: TrainingProgram {
    public typealias Output = Model.Output

    /// Is asked about outputs of the model, and learns from them.
    public private(set) var critic: Critic
    private var criticOptimizer: CriticRule
    private let criticLearningRate: Double
    private let loss:
        @Sendable (Critic, ForwardPass<Output>, ForwardPass<Output>, inout PassContext) -> Tensor
    private let judged: @Sendable (Critic) -> Objective<Output>
    /// Of the model, by the objective of the step before.
    private var training: SingleObjective<Model, Rule>

    /// - Parameters:
    ///   - optimizer: created for the model.
    ///   - criticOptimizer: created for the critic.
    ///   - objective: of the model, given the critic.
    ///   - loss: of the critic, a scalar: given passes through the samples that the model learns from
    ///     next, and through as many others, or the same if a batch is of one.
    public init(
        _ model: Model, optimizer: Rule, _ critic: Critic, optimizer criticOptimizer: CriticRule,
        objective: @escaping @Sendable (_ critic: Critic) -> Objective<Output>,
        loss:
            @escaping @Sendable (
                _ critic: Critic, _ own: ForwardPass<Output>, _ other: ForwardPass<Output>,
                _ context: inout PassContext
            ) -> Tensor
    ) {
        (self.critic, self.criticOptimizer) = (critic, criticOptimizer)
        criticLearningRate = criticOptimizer.learningRate
        (judged, self.loss) = (objective, loss)
        training = SingleObjective(model, objective: objective(critic), optimizer: optimizer)
    }

    public var model: Model {
        get { training.model }
        set { training.model = newValue }
    }

    public var learningRate: Double { training.learningRate }

    /// The model's training by its objective with a critic.
    func training(with critic: Critic) -> SingleObjective<Model, Rule> {
        var training = training
        training.objective = judged(critic)
        return training
    }

    public mutating func step(
        _ batch: Batch, _ step: inout TrainingStep
    ) throws -> [(name: String, value: Double)] {
        let half = max(1, batch.count / 2)
        let (own, other) = (batch[0..<half], batch[batch.count - half..<batch.count])
        let before = (critic, criticOptimizer)
        let (model, loss) = (model, loss)
        let losses = try step.update(
            &critic, by: &criticOptimizer, from: criticLearningRate
        ) { critic, context in
            // A context of its own: what passes change in the model is changed in its own step.
            var passes = context
            let (own, other) = (model.pass(own, in: &passes), model.pass(other, in: &passes))
            context.generator = passes.generator
            let total = loss(critic, own, other, &context)
            return (total, [("criticLoss", total.scalar)])
        }
        training.objective = judged(critic)
        do {
            return try training.step(own, &step) + losses
        } catch {
            // Nothing changes if it throws.
            (critic, criticOptimizer) = before
            throw error
        }
    }

    public func evaluate(
        _ model: Model, on batch: Batch, in context: inout PassContext
    ) -> [(name: String, value: Double)] {
        training(with: critic).evaluate(model, on: batch, in: &context)
    }

    public func evaluate(
        _ model: Model, on samples: any DataSource, batchSize: Int, in context: PassContext,
        monitor: ProgressMonitor<some Error>
    ) throws -> [String: Double] {
        try training(with: critic).evaluate(
            model, on: samples, batchSize: batchSize, in: context, monitor: monitor)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.inline("training", &training)
        visitor("critic", &critic)
        visitor("criticOptimizer", &criticOptimizer)
    }
}

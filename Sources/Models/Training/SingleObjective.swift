import Autograd
import Datasets

/// The training of one model along the gradient of one objective.
public struct SingleObjective<Model: Trainable, Rule: Optimizer>: TrainingProgram {
    public var model: Model
    public let objective: Objective<Model.Output>
    public var optimizer: Rule
    public let learningRate: Double
    private let metrics: [any EvaluationMetric<Model.Output>]

    /// - Parameters:
    ///   - optimizer: made for `model`.
    ///   - metrics: what is told of an evaluation besides means over its samples.
    public init(
        _ model: Model, objective: some ObjectiveComponent<Model.Output>, optimizer: Rule,
        metrics: [any EvaluationMetric<Model.Output>] = []
    ) {
        self.metrics = metrics
        self.model = model
        self.objective = objective.objective
        self.optimizer = optimizer
        learningRate = optimizer.learningRate
    }

    public mutating func step(
        _ batch: Batch, _ step: inout TrainingStep
    ) throws -> [(name: String, value: Double)] {
        var context = step.context
        var losses: [(name: String, value: Double)] = []
        var (_, gradients) = valueWithGradient(at: model) { model in
            let value = objective(model.pass(batch, in: &context))
            losses = value.numbers
            return value.total
        }
        try step.exchange?(&gradients, &losses)
        guard losses.allSatisfy(\.value.isFinite), gradients.tensors.allSatisfy(\.allFinite) else {
            throw diagnosis(of: losses, gradients, on: batch, step)
        }
        optimizer.learningRate = learningRate * step.learningRateFactor
        step.clipping?.apply(to: &gradients)
        optimizer.update(&model, along: gradients)
        context.commit(to: &model)
        step.generator = context.generator
        return losses
    }

    public func evaluate(
        _ model: Model, on batch: Batch, in context: inout Context
    ) -> [(name: String, value: Double)] {
        model.numbers(of: objective, model.pass(batch, in: &context))
    }

    public func evaluate(
        _ model: Model, on samples: any DataSource, batchSize: Int, in context: Context,
        report: (Double) throws -> Void
    ) throws -> [String: Double] {
        var metrics = metrics
        var values = try means(
            over: samples, batchSize: batchSize, as: model.dataType, in: context, report: report
        ) { batch, context in
            let pass = model.pass(batch, in: &context)
            for index in metrics.indices { metrics[index].add(pass) }
            return model.numbers(of: objective, pass)
        }
        for metric in metrics { values[metric.name] = metric.value }
        return values
    }

    /// Why a loss or gradient is not finite: the step once more, looking at every value.
    private func diagnosis(
        of losses: [(name: String, value: Double)], _ gradients: Model, on batch: Batch,
        _ step: TrainingStep
    ) -> TrainingError {
        if let parameter = model.firstNotFinite {
            return .parameterNotFinite(epoch: step.epoch, batch: step.batch, parameter: parameter)
        }
        let hasLoss = losses.first?.value.isFinite ?? true
        if !hasLoss, let row = model.firstWithoutLoss(objective, batch) {
            return .sampleWithoutLoss(
                epoch: step.epoch,
                SampleElement(greatestOf: batch.input[row], sample: step.positions[row]))
        }
        let operation = firstNonFiniteOperation(at: model) { model in
            var context = step.context
            return objective(model.pass(batch, in: &context)).total
        }
        guard hasLoss, let parameter = gradients.firstNotFinite else {
            return .lossNotFinite(epoch: step.epoch, batch: step.batch, operation: operation)
        }
        return .gradientNotFinite(
            epoch: step.epoch, batch: step.batch, parameter: parameter, operation: operation)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("model", &model)
        visitor("optimizer", &optimizer)
    }
}

extension Trainable {
    /// The first of a batch's samples that alone has a loss that is not finite, where it is not that
    /// of all: then the model is to blame.
    fileprivate func firstWithoutLoss(_ objective: Objective<Output>, _ batch: Batch) -> Int? {
        let hasLoss = (0..<batch.count).map { row in
            // As in an evaluation, where samples do not depend on each other.
            var context = Context.evaluation
            return objective(pass(batch[row..<row + 1], in: &context)).total.allFinite
        }
        return hasLoss.contains(true) ? hasLoss.firstIndex(of: false) : nil
    }
}

extension SampleElement {
    /// The element of a sample that is farthest from zero.
    fileprivate init(greatestOf values: Tensor, sample: Int) {
        let numbers = values.cast(to: .float64).elements(as: Double.self)
        let element = numbers.indices.max { abs(numbers[$0]) < abs(numbers[$1]) } ?? 0
        self.init(sample: sample, element: element, value: numbers[element])
    }
}

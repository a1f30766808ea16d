import Autograd
import Datasets

/// The training of one model by the gradient of one objective.
public struct SingleObjective<Model: Trainable, Rule: Optimizer>: TrainingProgram {
    public var model: Model
    /// The objective that is minimised.
    public internal(set) var objective: Objective<Model.Output>
    /// The optimiser of the model.
    public var optimizer: Rule
    public let learningRate: Double
    private let metrics: [any EvaluationMetric<Model.Output>]

    /// - Parameters:
    ///   - optimizer: created for `model`.
    ///   - metrics: reported by evaluations in addition to means over the samples.
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
        let objective = objective
        do {
            return try step.update(&model, by: &optimizer, from: learningRate) { model, context in
                let value = objective(model.pass(batch, in: &context))
                return (value.total, value.numbers)
            }
        } catch let error as TrainingError {
            guard case .lossNotFinite = error, let row = model.firstWithoutLoss(objective, batch)
            else { throw error }
            throw TrainingError.sampleWithoutLoss(
                epoch: step.epoch,
                SampleElement(greatestOf: batch.input[row], sample: step.positions[row]))
        }
    }

    public func evaluate(
        _ model: Model, on batch: Batch, in context: inout PassContext
    ) -> [(name: String, value: Double)] {
        model.numbers(of: objective, model.pass(batch, in: &context))
    }

    public func evaluate(
        _ model: Model, on samples: any DataSource, batchSize: Int, in context: PassContext,
        monitor: ProgressMonitor<some Error>
    ) throws -> [String: Double] {
        var (metrics, units) = (metrics, UnitStatistics())
        var values = try means(
            over: samples, batchSize: batchSize, as: model.dataType, in: context, monitor: monitor
        ) { batch, context in
            let pass = model.pass(batch, in: &context)
            for index in metrics.indices { metrics[index].add(pass) }
            units.add(pass.output)
            return model.numbers(of: objective, pass)
        }
        for metric in metrics { values[metric.name] = metric.value }
        if let active = units.active { values[activeUnitsName] = active }
        return values
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("model", &model)
        visitor("optimizer", &optimizer)
    }
}

extension Trainable {
    /// The first sample of a batch whose own loss is not finite; nil if that holds for all samples,
    /// as then the model is the cause.
    fileprivate func firstWithoutLoss(_ objective: Objective<Output>, _ batch: Batch) -> Int? {
        let hasLoss = (0..<batch.count).map { row in
            // Evaluation mode, in which samples do not depend on each other.
            var context = PassContext.evaluation
            return objective(pass(batch[row..<row + 1], in: &context)).total.allFinite
        }
        return hasLoss.contains(true) ? hasLoss.firstIndex(of: false) : nil
    }
}

extension SampleElement {
    /// The element of a sample with the largest absolute value.
    fileprivate init(greatestOf values: Tensor, sample: Int) {
        let numbers = values.cast(to: .float64).elements(as: Double.self)
        let element = numbers.indices.max { abs(numbers[$0]) < abs(numbers[$1]) } ?? 0
        self.init(sample: sample, element: element, value: numbers[element])
    }
}

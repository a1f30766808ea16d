import Autograd

extension TrainingStep {
    /// Moves a part of a model along the gradient of its loss: the sweep, the exchange, the check
    /// for finite values, the clipping and the optimiser's step. Nothing changes where it throws.
    ///
    /// - Parameters:
    ///   - part: what is differentiated and moved.
    ///   - learningRate: the optimiser's at the start, before any schedule.
    ///   - loss: of the part in a pass: what is differentiated, and what is told by name.
    /// - Returns: what is told.
    mutating func update<Model: Module, Part: Module, Rule: Optimizer>(
        _ model: inout Model, at part: WritableKeyPath<Model, Part>, by optimizer: inout Rule,
        from learningRate: Double,
        _ loss: (Part, inout PassContext) -> (
            total: Tensor, losses: [(name: String, value: Double)]
        )
    ) throws -> [(name: String, value: Double)] {
        var pass = context
        var losses: [(name: String, value: Double)] = []
        var (_, gradients) = valueWithGradient(at: model[keyPath: part]) { part in
            let value = loss(part, &pass)
            losses = value.losses
            return value.total
        }
        try exchange?(&gradients, &losses)
        guard losses.allSatisfy(\.value.isFinite), gradients.tensors.allSatisfy(\.allFinite) else {
            throw diagnosis(of: losses, gradients, model, at: part) { loss($0, &$1).total }
        }
        optimizer.learningRate = learningRate * learningRateFactor
        clipping?.apply(to: &gradients)
        optimizer.update(&model[keyPath: part], along: gradients)
        pass.commit(to: &model)
        generator = pass.generator
        return losses
    }

    /// The same of the whole model.
    mutating func update<Model: Module, Rule: Optimizer>(
        _ model: inout Model, by optimizer: inout Rule, from learningRate: Double,
        _ loss: (Model, inout PassContext) -> (
            total: Tensor, losses: [(name: String, value: Double)]
        )
    ) throws -> [(name: String, value: Double)] {
        try update(&model, at: \.self, by: &optimizer, from: learningRate, loss)
    }

    /// Why a loss or gradient is not finite: the step once more, looking at every value.
    private func diagnosis<Model: Module, Part: Module>(
        of losses: [(name: String, value: Double)], _ gradients: Part, _ model: Model,
        at part: WritableKeyPath<Model, Part>, _ total: (Part, inout PassContext) -> Tensor
    ) -> TrainingError {
        if let parameter = model.firstNotFinite {
            return .parameterNotFinite(epoch: epoch, batch: batch, parameter: parameter)
        }
        let operation = firstNonFiniteOperation(at: model[keyPath: part]) { part in
            var pass = context
            return total(part, &pass)
        }
        let hasLoss = losses.first?.value.isFinite ?? true
        guard hasLoss, let parameter = gradients.firstNotFinite else {
            return .lossNotFinite(epoch: epoch, batch: batch, operation: operation)
        }
        return .gradientNotFinite(
            epoch: epoch, batch: batch, parameter: parameter, operation: operation)
    }
}

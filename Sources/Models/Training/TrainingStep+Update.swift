import Autograd

extension TrainingStep {
    /// Updates a part of a model by the gradient of its loss: backward pass, exchange, check for
    /// finite values, clipping and optimiser step. Nothing changes if it throws.
    ///
    /// - Parameters:
    ///   - part: the part to differentiate and update.
    ///   - learningRate: the optimiser's initial one, before any schedule.
    ///   - normName: under which the norm of the gradient is reported, before it is clipped; nil if it
    ///     is not.
    ///   - loss: returns the total of the part in a pass, which is differentiated, and named
    ///     losses.
    /// - Returns: the named losses.
    mutating func update<Model: Module, Part: Module, Rule: Optimizer>(
        _ model: inout Model, at part: WritableKeyPath<Model, Part>, by optimizer: inout Rule,
        from learningRate: Double, normName: String? = nil,
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
        if let normName { losses.append((normName, gradients.globalNorm)) }
        optimizer.learningRate = learningRate * learningRateFactor
        clipping?.apply(to: &gradients)
        optimizer.update(&model[keyPath: part], along: gradients)
        pass.commit(to: &model)
        generator = pass.generator
        return losses
    }

    /// Updates the whole model.
    mutating func update<Model: Module, Rule: Optimizer>(
        _ model: inout Model, by optimizer: inout Rule, from learningRate: Double,
        _ loss: (Model, inout PassContext) -> (
            total: Tensor, losses: [(name: String, value: Double)]
        )
    ) throws -> [(name: String, value: Double)] {
        try update(&model, at: \.self, by: &optimizer, from: learningRate, loss)
    }

    /// Why a loss or gradient is not finite: repeats the step, checking every value.
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

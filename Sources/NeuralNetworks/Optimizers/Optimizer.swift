import Autograd

/// A rule that updates parameters using their gradients.
///
/// ```swift
/// var optimizer = Adam(for: model, learningRate: 1e-3)
/// optimizer.update(&model, along: gradients)
/// ```
///
/// An optimiser is created for a model and updates models of that structure. It is a module whose
/// tensors are all state, named after the parameters they belong to
/// (`firstMoment.encoder.weight`), so that optimisers are saved in the same way as models.
public protocol Optimizer: Module {
    /// The factor of a step. A ``Schedule`` changes it between steps.
    var learningRate: Double { get set }

    /// Updates the model's parameters by one step against the gradients of the loss.
    mutating func update<Model: Module>(_ model: inout Model, along gradients: Model)
}

/// The paths and shapes of a model's parameters, for which an optimiser was created.
struct ParameterLayout: Sendable {
    let paths: [String]
    let shapes: [[Int]]

    init<Model: Module>(of model: Model) {
        let parameters = model.parameters
        paths = parameters.map(\.path)
        shapes = parameters.map(\.tensor.shape)
    }
}

/// Optimiser state: one tensor for each parameter of a model, named by its path.
public struct ParameterState: Sendable {
    let layout: ParameterLayout
    var tensors: [Tensor]

    /// - Parameter initial: the initial value for a parameter; zeros if not given.
    init<Model: Module>(
        for model: Model, initial: (_ parameter: Tensor) -> Tensor = { Tensor.zeros(like: $0) }
    ) {
        layout = ParameterLayout(of: model)
        tensors = model.parameters.map { initial($0.tensor) }
    }
}

extension Module {
    /// Calls `body` with each parameter, its position and its gradient. Traps if the parameters
    /// differ from those that the optimiser was created for.
    mutating func updateParameters(
        along gradients: Self, madeFor layout: ParameterLayout, _ optimizer: String,
        _ body: (_ index: Int, _ parameter: inout Tensor, _ gradient: Tensor) -> Void
    ) {
        let gradients = gradients.tensors
        let paths = layout.paths
        var index = 0
        visitAll { path, role, parameter in
            guard role == .parameter else { return }
            guard paths.indices.contains(index), paths[index] == path else {
                programmerError(optimizer, "made for another model: no parameter \(path) there")
            }
            guard parameter.shape == layout.shapes[index] else {
                programmerError(
                    optimizer,
                    "made for another model: there \(path) has shape \(layout.shapes[index]), "
                        + "here \(parameter.shape)")
            }
            guard index < gradients.count, gradients[index].shape == parameter.shape else {
                let found =
                    index < gradients.count ? "of shape \(gradients[index].shape)" : "missing"
                programmerError(
                    optimizer,
                    "\(path) has shape \(parameter.shape), but its gradient is \(found)")
            }
            body(index, &parameter, gradients[index])
            // Evaluated here, while the gradient is available and the old state is not referenced,
            // so that one pass computes parameter and state in place.
            parameter.evaluate()
            index += 1
        }
        guard index == paths.count else {
            programmerError(optimizer, "made for another model: \(paths[index]) is not there")
        }
    }
}

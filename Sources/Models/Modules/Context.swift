import Autograd

/// What a layer needs to know of the pass it takes part in: whether the model is being trained,
/// where randomness comes from, and where new values of its state go.
///
/// Modes are explicit: a layer called without a context evaluates.
///
/// ```swift
/// var context = Context.training(generator)
/// let (loss, gradients) = valueWithGradient(at: model) { model in
///     meanSquaredError(model(x, in: &context), x)
/// }
/// optimizer.update(&model, along: gradients)
/// context.commit(to: &model)                     // running statistics
/// ```
public struct Context: Sendable {
    /// Whether layers behave as in training: dropout drops, batch statistics are used.
    public let isTraining: Bool
    /// The source of all randomness of the pass.
    public var generator: RandomGenerator

    private var updates: [ObjectIdentifier: (old: Tensor, new: Tensor)] = [:]

    /// What the generator would be if nothing but the generators of terms had come of it.
    private var unused: RandomGenerator

    private init(isTraining: Bool, generator: RandomGenerator) {
        self.isTraining = isTraining
        self.generator = generator
        unused = generator
    }

    /// A pass that trains.
    public static func training(_ generator: RandomGenerator) -> Context {
        Context(isTraining: true, generator: generator)
    }

    /// A pass that evaluates. The generator serves what is random there too: samples of a
    /// posterior.
    public static func evaluation(
        _ generator: RandomGenerator = RandomGenerator(seed: 0)
    ) -> Context {
        Context(isTraining: false, generator: generator)
    }

    /// A pass that evaluates, with the generator of seed 0.
    public static var evaluation: Context { evaluation() }

    /// A source of random numbers for the terms of an objective, which each pass gets.
    mutating func generatorForTerms() -> RandomGenerator {
        _ = unused.split()
        return generator.split()
    }

    /// Whether random numbers were drawn so far, other than by terms.
    var hasDrawn: Bool { generator != unused }

    /// The latest value in this pass of a layer's state tensor.
    public func current(_ state: Tensor) -> Tensor { updates[state.identity]?.new ?? state }

    /// Notes a new value of a layer's state tensor, of the same shape. The layer itself does not
    /// change in the pass: ``commit(to:)`` changes it afterwards.
    public mutating func update(_ state: Tensor, to value: Tensor) {
        guard state.shape == value.shape else {
            programmerError(
                "Context", "state of shape \(state.shape) updated to shape \(value.shape)")
        }
        updates[state.identity] = (state, stopGradient(value))
    }

    /// Gives the model the new values of its layers' states, and forgets them.
    ///
    /// Traps where a new value belongs to no state of the model: the pass was made with another
    /// model, or with this one before another pass was committed to it.
    public mutating func commit<Model: Module>(to model: inout Model) {
        guard !updates.isEmpty else { return }
        var paths: [ObjectIdentifier: String] = [:]
        let updates = self.updates
        model.visitAll { path, role, tensor in
            guard role == .state, let update = updates[tensor.identity] else { return }
            if let other = paths[tensor.identity] {
                programmerError(
                    "Context",
                    "\(other) and \(path) are the same state: a layer was copied within one "
                        + "model; create two layers")
            }
            paths[tensor.identity] = path
            tensor = update.new
        }
        guard paths.count == updates.count else {
            programmerError(
                "Context",
                "\(updates.count - paths.count) of \(updates.count) new states belong to no layer "
                    + "of the model as it is: commit each pass to the model it was made with, "
                    + "before the next pass")
        }
        self.updates = [:]
    }
}

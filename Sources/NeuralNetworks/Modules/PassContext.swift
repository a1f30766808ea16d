import Autograd

/// What a layer needs to know about the current pass: whether it is a training pass, the source of
/// random numbers, and where to record new values of its state.
///
/// The mode is explicit: a layer called without a context is in evaluation mode.
///
/// ```swift
/// var context = PassContext.training(generator)
/// let (loss, gradients) = valueWithGradient(at: model) { model in
///     meanSquaredError(model(x, in: &context), x)
/// }
/// optimizer.update(&model, along: gradients)
/// context.commit(to: &model)                     // running statistics
/// ```
public struct PassContext: Sendable {
    /// Whether layers are in training mode: dropout is active, batch statistics are used.
    public let isTraining: Bool
    /// The source of all random numbers of the pass.
    public var generator: RandomGenerator
    /// The training step of the pass, from 0; in an evaluation the step that the model has reached.
    public let step: Int
    /// The fraction of the training that is done, from 0 to 1.
    public let progress: Double

    private var updates: [StateKey: (old: Tensor, new: Tensor)] = [:]

    /// What the generator would be if only generators of terms had been split from it.
    private var unused: RandomGenerator

    private init(isTraining: Bool, generator: RandomGenerator, step: Int, progress: Double) {
        self.isTraining = isTraining
        self.generator = generator
        self.step = step
        self.progress = progress
        unused = generator
    }

    /// The context of a training pass.
    public static func training(
        _ generator: RandomGenerator, step: Int = 0, progress: Double = 0
    ) -> PassContext {
        PassContext(isTraining: true, generator: generator, step: step, progress: progress)
    }

    /// The context of an evaluation pass. The generator is used for what is random there too, such
    /// as samples of a posterior.
    public static func evaluation(
        _ generator: RandomGenerator = RandomGenerator(seed: 0), step: Int = 0,
        progress: Double = 1
    ) -> PassContext {
        PassContext(isTraining: false, generator: generator, step: step, progress: progress)
    }

    /// The context of an evaluation pass, with a generator of seed 0.
    public static var evaluation: PassContext { evaluation() }

    /// A random number generator for the terms of an objective, split off for each pass.
    package mutating func generatorForTerms() -> RandomGenerator {
        _ = unused.split()
        return generator.split()
    }

    /// Whether random numbers were drawn so far, except by terms.
    package var hasDrawn: Bool { generator != unused }

    /// The current value of a layer's state tensor in this pass.
    public func current(_ state: Tensor) -> Tensor { updates[key(of: state)]?.new ?? state }

    /// Records a new value of a layer's state tensor, of the same shape. The layer itself is not
    /// changed during the pass, but by ``commit(to:)`` afterwards. Traps if the shapes differ.
    ///
    /// In a differentiation scope at the model, as in training, states are identified by their
    /// place in the model, even if they share a value. Outside such a scope they are identified
    /// only by their storage.
    public mutating func update(_ state: Tensor, to value: Tensor) {
        guard state.shape == value.shape else {
            programmerError(
                "PassContext", "state of shape \(state.shape) updated to shape \(value.shape)")
        }
        updates[key(of: state)] = (state, stopGradient(value))
    }

    /// The key of a state: by its place, or by its storage if either the state or the recorded one
    /// comes from outside the scope.
    private func key(of state: Tensor) -> StateKey {
        let key = StateKey(state)
        guard updates[key] == nil else { return key }
        let same =
            key.place > 0
            ? [StateKey(key.identity, place: 0)].filter { updates[$0] != nil }
            : updates.keys.filter { $0.identity == key.identity }
        guard same.count <= 1 else {
            programmerError(
                "PassContext",
                "\(same.count) states of the pass began as this tensor of shape \(state.shape): ask "
                    + "with that of the model that the differentiation scope evaluates")
        }
        return same.first ?? key
    }

    /// Stores the recorded values in the model's states, and clears them.
    ///
    /// Traps if a value belongs to no state of the model, because the pass was made with another
    /// model, or with this one before another pass was committed to it. Also traps if it may belong
    /// to several states, because the pass was made outside a differentiation scope and they share
    /// one tensor.
    public mutating func commit<Model: Module>(to model: inout Model) {
        guard !updates.isEmpty else { return }
        var identities: [ObjectIdentifier] = []
        model.visitState { identities.append($0.identity) }
        var values: [Int: Tensor] = [:]
        var unclear: [Int]?
        var lost = 0
        for (key, update) in updates {
            var owners = identities.indices.filter { identities[$0] == key.identity }
            if owners.contains(key.place - 1) { owners = [key.place - 1] }
            if owners.isEmpty { lost += 1 }
            if owners.count == 1 { values[owners[0]] = update.new }
            if owners.count > 1, owners[0] < unclear?[0] ?? .max { unclear = owners }
        }
        if let unclear { Self.trapOnSameState(of: model, at: unclear) }
        guard lost == 0 else {
            programmerError(
                "PassContext",
                "\(lost) of \(updates.count) new states belong to no layer "
                    + "of the model as it is: commit each pass to the model it was made with, "
                    + "before the next pass")
        }
        var place = 0
        model.visitState { tensor in
            if let value = values[place] { tensor = value }
            place += 1
        }
        updates = [:]
    }

    private static func trapOnSameState(of model: some Module, at places: [Int]) -> Never {
        let paths = model.statePaths
        programmerError(
            "PassContext",
            places.map { paths[$0] }.joined(separator: " and ")
                + " hold the same tensor, and the pass does not tell which of them is meant: make "
                + "it in a differentiation scope at the model, or begin each with a tensor of its "
                + "own")
    }
}

/// Identifies a state tensor in a pass: by its place in the model, and by its storage, which shows
/// whether the model still has the same tensor there.
private struct StateKey: Hashable {
    let identity: ObjectIdentifier
    /// From 1; 0 if the pass is made outside a differentiation scope.
    let place: Int

    init(_ state: Tensor) { self.init(state.identity, place: state.place) }

    init(_ identity: ObjectIdentifier, place: Int) {
        (self.identity, self.place) = (identity, place)
    }
}

extension Module {
    fileprivate var statePaths: [String] {
        var (copy, paths) = (self, [String]())
        copy.visitAll { path, role, _ in if role != .parameter { paths.append(path) } }
        return paths
    }
}

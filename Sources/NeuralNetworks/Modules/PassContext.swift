import Autograd

/// What a layer needs to know of the pass it takes part in: whether the model is being trained,
/// where randomness comes from, and where new values of its state go.
///
/// Modes are explicit: a layer called without a context evaluates.
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
    /// Whether layers behave as in training: dropout drops, batch statistics are used.
    public let isTraining: Bool
    /// The source of all randomness of the pass.
    public var generator: RandomGenerator
    /// The step of training that the pass belongs to, from 0; in an evaluation that which the
    /// model has come to.
    public let step: Int
    /// The part of the training that is done then, from 0 to 1.
    public let progress: Double

    private var updates: [StateKey: (old: Tensor, new: Tensor)] = [:]

    /// What the generator would be if nothing but the generators of terms had come of it.
    private var unused: RandomGenerator

    private init(isTraining: Bool, generator: RandomGenerator, step: Int, progress: Double) {
        self.isTraining = isTraining
        self.generator = generator
        self.step = step
        self.progress = progress
        unused = generator
    }

    /// A pass that trains.
    public static func training(
        _ generator: RandomGenerator, step: Int = 0, progress: Double = 0
    ) -> PassContext {
        PassContext(isTraining: true, generator: generator, step: step, progress: progress)
    }

    /// A pass that evaluates. The generator serves what is random there too: samples of a
    /// posterior.
    public static func evaluation(
        _ generator: RandomGenerator = RandomGenerator(seed: 0), step: Int = 0,
        progress: Double = 1
    ) -> PassContext {
        PassContext(isTraining: false, generator: generator, step: step, progress: progress)
    }

    /// A pass that evaluates, with the generator of seed 0.
    public static var evaluation: PassContext { evaluation() }

    /// A source of random numbers for the terms of an objective, which each pass gets.
    package mutating func generatorForTerms() -> RandomGenerator {
        _ = unused.split()
        return generator.split()
    }

    /// Whether random numbers were drawn so far, other than by terms.
    package var hasDrawn: Bool { generator != unused }

    /// The latest value in this pass of a layer's state tensor.
    public func current(_ state: Tensor) -> Tensor { updates[key(of: state)]?.new ?? state }

    /// Notes a new value of a layer's state tensor, of the same shape. The layer itself does not
    /// change in the pass: ``commit(to:)`` changes it afterwards.
    ///
    /// States are told apart by their places in the model, also where they hold the same value,
    /// if the pass is made in a differentiation scope at the model, as in training. A pass outside
    /// of one knows them by their memory alone.
    public mutating func update(_ state: Tensor, to value: Tensor) {
        guard state.shape == value.shape else {
            programmerError(
                "PassContext", "state of shape \(state.shape) updated to shape \(value.shape)")
        }
        updates[key(of: state)] = (state, stopGradient(value))
    }

    /// Under which key new values of a state are noted: that of its place, or where either the
    /// state or what is noted comes from outside of the scope, that of its memory.
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

    /// Gives the model the new values of its layers' states, and forgets them.
    ///
    /// Traps where a new value belongs to no state of the model: the pass was made with another
    /// model, or with this one before another pass was committed to it. Traps, too, where it may
    /// belong to several, because the pass was made outside of a differentiation scope and they
    /// hold the same tensor.
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

/// What tells a tensor of state from others in a pass: its place in the model, and its memory,
/// which tells whether it still is what the model has there.
private struct StateKey: Hashable {
    let identity: ObjectIdentifier
    /// From 1; 0 where the pass is made outside of a differentiation scope.
    let place: Int

    init(_ state: Tensor) { self.init(state.identity, place: state.place) }

    init(_ identity: ObjectIdentifier, place: Int) {
        (self.identity, self.place) = (identity, place)
    }
}

extension Module {
    fileprivate var statePaths: [String] {
        var (copy, paths) = (self, [String]())
        copy.visitAll { path, role, _ in if role == .state { paths.append(path) } }
        return paths
    }
}

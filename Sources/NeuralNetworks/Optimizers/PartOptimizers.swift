import Autograd

/// Optimisers for the parts of a model: each part has its own rule and learning rate; parts without
/// an optimiser are not changed.
///
/// ```swift
/// PartOptimizers([
///     PartOptimizer(\VAE.encoder, named: "encoder", Adam(for: vae.encoder, learningRate: 1e-4)),
///     PartOptimizer(\VAE.decoder, named: "decoder", Adam(for: vae.decoder, learningRate: 1e-3)),
/// ])
/// ```
public struct PartOptimizers<Whole: Module>: Optimizer {
    private var parts: [any OptimizerOfPart<Whole>]
    /// The initial learning rate of each part.
    private let learningRates: [Double]

    /// Traps if there are no parts, or the first has a learning rate of 0.
    public init(_ parts: [any OptimizerOfPart<Whole>]) {
        learningRates = parts.map(\.learningRate)
        guard learningRates.first ?? 0 > 0 else {
            programmerError("PartOptimizers", "learning rates of \(learningRates)")
        }
        self.parts = parts
    }

    /// The learning rate of the first part; those of the others keep their ratio to it.
    public var learningRate: Double {
        get { parts[0].learningRate }
        set {
            for index in parts.indices {
                parts[index].learningRate = learningRates[index] * newValue / learningRates[0]
            }
        }
    }

    /// Traps if the model is not of the type that the parts belong to.
    public mutating func update<Model: Module>(_ model: inout Model, along gradients: Model) {
        guard Model.self == Whole.self, let gradients = gradients as? Whole else {
            programmerError("PartOptimizers", "made for a \(Whole.self), not a \(Model.self)")
        }
        withUnsafeMutablePointer(to: &model) { model in
            // Sound: the types are the same. A cast would copy and prevent updates in place.
            model.withMemoryRebound(to: Whole.self, capacity: 1) { model in
                for index in parts.indices {
                    parts[index].update(&model.pointee, along: gradients)
                }
            }
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        for index in parts.indices { parts[index].visitState(&visitor) }
    }
}

/// An optimiser of a part of a model, whatever the type of the part.
public protocol OptimizerOfPart<Whole>: Sendable {
    associatedtype Whole: Module
    var learningRate: Double { get set }
    /// Updates the part with its gradients, taken from those of the whole.
    mutating func update(_ whole: inout Whole, along gradients: Whole)
    /// Visits the optimiser's state, under the part's name.
    mutating func visitState(_ visitor: inout ModuleVisitor)
}

/// An optimiser of the part of a model at a key path.
public struct PartOptimizer<Whole: Module, Part: Module, Rule: Optimizer>: OptimizerOfPart {
    private let path: WritableKeyPath<Whole, Part> & Sendable
    private let name: String
    private var optimizer: Rule

    /// - Parameters:
    ///   - name: under which the optimiser's state is stored.
    ///   - optimizer: created for the part.
    public init(
        _ path: WritableKeyPath<Whole, Part> & Sendable, named name: String, _ optimizer: Rule
    ) {
        self.path = path
        self.name = name
        self.optimizer = optimizer
    }

    public var learningRate: Double {
        get { optimizer.learningRate }
        set { optimizer.learningRate = newValue }
    }

    public mutating func update(_ whole: inout Whole, along gradients: Whole) {
        optimizer.update(&whole[keyPath: path], along: gradients[keyPath: path])
    }

    public mutating func visitState(_ visitor: inout ModuleVisitor) {
        visitor(name, &optimizer)
    }
}

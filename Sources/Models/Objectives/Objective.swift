import Autograd

/// A term of an objective: a quantity of a pass that training minimises.
///
/// Its `Output` is that of the models it applies to: a term that needs a posterior declares so, and
/// does not compile with a model that has none.
public protocol ObjectiveTerm<Output>: ObjectiveComponent {
    /// The output of the models that the term applies to.
    associatedtype Output
    /// The name under which it is reported.
    var name: String { get }
    /// The term's value for each sample, summed over the dimensions of the sample, `[batch]`. A
    /// term that is a statistic of the whole batch has the same value for each sample.
    func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor
}

/// The quantity that training minimises: a weighted sum of terms.
///
/// ```swift
/// Trainer(vae, objective: Reconstruction() + 4 * KullbackLeibler(), …)
/// Trainer(autoencoder, objective: Reconstruction() + 0.1 * JacobianPenalty(), …)
/// Trainer(vae, objective: Reconstruction() + Schedule.warmUp(steps: 5000) * KullbackLeibler(), …)
/// ```
///
/// All losses follow one convention: they are summed over the dimensions of a sample and averaged
/// over the samples of a batch, each multiplied by its weight in the batch if there are weights.
/// So the weights of terms keep their meaning for any batch size, and the negative log-likelihood
/// and the divergence add up to the negative evidence lower bound.
public struct Objective<Output: Sendable>: Sendable {
    /// A term and its weight.
    public struct Part: Sendable {
        /// The term.
        public let term: any ObjectiveTerm<Output>
        public var weight: Double
        /// The factor of the weight at a training step; nil for a constant weight.
        public var schedule: Schedule?

        /// The factor of the weight at a fraction of the training; nil for a constant weight.
        public var annealing: Annealing?

        func weight(in pass: ForwardPass<Output>) -> Double {
            weight * (schedule?.factor(at: pass.step) ?? 1)
                * (annealing?.factor(at: pass.progress) ?? 1)
        }
    }

    /// The terms in order, each with its weight. Terms of weight 0 are reported but not optimised.
    public var parts: [Part]

    /// An objective that consists of one term.
    public init(_ term: some ObjectiveTerm<Output>) { parts = [Part(term: term, weight: 1)] }

    fileprivate init(_ parts: [Part]) {
        let names = parts.map(\.term.name)
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            programmerError("Objective", "two terms have the name \"\(name)\"")
        }
        self.parts = parts
    }

    /// The value for a pass. Traps if a term does not return one value for each sample.
    public func callAsFunction(_ pass: ForwardPass<Output>) -> ObjectiveValue {
        var total: Tensor?
        var terms: [(name: String, value: Tensor)] = []
        for part in parts {
            let values = part.term(pass)
            guard values.rank == 1, values.shape == [pass.batch.count] else {
                programmerError(
                    "Objective",
                    "the term \"\(part.term.name)\" has shape \(values.shape) for "
                        + "\(pass.batch.count) samples")
            }
            let mean = (pass.batch.weights.map { values * $0 } ?? values).mean()
            terms.append((part.term.name, stopGradient(mean)))
            let weight = part.weight(in: pass)
            guard weight != 0 else { continue }
            let weighted = weight == 1 ? mean : weight * mean
            total = total.map { $0 + weighted } ?? weighted
        }
        return ObjectiveValue(
            total: total ?? Tensor(0, dataType: pass.input.dataType), terms: terms)
    }
}

/// The value of an objective for a batch.
public struct ObjectiveValue: Sendable {
    /// The weighted sum of the terms, a scalar, which is differentiated.
    public let total: Tensor
    /// The unweighted mean of each term over the samples: scalars without gradients, which can be
    /// used outside the gradient scope.
    public let terms: [(name: String, value: Tensor)]

    /// - Parameters:
    ///   - total: a scalar.
    ///   - terms: scalars, of which only the values are kept.
    public init(total: Tensor, terms: [(name: String, value: Tensor)] = []) {
        self.total = total
        self.terms = terms.map { ($0.name, stopGradient($0.value)) }
    }
}

/// The parts from which objectives are added up: terms and other objectives.
public protocol ObjectiveComponent<Output>: Sendable {
    associatedtype Output: Sendable
    /// This component as an objective.
    var objective: Objective<Output> { get }
}

extension Objective: ObjectiveComponent {
    public var objective: Objective { self }
}

extension ObjectiveTerm {
    public var objective: Objective<Output> { Objective(self) }
}

extension ObjectiveComponent {
    /// The sum of two objectives. Traps if two terms have the same name.
    public static func + (
        a: Self, b: some ObjectiveComponent<Output>
    ) -> Objective<Output> {
        Objective(a.objective.parts + b.objective.parts)
    }

    /// The objective with all weights multiplied by `weight`.
    public static func * (weight: Double, component: Self) -> Objective<Output> {
        var objective = component.objective
        for index in objective.parts.indices { objective.parts[index].weight *= weight }
        return objective
    }

    /// The objective with all weights multiplied by `weight`.
    public static func * (component: Self, weight: Double) -> Objective<Output> {
        weight * component
    }

    /// Multiplies the weights by a schedule over the training steps.
    public static func * (schedule: Schedule, component: Self) -> Objective<Output> {
        var objective = component.objective
        for index in objective.parts.indices {
            let own = objective.parts[index].schedule
            objective.parts[index].schedule = own.map { schedule * $0 } ?? schedule
        }
        return objective
    }
}

/// A term defined by a closure where it is used.
///
/// ```swift
/// Reconstruction() + 0.1 * Term("smoothness") { pass in square(pass.code).sum(axes: [1]) }
/// ```
public struct Term<Output: Sendable>: ObjectiveTerm {
    public let name: String
    private let value: @Sendable (ForwardPass<Output>) -> Tensor

    /// - Parameters:
    ///   - name: under which the term is reported.
    ///   - value: for each sample, summed over the dimensions of the sample, `[batch]`.
    public init(
        _ name: String, _ value: @escaping @Sendable (_ pass: ForwardPass<Output>) -> Tensor
    ) {
        self.name = name
        self.value = value
    }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor { value(pass) }
}

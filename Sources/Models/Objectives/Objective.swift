import Autograd

/// A term of an objective: something about a pass that is to become small.
///
/// Its `Output` is that of the models it fits: a term that needs a posterior says so, and does not
/// compile with a model that has none.
public protocol ObjectiveTerm<Output>: ObjectiveComponent {
    /// What a pass of the models gives that it fits.
    associatedtype Output
    /// Under which it is reported.
    var name: String { get }
    /// The term's value for each sample, summed over the dimensions of the sample, `[batch]`. A
    /// term that is a statistic of the whole batch has the same value for each.
    func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor
}

/// What training makes small: a weighted sum of terms.
///
/// ```swift
/// Trainer(vae, objective: Reconstruction() + 4 * KullbackLeibler(), …)
/// Trainer(autoencoder, objective: Reconstruction() + 0.1 * JacobianPenalty(), …)
/// Trainer(vae, objective: Reconstruction() + Schedule.warmUp(steps: 5000) * KullbackLeibler(), …)
/// ```
///
/// One convention holds for all losses here: they are summed over the dimensions of a sample and
/// averaged over the samples of a batch, each multiplied by the batch's weight for it where there
/// is one. So their weights keep their meaning whatever the batch size, and the negative
/// log-likelihood and the divergence add up to a bound on the evidence.
public struct Objective<Output: Sendable>: Sendable {
    /// A term and how much it counts.
    public struct Part: Sendable {
        public let term: any ObjectiveTerm<Output>
        public var weight: Double
        /// By which the weight is multiplied in a step of training; nil where always by 1.
        public var schedule: Schedule?

        func weight(at step: Int) -> Double {
            schedule.map { weight * $0.factor(at: step) } ?? weight
        }
    }

    /// The terms in order, each with its weight. Terms of weight 0 are only reported.
    public var parts: [Part]

    /// The objective that consists of one term.
    public init(_ term: some ObjectiveTerm<Output>) { parts = [Part(term: term, weight: 1)] }

    fileprivate init(_ parts: [Part]) {
        let names = parts.map(\.term.name)
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            programmerError("Objective", "two terms have the name \"\(name)\"")
        }
        self.parts = parts
    }

    /// The value for a pass.
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
            let weight = part.weight(at: pass.step)
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
    /// The weighted sum of the terms, a scalar: what is differentiated.
    public let total: Tensor
    /// The mean over the samples of each term, unweighted: scalars that no scope watches, so
    /// that they can be used after it.
    public let terms: [(name: String, value: Tensor)]
}

/// What objectives are added up of: terms, and objectives.
public protocol ObjectiveComponent<Output>: Sendable {
    associatedtype Output: Sendable
    var objective: Objective<Output> { get }
}

extension Objective: ObjectiveComponent {
    public var objective: Objective { self }
}

extension ObjectiveTerm {
    public var objective: Objective<Output> { Objective(self) }
}

extension ObjectiveComponent {
    public static func + (
        a: Self, b: some ObjectiveComponent<Output>
    ) -> Objective<Output> {
        Objective(a.objective.parts + b.objective.parts)
    }

    public static func * (weight: Double, component: Self) -> Objective<Output> {
        var objective = component.objective
        for index in objective.parts.indices { objective.parts[index].weight *= weight }
        return objective
    }

    public static func * (component: Self, weight: Double) -> Objective<Output> {
        weight * component
    }

    /// With weights that follow a schedule over the steps of training.
    public static func * (schedule: Schedule, component: Self) -> Objective<Output> {
        var objective = component.objective
        for index in objective.parts.indices {
            let own = objective.parts[index].schedule
            objective.parts[index].schedule = own.map { schedule * $0 } ?? schedule
        }
        return objective
    }
}

/// A term that is said where it is used.
///
/// ```swift
/// Reconstruction() + 0.1 * Term("smoothness") { pass in square(pass.code).sum(axes: [1]) }
/// ```
public struct Term<Output: Sendable>: ObjectiveTerm {
    public let name: String
    private let value: @Sendable (ForwardPass<Output>) -> Tensor

    /// - Parameters:
    ///   - name: under which it is reported.
    ///   - value: for each sample, summed over the dimensions of the sample, `[batch]`.
    public init(
        _ name: String, _ value: @escaping @Sendable (_ pass: ForwardPass<Output>) -> Tensor
    ) {
        self.name = name
        self.value = value
    }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor { value(pass) }
}

import Autograd

/// A term of an objective: something about a pass that is to become small.
public protocol ObjectiveTerm: ObjectiveComponent {
    /// Under which it is reported.
    var name: String { get }
    /// The term's value for each sample, summed over the dimensions of the sample, `[batch]`. A
    /// term that is a statistic of the whole batch has the same value for each.
    func callAsFunction(_ pass: Pass) -> Tensor
}

/// What training makes small: a weighted sum of terms.
///
/// ```swift
/// let betaVAE     = Reconstruction() + 4 * KullbackLeibler()
/// let contractive = Reconstruction() + 0.1 * JacobianPenalty()
/// ```
///
/// One convention holds for all losses here: they are summed over the dimensions of a sample and
/// averaged over the samples of a batch. So their weights keep their meaning whatever the batch
/// size, and the negative log-likelihood and the divergence add up to a bound on the evidence.
public struct Objective: Sendable {
    /// A term and how much it counts.
    public struct Part: Sendable {
        public let term: any ObjectiveTerm
        public var weight: Double
    }

    /// The terms in order, each with its weight. Terms of weight 0 are only reported.
    public var parts: [Part]

    /// The objective that consists of one term.
    public init(_ term: some ObjectiveTerm) { parts = [Part(term: term, weight: 1)] }

    fileprivate init(_ parts: [Part]) {
        let names = parts.map(\.term.name)
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            programmerError("Objective", "two terms have the name \"\(name)\"")
        }
        self.parts = parts
    }

    /// The value for a pass.
    public func callAsFunction(_ pass: Pass) -> ObjectiveValue {
        var total: Tensor?
        var terms: [(name: String, value: Tensor)] = []
        for part in parts {
            let values = part.term(pass)
            guard values.rank == 1, values.shape == [pass.input.shape[0]] else {
                programmerError(
                    "Objective",
                    "the term \"\(part.term.name)\" has shape \(values.shape) for "
                        + "\(pass.input.shape[0]) samples")
            }
            let mean = values.mean()
            terms.append((part.term.name, stopGradient(mean)))
            guard part.weight != 0 else { continue }
            let weighted = part.weight == 1 ? mean : part.weight * mean
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
public protocol ObjectiveComponent: Sendable {
    var objective: Objective { get }
}

extension Objective: ObjectiveComponent {
    public var objective: Objective { self }
}

extension ObjectiveTerm {
    public var objective: Objective { Objective(self) }
}

extension ObjectiveComponent {
    public static func + (a: Self, b: some ObjectiveComponent) -> Objective {
        Objective(a.objective.parts + b.objective.parts)
    }

    public static func * (weight: Double, component: Self) -> Objective {
        var objective = component.objective
        for index in objective.parts.indices { objective.parts[index].weight *= weight }
        return objective
    }
}

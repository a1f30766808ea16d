import Autograd

/// How the weight of a term changes while a model is trained: a factor for each fraction of the training
/// that is done. A ``Schedule`` does the same for each step.
///
/// ```swift
/// Reconstruction() + Annealing.linear(until: 0.2) * KullbackLeibler()
/// ```
public struct Annealing: Sendable {
    private let function: @Sendable (Double) -> Double

    /// A custom factor for each fraction, from 0 to 1.
    public init(_ factor: @escaping @Sendable (_ progress: Double) -> Double) { function = factor }

    /// The factor when a fraction of the training is done.
    public func factor(at progress: Double) -> Double { function(progress) }

    /// From 0 to 1 in a first part of the training, then 1: a divergence that does not yet count lets
    /// the decoder learn to use the code (Bowman et al., arXiv:1511.06349; Sønderby et al.,
    /// arXiv:1602.02282). Traps unless the part is from 0 to 1.
    public static func linear(until end: Double) -> Annealing {
        guard 0...1 ~= end else { programmerError("Annealing", "an end at \(end) of the training") }
        return Annealing { end > 0 ? min(1, $0 / end) : 1 }
    }

    /// The same again and again: each cycle rises in its first part (Fu et al., "Cyclical Annealing
    /// Schedule", arXiv:1903.10145). Traps unless there is a cycle, and a part above 0 up to 1.
    public static func cyclic(_ cycles: Int, rising: Double = 0.5) -> Annealing {
        guard cycles > 0, rising > 0, rising <= 1 else {
            programmerError("Annealing", "\(cycles) cycles that rise in \(rising) of their time")
        }
        return Annealing { progress in
            let place = progress * Double(cycles)
            return progress >= 1 ? 1 : min(1, (place - place.rounded(.down)) / rising)
        }
    }

    /// Multiplies the weights of a component by the factor.
    public static func * <Component: ObjectiveComponent>(
        annealing: Annealing, component: Component
    ) -> Objective<Component.Output> {
        var objective = component.objective
        for index in objective.parts.indices {
            let own = objective.parts[index].annealing
            objective.parts[index].annealing =
                own.map { own in
                    Annealing { annealing.factor(at: $0) * own.factor(at: $0) }
                } ?? annealing
        }
        return objective
    }
}

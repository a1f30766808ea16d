import Autograd

/// What the numbers may be that an optimiser, a schedule or an average is made with.
enum RateRange: String {
    case fromZero = "a finite number from 0"
    case aboveZero = "a finite number above 0"
    /// Of decays and momenta: at 1 the past would never fade.
    case belowOne = "a number from 0 to below 1"

    fileprivate func contains(_ value: Double) -> Bool {
        switch self {
        case .fromZero: value >= 0 && value.isFinite
        case .aboveZero: value > 0 && value.isFinite
        case .belowOne: (0..<1).contains(value)
        }
    }
}

/// Traps unless a rate makes sense: otherwise training would go on, and nobody know why to nowhere.
func requireRate(
    _ owner: String, _ name: String, _ value: Double, _ range: RateRange = .fromZero
) {
    guard range.contains(value) else {
        programmerError(owner, "the \(name) is \(value), not \(range.rawValue)")
    }
}

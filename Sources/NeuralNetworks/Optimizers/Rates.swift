import Autograd

/// The valid range of a number of an optimiser, a schedule or an average.
enum RateRange: String {
    case fromZero = "a finite number from 0"
    case aboveZero = "a finite number above 0"
    /// For decays and momenta: with 1 the past would never fade.
    case belowOne = "a number from 0 to below 1"

    fileprivate func contains(_ value: Double) -> Bool {
        switch self {
        case .fromZero: value >= 0 && value.isFinite
        case .aboveZero: value > 0 && value.isFinite
        case .belowOne: (0..<1).contains(value)
        }
    }
}

/// Traps if a rate is out of range: otherwise training would fail later, with no obvious cause.
func requireRate(
    _ owner: String, _ name: String, _ value: Double, _ range: RateRange = .fromZero
) {
    guard range.contains(value) else {
        programmerError(owner, "the \(name) is \(value), not \(range.rawValue)")
    }
}

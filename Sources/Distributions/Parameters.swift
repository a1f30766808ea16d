import Autograd
import Foundation

// Checks of parameters and arguments, the same for all distributions.

/// What a parameter may be. Not-a-number passes everywhere, and propagates.
enum ParameterRange: String {
    case positive = "positive and finite"
    case probability = "a probability from 0 to 1"
    case finite
}

/// Traps if an element of a parameter is not in its range, with its value and place.
func requireParameter(
    _ x: Tensor, _ name: String, of distribution: String, _ range: ParameterRange
) {
    guard x.dataType.isFloatingPoint else {
        programmerError(distribution, "the \(name) is a tensor of \(x.dataType)")
    }
    let x = stopGradient(x)
    let isOutside =
        switch range {
        case .positive: (x .<= 0) .| (x .== .infinity)
        case .probability: (x .< 0) .| (x .> 1)
        case .finite: abs(x) .== .infinity
        }
    guard isOutside.any().scalar != 0 else { return }
    let place = isOutside.elements(as: Bool.self).firstIndex(of: true) ?? 0
    let value = x.cast(to: .float64).elements(as: Double.self)[place]
    let position = x.rank == 0 ? "" : " at \(position(of: place, in: x.shape))"
    programmerError(distribution, "the \(name) \(value)\(position) is not \(range.rawValue)")
}

/// The position of an element along each axis, from its place in the memory.
private func position(of place: Int, in shape: [Int]) -> [Int] {
    var rest = place
    var position: [Int] = []
    for size in shape.reversed() {
        position.append(rest % size)
        rest /= size
    }
    return position.reversed()
}

extension Distribution {
    /// Traps unless the last axes of `x` are those of a draw.
    func requireDraw(_ x: Tensor) {
        guard x.shape.suffix(shape.count) == shape[...], x.rank >= shape.count else {
            programmerError(
                "\(Self.self)",
                "a value of shape \(x.shape) for a distribution whose draws have shape \(shape)")
        }
    }

    /// Traps unless another distribution's draws have the same events, and the same shape or its last
    /// axes.
    func requireComparable(_ other: any Distribution) {
        guard shape.suffix(other.shape.count) == other.shape[...], other.eventRank == eventRank
        else {
            programmerError(
                "\(Self.self)",
                "its draws have shape \(shape) with events of \(eventRank) axes, those of the "
                    + "other distribution \(other.shape) with \(other.eventRank)")
        }
    }

    /// Traps: there is no closed form.
    func noClosedForm(_ what: String) -> Never {
        programmerError("\(Self.self)", "no closed form of its \(what) is known: average draws")
    }
}

/// A log-density, −∞ outside of a range; there the function is given another number instead, so that
/// nothing that is not finite reaches a gradient. What is not a number stays so.
func within(
    _ range: ClosedRange<Double>, _ x: Tensor, elsewhere number: Double,
    _ logDensity: (_ x: Tensor) -> Tensor
) -> Tensor {
    let fixed = stopGradient(x)
    let isOutside = (fixed .< range.lowerBound) .| (fixed .> range.upperBound)
    let inside = logDensity(select(isOutside, Tensor(number, dataType: x.dataType), x))
    return select(isOutside, Tensor(-.infinity, dataType: x.dataType), inside)
}

extension Tensor {
    /// x log y with 0 log 0 = 0: impossible outcomes that do not occur add nothing to value or
    /// gradient.
    package func timesLogarithm(of y: Tensor) -> Tensor {
        let isExcluded = (stopGradient(self) .== 0) .& (stopGradient(y) .== 0)
        return self * log(Autograd.select(isExcluded, Tensor(1, dataType: y.dataType), y))
    }

    /// x log(1 − y) with 0 log 0 = 0, accurate for small y.
    package func timesLogarithm(ofOneMinus y: Tensor) -> Tensor {
        let isExcluded = (stopGradient(self) .== 0) .& (stopGradient(y) .== 1)
        return self * log1p(-Autograd.select(isExcluded, Tensor(0, dataType: y.dataType), y))
    }

    /// The smallest and the largest number between 0 and 1 that the type can tell from them: where
    /// draws are rounded to 0 or 1 they are moved here, as their density need not be finite there.
    func withinOpenUnitInterval() -> Tensor {
        let largest = dataType == .float32 ? Double(Float(1).nextDown) : 1.0.nextDown
        return clamp(self, from: dataType.leastNormalMagnitude, through: largest)
    }
}

extension DataType {
    /// The least positive number with all its digits.
    var leastNormalMagnitude: Double {
        self == .float32 ? Double(Float.leastNormalMagnitude) : Double.leastNormalMagnitude
    }
}

/// ½ log 2π.
let halfLogTwoPi = 0.5 * log(2 * Double.pi)

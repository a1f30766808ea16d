import Autograd
import Foundation

/// How the learning rate changes over the steps: a factor for each step, as a pure function of its
/// number from 0.
///
/// ```swift
/// let schedule = Schedule.warmUp(steps: 500, then: .cosine(steps: 10_000))
/// optimizer.learningRate = 1e-3 * schedule.factor(at: step)
/// ```
public struct Schedule: Sendable {
    private let function: @Sendable (Int) -> Double

    /// A custom schedule.
    public init(_ factor: @escaping @Sendable (_ step: Int) -> Double) { function = factor }

    /// The factor of the learning rate in a step. Traps if it is not a finite number from 0.
    public func factor(at step: Int) -> Double {
        let factor = function(step)
        requireRate("Schedule", "factor of step \(step)", factor)
        return factor
    }

    /// Always 1.
    public static let constant = Schedule { _ in 1 }

    /// Multiplied by `factor` after every `steps` steps: `factor`^⌊step / steps⌋. Traps if
    /// `steps` is not positive or `factor` is negative or not finite.
    public static func step(every steps: Int, factor: Double) -> Schedule {
        check(steps > 0, "step(every: \(steps)) needs a step or more")
        requireRate("Schedule", "factor", factor)
        return Schedule { Foundation.pow(factor, Double($0 / steps)) }
    }

    /// Decays smoothly by `factor` over every `steps` steps: `factor`^(step / steps). Traps if
    /// either is not positive.
    public static func exponential(factor: Double, every steps: Int = 1) -> Schedule {
        check(steps > 0, "exponential(every: \(steps)) needs a step or more")
        requireRate("Schedule", "factor", factor, .aboveZero)
        return Schedule { Foundation.pow(factor, Double($0) / Double(steps)) }
    }

    /// Half a cosine wave, from 1 at step 0 to `end` at step `steps`, then constant (Loshchilov and
    /// Hutter, "SGDR", arXiv:1608.03983, equation 5, without restarts). Traps
    /// if `steps` is not positive or `end` is negative or not finite.
    public static func cosine(steps: Int, to end: Double = 0) -> Schedule {
        check(steps > 0, "cosine(steps: \(steps)) needs a step or more")
        requireRate("Schedule", "factor at the end", end)
        return Schedule { step in
            let position = Double(min(step, steps)) / Double(steps)
            return end + (1 - end) * (1 + Foundation.cos(.pi * position)) / 2
        }
    }

    /// Linear warm-up from `1 / (steps + 1)` at step 0; from step `steps` on another schedule,
    /// starting with its step 0. Traps if `steps` is negative.
    public static func warmUp(steps: Int, then next: Schedule = .constant) -> Schedule {
        check(steps >= 0, "warmUp(steps: \(steps)) is negative")
        return Schedule { Double($0 + 1) / Double(steps + 1) }.until(steps, then: next)
    }

    /// This schedule before step `end`, then another, starting with its step 0.
    public func until(_ end: Int, then next: Schedule) -> Schedule {
        Schedule { step in
            step < end ? factor(at: step) : next.factor(at: step - end)
        }
    }

    /// A schedule with all factors multiplied by `factor`.
    public static func * (factor: Double, schedule: Schedule) -> Schedule {
        requireRate("Schedule", "factor", factor)
        return Schedule { factor * schedule.factor(at: $0) }
    }

    /// The product of the factors of two schedules.
    public static func * (left: Schedule, right: Schedule) -> Schedule {
        Schedule { left.factor(at: $0) * right.factor(at: $0) }
    }
}

private func check(_ condition: Bool, _ message: @autoclosure () -> String) {
    guard condition else { programmerError("Schedule", message()) }
}

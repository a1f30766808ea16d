/// The outcome of a gradient check; see ``gradientCheck(at:order:mode:tolerance:seed:of:)``.
public struct GradientCheckResult: Sendable, CustomStringConvertible {
    /// A comparison of one derivative.
    public struct Comparison: Sendable, CustomStringConvertible {
        /// Which derivative: of the value with respect to `argument`, at `element` of it, or
        /// along a random direction.
        public let what: String
        /// The derivative by reverse mode.
        public let analytic: Double
        /// The derivative by central differences; NaN if no step gives one.
        public let numeric: Double
        /// How far off the differences may be, due to rounding and the step size.
        public let uncertainty: Double
        /// The greatest difference that passes: the requested tolerance, relative to the
        /// derivative, plus the uncertainty.
        public let tolerance: Double

        /// How far apart the two derivatives are.
        public var difference: Double { Swift.abs(analytic - numeric) }

        /// The difference in multiples of the tolerance. Infinite if either derivative is NaN.
        public var excess: Double {
            if difference == 0 { return 0 }
            return difference.isFinite ? difference / tolerance : .infinity
        }

        public var passes: Bool { excess <= 1 }

        public var description: String {
            "\(what): by reverse mode \(analytic), by differences \(numeric) ± \(uncertainty); "
                + "\(difference) apart, tolerance \(tolerance)"
        }
    }

    /// All comparisons that were made.
    public let comparisons: [Comparison]

    /// The comparison that exceeds its tolerance by most, or comes closest to it.
    public var worst: Comparison? { comparisons.max { $0.excess < $1.excess } }

    /// Whether there was something to compare, and all comparisons agree.
    public var passes: Bool { !comparisons.isEmpty && comparisons.allSatisfy(\.passes) }

    public var description: String {
        guard let worst else { return "nothing to compare: no argument has an element" }
        let failed = comparisons.filter { !$0.passes }.count
        return failed == 0
            ? "passes (\(comparisons.count) comparisons); closest to failing: \(worst)"
            : "\(failed) of \(comparisons.count) comparisons fail; worst: \(worst)"
    }
}

import Foundation

/// The outcome of a gradient check; see ``gradientCheck(at:order:mode:tolerance:seed:of:)``.
public struct GradientCheckResult: Sendable, CustomStringConvertible {
    /// A comparison of one derivative.
    public struct Comparison: Sendable, CustomStringConvertible {
        /// Which derivative: of the value with respect to `argument`, at `element` of it, or
        /// along a random direction.
        public let what: String
        /// The derivative by reverse mode.
        public let analytic: Double
        /// The derivative by central differences.
        public let numeric: Double
        /// The greatest difference that passes.
        public let tolerance: Double

        /// How far apart they are, in tolerances. Infinite where either is not a number.
        public var excess: Double {
            let difference = Swift.abs(analytic - numeric)
            return difference.isFinite ? difference / tolerance : .infinity
        }

        public var passes: Bool { excess <= 1 }

        public var description: String {
            "\(what): by reverse mode \(analytic), by differences \(numeric), "
                + "tolerance \(tolerance)"
        }
    }

    /// Every comparison made.
    public let comparisons: [Comparison]

    /// The comparison that is furthest out of its tolerance.
    public var worst: Comparison? { comparisons.max { $0.excess < $1.excess } }

    /// Whether there was something to compare, and all of it agrees.
    public var passes: Bool { !comparisons.isEmpty && comparisons.allSatisfy(\.passes) }

    public var description: String {
        guard let worst else { return "nothing to compare: no argument has an element" }
        let failed = comparisons.filter { !$0.passes }.count
        return failed == 0
            ? "passes (\(comparisons.count) comparisons); closest to failing: \(worst)"
            : "\(failed) of \(comparisons.count) comparisons fail; worst: \(worst)"
    }
}

/// How a gradient check compares.
public enum GradientCheckMode: Sendable {
    /// Along random directions in all arguments at once: a few evaluations, however large the
    /// arguments.
    case directional(directions: Int = 3)
    /// For every element of every argument.
    case elements
}

/// Compares the derivatives of a function by reverse mode with central differences.
///
/// ```swift
/// #expect(gradientCheck(at: x, y) { myLoss($0, $1) }.passes)
/// ```
///
/// Everything is computed in `float64`: the arguments are converted before the function sees
/// them, whatever their own type. Constants that the function captures must then fit: write
/// `Tensor.zeros(like:)` or `cast(to: x.dataType)` where the type matters.
///
/// A function whose value is not a scalar is reduced to one by a random weighting of its
/// elements. At order 2 the gradient itself, weighted at random, is checked in the same way.
/// Choose points away from kinks, where differences and derivatives disagree.
///
/// - Parameters:
///   - point: tensors, arrays of tensors or modules; at least one with an element.
///   - order: 1, or 2 for second derivatives too.
///   - tolerance: relative to the greater of 1 and the derivative.
///   - seed: of the directions and weights.
public func gradientCheck<each Point: Differentiable>(
    at point: repeat each Point, order: Int = 1, mode: GradientCheckMode = .elements,
    tolerance: Double = 1e-6, seed: UInt64 = 0,
    of function: @escaping (repeat each Point) -> Tensor
) -> GradientCheckResult {
    guard order == 1 || order == 2 else { trap("gradientCheck", "order \(order) is not 1 or 2") }
    if case .directional(let directions) = mode, directions < 0 {
        trap("gradientCheck", "\(directions) directions")
    }
    var tensors: [Tensor] = []
    repeat tensors.append(contentsOf: (each point).tensors)
    let points = (repeat each point)

    /// The function of a flat list of tensors.
    func flat(_ arguments: [Tensor]) -> Tensor {
        var rest = arguments[...]
        func take<P: Differentiable>(_ point: P) -> P {
            let own = rest.prefix(point.tensors.count)
            rest = rest.dropFirst(own.count)
            return point.replacingTensors(with: Array(own))
        }
        return function(repeat take(each points))
    }

    var check = Check(
        point: tensors.map { stopGradient($0).cast(to: .float64) }, mode: mode,
        tolerance: tolerance, generator: RandomGenerator(seed: seed))
    let weighted = check.weighted(flat)
    check.compare(weighted, named: "derivative")
    if order == 2 {
        let second = check.weightedGradient(of: weighted)
        check.compare(second, named: "second derivative")
    }
    return GradientCheckResult(comparisons: check.comparisons)
}

private struct Check {
    let point: [Tensor]
    let mode: GradientCheckMode
    let tolerance: Double
    var generator: RandomGenerator
    var comparisons: [GradientCheckResult.Comparison] = []

    /// Best for central differences in double precision: the cube root of the unit roundoff.
    private let step = 6e-6

    init(
        point: [Tensor], mode: GradientCheckMode, tolerance: Double, generator: RandomGenerator
    ) {
        self.point = point
        self.mode = mode
        self.tolerance = tolerance
        self.generator = generator
    }

    /// The function reduced to a scalar by fixed random weights.
    mutating func weighted(
        _ function: @escaping ([Tensor]) -> Tensor
    ) -> ([Tensor]) -> Tensor {
        let shape = function(point).shape
        let weights = generator.uniform(shape, from: 0.5, to: 1.5, dataType: .float64)
        return { (function($0) * weights).sum() }
    }

    /// The gradient of a scalar function reduced to a scalar in turn.
    mutating func weightedGradient(
        of function: @escaping ([Tensor]) -> Tensor
    ) -> ([Tensor]) -> Tensor {
        let weights = point.map {
            generator.uniform($0.shape, from: 0.5, to: 1.5, dataType: .float64)
        }
        return { arguments in
            zip(gradient(at: arguments, of: function), weights)
                .map { ($0 * $1).sum() }
                .reduce(Tensor(0, dataType: .float64), +)
        }
    }

    mutating func compare(_ function: ([Tensor]) -> Tensor, named name: String) {
        let gradients = gradient(at: point, of: function)
        switch mode {
        case .directional(let directions):
            guard point.contains(where: { $0.count > 0 }) else { return }
            for index in 0..<directions {
                let direction = point.map { generator.normal($0.shape, dataType: .float64) }
                let analytic = zip(gradients, direction).reduce(0) {
                    $0 + ($1.0 * $1.1).sum().scalar
                }
                record(
                    "\(name) along random direction \(index)", analytic,
                    difference(of: function, along: direction))
            }
        case .elements:
            for (argument, tensor) in point.enumerated() {
                for element in 0..<tensor.count {
                    var direction = point.map { Tensor.zeros(like: $0) }
                    direction[argument] = Tensor.unit(
                        element, count: tensor.count, dataType: .float64
                    ).reshaped(tensor.shape)
                    let place = position(of: element, in: tensor.shape)
                    record(
                        "\(name) at element \(place) of argument \(argument)",
                        gradients[argument].elements(as: Double.self)[element],
                        difference(of: function, along: direction))
                }
            }
        }
    }

    private mutating func record(_ what: String, _ analytic: Double, _ numeric: Double) {
        comparisons.append(
            .init(
                what: what, analytic: analytic, numeric: numeric,
                tolerance: tolerance * Swift.max(1, Swift.abs(analytic), Swift.abs(numeric))))
    }

    private func difference(
        of function: ([Tensor]) -> Tensor, along direction: [Tensor]
    ) -> Double {
        func value(_ distance: Double) -> Double {
            function(zip(point, direction).map { $0 + $1 * distance }).scalar
        }
        return (value(step) - value(-step)) / (2 * step)
    }

    private func position(of element: Int, in shape: [Int]) -> [Int] {
        zip(Shape.strides(shape), shape).map { element / $0 % $1 }
    }
}

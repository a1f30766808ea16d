/// How a gradient check compares derivatives.
public enum GradientCheckMode: Sendable {
    /// Along random directions in all arguments at once: a few evaluations, however large the
    /// arguments are.
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
/// Arguments, values and derivatives may be of any magnitude, and of mixed magnitudes. If a first,
/// small step does not agree, differences of many steps are extrapolated (see `Extrapolation`),
/// from steps larger than the arguments down to steps that no longer change them; steps that leave
/// the function's domain, where it is not finite, are skipped. An error that the differences cannot
/// resolve, because rounding of a large value hides the change, passes: a derivative that is wrong
/// by more fails.
///
/// A function whose value is not a scalar is reduced to one by a random weighting of its elements,
/// after their differences are taken. At order 2 the gradient itself, weighted at random, is
/// checked in the same way. Choose points away from kinks, where differences and derivatives
/// disagree: at a distance of more than 10⁻⁵ times 1 and times the argument.
///
/// - Parameters:
///   - point: tensors, arrays of tensors or modules; at least one with an element.
///   - order: 1, or 2 for second derivatives too.
///   - tolerance: relative to the derivative.
///   - seed: the seed of the directions and weights.
public func gradientCheck<each Point: Differentiable>(
    at point: repeat each Point, order: Int = 1, mode: GradientCheckMode = .elements,
    tolerance: Double = 1e-6, seed: UInt64 = 0,
    of function: @escaping (repeat each Point) -> Tensor
) -> GradientCheckResult {
    guard order == 1 || order == 2 else { trap("gradientCheck", "order \(order) is not 1 or 2") }
    if case .directional(let directions) = mode, directions < 0 {
        trap("gradientCheck", "directions \(directions) is negative")
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
    let value = WeightedFunction({ [flat($0)] }, at: check.point, &check.generator)
    check.compare(value, named: "derivative")
    if order == 2 {
        let slopes = WeightedFunction(
            { gradient(at: $0, of: value.total) }, at: check.point, &check.generator)
        check.compare(slopes, named: "second derivative")
    }
    return GradientCheckResult(comparisons: check.comparisons)
}

private struct Check {
    let point: [Tensor]
    let mode: GradientCheckMode
    let tolerance: Double
    var generator: RandomGenerator
    var comparisons: [GradientCheckResult.Comparison] = []

    init(
        point: [Tensor], mode: GradientCheckMode, tolerance: Double, generator: RandomGenerator
    ) {
        self.point = point
        self.mode = mode
        self.tolerance = tolerance
        self.generator = generator
    }

    mutating func compare(_ function: WeightedFunction, named name: String) {
        let gradients = gradient(at: point, of: function.total)
        switch mode {
        case .directional(let directions):
            guard point.contains(where: { $0.count > 0 }) else { return }
            for index in 0..<directions {
                // In units of the elements, so that small elements count as much as large ones.
                let direction = point.map {
                    generator.normal($0.shape, dataType: .float64) * units(of: $0)
                }
                let parts = zip(gradients, direction).map { $0 * $1 }
                let line = Line(of: point, along: direction)
                compare(
                    "\(name) along random direction \(index)",
                    parts.reduce(0) { $0 + $1.sum().scalar }, function, on: line,
                    terms: parts.reduce(0) { $0 + abs($1).sum().scalar })
            }
        case .elements:
            for (argument, tensor) in point.enumerated() {
                let slopes = gradients[argument].elements(as: Double.self)
                for element in 0..<tensor.count {
                    let place = position(of: element, in: tensor.shape)
                    compare(
                        "\(name) at element \(place) of argument \(argument)", slopes[element],
                        function, on: Line(of: point, argument, element))
                }
            }
        }
    }

    /// - Parameter terms: the sum of the magnitudes of the terms that the derivative is the sum of.
    private mutating func compare(
        _ what: String, _ analytic: Double, _ function: WeightedFunction, on line: Line,
        terms: Double = 0
    ) {
        let found = Extrapolation(function: function, line: line)
            .derivative(expected: analytic, tolerance: tolerance)
        // If the differences are mostly noise, they only show that the derivative is no greater.
        let isNoise = found.relativeError > 1e-3
        let uncertainty =
            found.error + (isNoise ? Swift.abs(found.value) : 0) + 8 * Double.ulpOfOne * terms
        comparisons.append(
            .init(
                what: what, analytic: analytic, numeric: found.value, uncertainty: uncertainty,
                tolerance: tolerance * Swift.max(Swift.abs(analytic), Swift.abs(found.value))
                    + 4 * uncertainty))
    }

    /// The magnitudes of the elements; for an element that is 0, the mean of the others, or 1.
    private func units(of tensor: Tensor) -> Tensor {
        let magnitudes = abs(tensor)
        let mean = magnitudes.mean().scalar
        return select(
            magnitudes .== 0, Tensor(mean > 0 ? mean : 1, dataType: .float64), magnitudes)
    }

    private func position(of element: Int, in shape: [Int]) -> [Int] {
        zip(Shape.strides(shape), shape).map { element / $0 % $1 }
    }
}

/// A derivative by differences, and how far it may be off. NaN if there is no difference.
struct NumericDerivative {
    var value = Double.nan
    var error = Double.infinity

    /// The error relative to the derivative.
    var relativeError: Double {
        error == 0 ? 0 : error.isFinite ? error / Swift.abs(value) : .infinity
    }

    /// Whether the derivative is known to agree with another to a relative tolerance.
    func agrees(with other: Double, tolerance: Double) -> Bool {
        let allowed = tolerance * Swift.abs(value)
        return error <= allowed && Swift.abs(other - value) <= allowed
    }
}

/// A line through the arguments of a function, along which it is differentiated.
struct Line {
    /// The arguments at a given distance from the point.
    let arguments: (_ distance: Double) -> [Tensor]
    /// The actual distance between the arguments on both sides, after rounding.
    let width: (_ distance: Double) -> Double
    /// The step that is tried first.
    let quick: Double
    /// Extrapolation goes from the greatest step to the least.
    let greatest: Double
    let least: Double
    /// Steps so large that they are only tried if smaller ones are inconclusive; with larger ones
    /// the point itself would be lost to rounding.
    let utmost: Double

    /// Along a direction, in units of the arguments.
    init(of point: [Tensor], along direction: [Tensor]) {
        arguments = { distance in zip(point, direction).map { $0 + $1 * distance } }
        width = { 2 * $0 }
        (quick, greatest, least, utmost) = (0x1p-17, 0x1p-2, 0x1p-50, 0x1p-2)
    }

    /// Along one element. Steps are powers of 2, which seldom round the element.
    init(of point: [Tensor], _ argument: Int, _ element: Int) {
        let elements = point[argument].elements(as: Double.self)
        let x = elements[element]
        arguments = { distance in
            var (point, elements) = (point, elements)
            elements[element] = x + distance
            point[argument] = Tensor(elements, shape: point[argument].shape)
            return point
        }
        width = { (x + $0) - (x - $0) }
        let magnitude = Swift.abs(x).binade
        let others = abs(point[argument]).max().scalar.binade
        utmost = x == 0 ? 0x1p24 * Swift.max(1, others) : 0x1p26 * magnitude
        greatest = Swift.min(0x1p-2 * Swift.max(1, others), utmost)
        quick = Swift.min(0x1p-17 * Swift.max(1, magnitude), utmost)
        least = x == 0 ? 0x1p-60 * greatest : 4 * x.ulp
    }
}

/// Derivatives of a function along a line by central differences, extrapolated to a step of 0
/// (Ridders, "Accurate computation of F′(x) and F′(x) F″(x)", 1982): of all steps, those whose
/// results agree best are taken.
struct Extrapolation {
    let function: WeightedFunction
    let line: Line

    /// - Parameters:
    ///   - expected: the search ends when the derivative is known to agree with it.
    ///   - tolerance: relative.
    func derivative(expected: Double, tolerance: Double) -> NumericDerivative {
        if let first = difference(line.quick),
            Swift.abs(expected - first.value) <= tolerance * Swift.abs(first.value)
        {
            // Rounding may hide a small change, but not a large one as well.
            if first.value != 0 || difference(line.greatest)?.isUnchanged == true {
                return NumericDerivative(value: first.value, error: 0)
            }
        }
        let usual = search(from: line.greatest, to: line.least, expected, tolerance)
        let error = usual.relativeError
        guard error > 10 * tolerance, error < 0.5, line.utmost > line.greatest else {
            return usual
        }
        let far = search(from: line.utmost, to: line.greatest, expected, tolerance)
        // Beyond a kink the derivative is different.
        let isSame = Swift.abs(far.value - usual.value) <= 2 * usual.error
        return isSame && far.error < usual.error ? far : usual
    }

    /// The best of the derivatives by steps from the greatest to the least.
    private func search(
        from greatest: Double, to least: Double, _ expected: Double, _ tolerance: Double
    ) -> NumericDerivative {
        var best = NumericDerivative()
        // Of the steps so far: their differences, and these extrapolated once and twice.
        var (plain, once, twice): ([Double], [Double], [Double]) = ([], [], [])
        /// Which values a step has changed: with a smaller step, rounding may hide the change.
        var changed: [Tensor]?
        /// The rounding error while no step has shown a change; 0 as soon as one has.
        var hidden: Double?
        var step = greatest
        while step >= least {
            defer { step /= 4 }
            guard let latest = difference(step) else {
                (plain, once, twice) = ([], [], [])
                continue
            }
            if latest.isUnchanged, hidden == 0 {
                // Next to a kink the function is flat, or else rounding hides what it does here.
                let flat = NumericDerivative(value: 0, error: rounding(of: latest))
                let isFlat = Swift.abs(best.value) > flat.error
                return best.value.isNaN || (isFlat && expected == 0) ? flat : best
            }
            hidden = latest.isUnchanged ? hidden ?? rounding(of: latest) : 0
            changed = changed.map { zip($0, latest.isChanged).map { $0 .| $1 } } ?? latest.isChanged
            // Errors are proportional to the squares of the steps, then to their fourth powers.
            if let before = plain.last {
                let value = latest.value + (latest.value - before) / 15
                if let before = once.last { twice.append(value + (value - before) / 255) }
                once.append(value)
            }
            plain.append(latest.value)
            let count = twice.count
            guard count >= 3 else { continue }
            let value = twice[count - 1]
            let spread = Swift.max(
                Swift.abs(value - twice[count - 2]), Swift.abs(value - twice[count - 3]))
            let rounding = rounding(of: latest, where: changed)
            let found = NumericDerivative(value: value, error: spread + rounding)
            if best.value.isNaN || found.relativeError < best.relativeError { best = found }
            if best.agrees(with: expected, tolerance: tolerance) { break }
            // Smaller steps only lose more digits.
            if rounding > 1000 * best.error { break }
        }
        if let hidden, best.value == 0 { best.error += hidden }
        // If nothing changes, rounding alone decides what a gradient by other sums is.
        if best.value == 0, let widest = difference(greatest) {
            best.error = Swift.max(best.error, rounding(of: widest))
        }
        return best
    }

    /// The values at both ends of a step.
    private struct Difference {
        let after: [Tensor]
        let before: [Tensor]
        let isChanged: [Tensor]
        let width: Double
        /// The derivative according to their difference.
        let value: Double

        var isUnchanged: Bool { !isChanged.contains { $0.any().scalar == 1 } }
    }

    /// The difference for a step; nil if it is not finite.
    private func difference(_ step: Double) -> Difference? {
        let width = line.width(step)
        let after = function.values(line.arguments(step))
        let before = function.values(line.arguments(-step))
        // Infinite values that do not change have no difference, but do no harm.
        let isChanged = zip(after, before).map { $0 .!= $1 }
        let value = function.sum(zip(after, before).map { $0 - $1 }, where: isChanged) / width
        return value.isFinite
            ? Difference(
                after: after, before: before, isChanged: isChanged, width: width, value: value)
            : nil
    }

    /// The rounding error of a difference whose values (all finite ones if no mask is given) are
    /// off by the distance between neighbouring numbers.
    private func rounding(of difference: Difference, where mask: [Tensor]? = nil) -> Double {
        let magnitudes = zip(difference.after, difference.before).map { maximum(abs($0), abs($1)) }
        return function.sum(magnitudes, where: mask ?? magnitudes.map(\.isFinite))
            * 2 * Double.ulpOfOne / difference.width
    }
}

/// A function whose values are weighted at random and summed to one number, but only after
/// differences are taken, so that small values are not lost beside large ones.
struct WeightedFunction {
    let values: ([Tensor]) -> [Tensor]
    private let weights: [Tensor]

    init(
        _ values: @escaping ([Tensor]) -> [Tensor], at point: [Tensor],
        _ generator: inout RandomGenerator
    ) {
        self.values = values
        weights = values(point).map {
            generator.uniform($0.shape, from: 0.5, to: 1.5, dataType: .float64)
        }
    }

    /// The weighted sum of the values.
    func total(_ arguments: [Tensor]) -> Tensor {
        zip(values(arguments), weights).reduce(Tensor(0, dataType: .float64)) {
            $0 + ($1.0 * $1.1).sum()
        }
    }

    /// The weighted sum of the given numbers that a mask selects.
    func sum(_ numbers: [Tensor], where masks: [Tensor]) -> Double {
        zip(zip(masks, numbers), weights).reduce(0) { sum, element in
            let ((mask, numbers), weights) = element
            let named = select(mask, numbers, Tensor(0, dataType: .float64))
            return sum + (named * weights).sum().scalar
        }
    }
}

import Autograd

/// Minimises a smooth function of all samples at once, if these are few: limited-memory BFGS (Liu
/// and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989) with a
/// backtracking line search.
///
/// ```swift
/// let x = LBFGS().minimum(from: [start]) { square($0[0] - 3).sum() }
/// ```
public struct LBFGS: Sendable {
    /// The number of past steps used to estimate curvature.
    public var memory: Int
    /// The largest number of iterations.
    public var iterations: Int
    /// The search ends if no element of the gradient is larger in magnitude.
    public var tolerance: Double

    /// A minimiser with the given settings.
    public init(memory: Int = 10, iterations: Int = 500, tolerance: Double = 1e-4) {
        self.memory = memory
        self.iterations = iterations
        self.tolerance = tolerance
    }

    /// Traps if the tolerance is negative or not finite, or the function or its gradient is not
    /// finite at the start.
    ///
    /// - Parameters:
    ///   - start: one or more floating-point tensors.
    ///   - monitor: called after each iteration, with the value as `loss`; an error that it throws
    ///     ends the search.
    ///   - function: a differentiable scalar function of tensors with the shapes of the start.
    /// - Returns: the last point of the search: a minimum, or the point where the iterations or the
    ///   floating-point precision were exhausted.
    public func minimum<Failure>(
        from start: [Tensor], monitor: ProgressMonitor<Failure> = .silent,
        of function: ([Tensor]) -> Tensor
    ) throws(Failure) -> [Tensor] {
        requireRate("LBFGS", "tolerance", tolerance)
        var point = start
        var (value, gradient) = Self.evaluate(function, at: point)
        guard value.isFinite, gradient.allSatisfy(\.allFinite) else {
            programmerError(
                "LBFGS", "the function is \(value) at the start, or its gradient is not finite")
        }
        /// The latest steps, the changes of the gradient along them, and their inner products.
        var pairs: [(step: [Tensor], change: [Tensor], product: Double)] = []
        for iteration in 1...max(1, iterations) {
            let slope = gradient.map { abs($0).max().scalar }.max() ?? 0
            guard iterations > 0, slope > tolerance else { break }
            var direction = Self.direction(gradient, pairs)
            // Without curvature information the step has at most length 1.
            if pairs.isEmpty {
                let length = product(direction, direction).squareRoot()
                direction = scaled(direction, by: 1 / max(1, length))
            }
            let descent = product(direction, gradient)
            guard descent < 0,
                let (next, nextValue, nextGradient) = Self.search(
                    function, from: point, value, along: direction, descent)
            else { break }
            let step = zip(next, point).map { $0 - $1 }
            let change = zip(nextGradient, gradient).map { $0 - $1 }
            let curvature = product(step, change)
            if curvature > 1e-10 * product(change, change) {
                pairs.append((step, change, curvature))
                if pairs.count > memory { pairs.removeFirst() }
            }
            let gain = value - nextValue
            (point, value, gradient) = (next, nextValue, nextGradient)
            try monitor.advance(
                to: Double(iteration) / Double(iterations), [("loss", value)])
            // The gain is below single precision.
            if gain <= 1e-9 * Swift.abs(value) { break }
        }
        return point
    }

    private static func evaluate(
        _ function: ([Tensor]) -> Tensor, at point: [Tensor]
    ) -> (Double, [Tensor]) {
        let (value, gradient) = valueWithGradient(at: point, of: function)
        return (value.scalar, gradient)
    }

    /// The negative gradient times the inverse curvature estimated from the pairs (two-loop
    /// recursion).
    private static func direction(
        _ gradient: [Tensor], _ pairs: [(step: [Tensor], change: [Tensor], product: Double)]
    ) -> [Tensor] {
        var direction = scaled(gradient, by: -1)
        guard let last = pairs.last else { return direction }
        var weights: [Double] = []
        for pair in pairs.reversed() {
            let weight = product(pair.step, direction) / pair.product
            direction = sum(direction, pair.change, times: -weight)
            weights.append(weight)
        }
        direction = scaled(direction, by: last.product / product(last.change, last.change))
        for (pair, weight) in zip(pairs, weights.reversed()) {
            let correction = weight - product(pair.change, direction) / pair.product
            direction = sum(direction, pair.step, times: correction)
        }
        return direction
    }

    /// The first step length of 1, 1/2, 1/4, … that lowers the value by a sufficient fraction of
    /// the decrease predicted by the slope; nil if none does.
    private static func search(
        _ function: ([Tensor]) -> Tensor, from point: [Tensor], _ value: Double,
        along direction: [Tensor], _ descent: Double
    ) -> ([Tensor], Double, [Tensor])? {
        var length = 1.0
        for _ in 0..<30 {
            let next = sum(point, direction, times: length)
            let (nextValue, gradient) = evaluate(function, at: next)
            if nextValue <= value + 1e-4 * length * descent, gradient.allSatisfy(\.allFinite) {
                return (next, nextValue, gradient)
            }
            length /= 2
        }
        return nil
    }
}

// Lists of tensors as vectors.

private func product(_ a: [Tensor], _ b: [Tensor]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 * $1.1).sum().scalar }
}

private func scaled(_ a: [Tensor], by factor: Double) -> [Tensor] { a.map { $0 * factor } }

private func sum(_ a: [Tensor], _ b: [Tensor], times factor: Double) -> [Tensor] {
    zip(a, b).map { $0 + $1 * factor }
}

import Autograd

/// How the numbers of a column are scaled for a model, and back.
enum NumberScale: Codable, Hashable, Sendable {
    /// Scaled to mean 0 and standard deviation 1.
    case standard(mean: Double, deviation: Double)
    /// By rank: the numbers, ascending, and the score of each; interpolated linearly between them,
    /// constant beyond them.
    case rank(numbers: [Double], scores: [Double])

    /// Fitted to the numbers of a column, at least one.
    ///
    /// Numbers are summed after division by a power of two, which is exact, and squares of
    /// deviations by another: so large numbers do not overflow and small ones do not vanish.
    static func standard(_ numbers: [Double]) -> NumberScale {
        let count = Double(numbers.count)
        let unit = powerOfTwo(near: numbers)
        let mean = numbers.reduce(0) { $0 + $1 / unit } / count * unit
        let differences = numbers.lazy.map { $0 / 2 - mean / 2 }
        let spread = powerOfTwo(near: differences)
        let variance = differences.reduce(0) { $0 + $1 / spread * ($1 / spread) } / count
        let deviation = min(
            2 * variance.squareRoot() * spread, Double.greatestFiniteMagnitude)
        // A deviation that is only due to rounding, when all numbers are the same, counts as none.
        let rounding = 1e-12 * abs(mean)
        let isConstant = !(deviation > rounding) || !deviation.isNormal
        return .standard(mean: mean, deviation: isConstant ? max(1, rounding) : deviation)
    }

    /// The power of two of the number farthest from 0; 1 if all are 0.
    private static func powerOfTwo(near numbers: some Sequence<Double>) -> Double {
        let greatest = numbers.reduce(0) { max($0, abs($1)) }
        guard greatest > 0 else { return 1 }
        return Double(
            sign: .plus, exponent: max(greatest.exponent, Double.leastNormalMagnitude.exponent),
            significand: 1)
    }

    /// Fitted to the numbers of a column, at least one: normal scores, with equal numbers in the
    /// middle of their ranks, and a thousand ranks if there are very many. A number that occurs often
    /// has all scores of its ranks, so that what is drawn from the normal distribution has it as often.
    static func rank(_ numbers: [Double]) -> NumberScale {
        let sorted = numbers.sorted()
        func score(_ rank: Double) -> Double { normalQuantile(rank / Double(sorted.count)) }
        var ties: [(number: Double, ranks: Range<Int>)] = []
        var start = 0
        while start < sorted.count {
            let end = sorted[start...].firstIndex { $0 != sorted[start] } ?? sorted.count
            ties.append((sorted[start], start..<end))
            start = end
        }
        let step = max(1, (ties.count - 1) / 1000)
        var kept: [(number: Double, score: Double)] = []
        for (index, (number, ranks)) in ties.enumerated() {
            let (first, last) = (Double(ranks.lowerBound) + 0.5, Double(ranks.upperBound) - 0.5)
            let middle = (number, score((first + last) / 2))
            // Of at least a hundredth of all: on both sides, at a billionth of the way to the next.
            let next = index + 1 < ties.count ? ties[index + 1].number - number : nil
            let previous = index > 0 ? number - ties[index - 1].number : nil
            if ranks.count * 100 >= sorted.count, ranks.count > 2, let below = previous ?? next,
                let above = next ?? previous
            {
                let limit = Double.greatestFiniteMagnitude
                kept += [
                    (max(min(number - 1e-9 * below, number.nextDown), -limit), score(first)),
                    middle,
                    (min(max(number + 1e-9 * above, number.nextUp), limit), score(last)),
                ]
            } else if index % step == 0 || index == ties.count - 1 {
                kept.append(middle)
            }
        }
        // The distance to the next may be lost to rounding.
        var ascending: [(number: Double, score: Double)] = []
        for next in kept {
            if let last = ascending.last, !(next.number > last.number && next.score > last.score) {
                continue
            }
            ascending.append(next)
        }
        return .rank(numbers: ascending.map(\.number), scores: ascending.map(\.score))
    }

    func scaled(_ number: Double) -> Double {
        switch self {
        case .standard(let mean, let deviation):
            let difference = number - mean
            return difference.isFinite
                ? difference / deviation : number / deviation - mean / deviation
        case .rank(let numbers, let scores):
            return Self.interpolated(number, from: numbers, to: scores)
        }
    }

    /// The number for a scaled value; the greatest finite number if it would be greater.
    func unscaled(_ value: Double) -> Double {
        switch self {
        case .standard(let mean, let deviation):
            let limit = Double.greatestFiniteMagnitude
            return min(max(value * deviation + mean, -limit), limit)
        case .rank(let numbers, let scores):
            return Self.interpolated(value, from: scores, to: numbers)
        }
    }

    /// Linear interpolation between points whose first coordinates ascend.
    private static func interpolated(_ x: Double, from xs: [Double], to ys: [Double]) -> Double {
        var (lower, upper) = (0, xs.count - 1)
        if x <= xs[lower] { return ys[lower] }
        if x >= xs[upper] { return ys[upper] }
        while upper - lower > 1 {
            let middle = (lower + upper) / 2
            if xs[middle] <= x { lower = middle } else { upper = middle }
        }
        // Halves, whose differences do not overflow, unless they might be 0.
        let width = xs[upper] - xs[lower]
        let part =
            width.isFinite
            ? (x - xs[lower]) / width : (x / 2 - xs[lower] / 2) / (xs[upper] / 2 - xs[lower] / 2)
        return 2 * (ys[lower] / 2 + part * (ys[upper] / 2 - ys[lower] / 2))
    }

    /// What is invalid about the scale, if anything, as one that was read from a file may be.
    var flaw: String? {
        switch self {
        case .standard(let mean, let deviation):
            return mean.isFinite && deviation.isNormal && deviation > 0
                ? nil : "a mean \(mean) with a deviation \(deviation)"
        case .rank(let numbers, let scores):
            guard !numbers.isEmpty, numbers.count == scores.count else {
                return "\(numbers.count) numbers with \(scores.count) ranks"
            }
            let ascend = [numbers, scores].allSatisfy { values in
                values.allSatisfy(\.isFinite) && zip(values, values.dropFirst()).allSatisfy(<)
            }
            return ascend ? nil : "ranks that do not ascend"
        }
    }
}

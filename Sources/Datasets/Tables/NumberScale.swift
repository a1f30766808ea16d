import Autograd

/// How the numbers of a column become those that a model sees, and back.
enum NumberScale: Codable, Hashable, Sendable {
    /// Brought to mean 0 and standard deviation 1.
    case standard(mean: Double, deviation: Double)
    /// By rank: the numbers, ascending, and what each becomes; between them along straight lines,
    /// beyond them as the last.
    case rank(numbers: [Double], scores: [Double])

    /// Fitted to the numbers of a column, at least one.
    static func standard(_ numbers: [Double]) -> NumberScale {
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(numbers.count)
        let deviation = variance.squareRoot()
        // What is left by rounding where all are the same is no deviation.
        let isConstant = !(deviation > 1e-12 * abs(mean))
        return .standard(mean: mean, deviation: isConstant ? 1 : deviation)
    }

    /// Fitted to the numbers of a column, at least one: normal scores, equal numbers in the
    /// middle of their ranks, and of very many ranks a thousand.
    static func rank(_ numbers: [Double]) -> NumberScale {
        let sorted = numbers.sorted()
        var ties: [(number: Double, score: Double)] = []
        var start = 0
        while start < sorted.count {
            let end = sorted[start...].firstIndex { $0 != sorted[start] } ?? sorted.count
            let middle = Double(start + end) / 2 / Double(sorted.count)
            ties.append((sorted[start], normalQuantile(middle)))
            start = end
        }
        let step = max(1, (ties.count - 1) / 1000)
        let kept = ties.indices.filter { $0 % step == 0 || $0 == ties.count - 1 }.map { ties[$0] }
        return .rank(numbers: kept.map(\.number), scores: kept.map(\.score))
    }

    func scaled(_ number: Double) -> Double {
        switch self {
        case .standard(let mean, let deviation): (number - mean) / deviation
        case .rank(let numbers, let scores): interpolated(number, from: numbers, to: scores)
        }
    }

    func unscaled(_ value: Double) -> Double {
        switch self {
        case .standard(let mean, let deviation): value * deviation + mean
        case .rank(let numbers, let scores): interpolated(value, from: scores, to: numbers)
        }
    }

    /// Along straight lines between points whose first coordinates ascend.
    private func interpolated(_ x: Double, from xs: [Double], to ys: [Double]) -> Double {
        var (lower, upper) = (0, xs.count - 1)
        if x <= xs[lower] { return ys[lower] }
        if x >= xs[upper] { return ys[upper] }
        while upper - lower > 1 {
            let middle = (lower + upper) / 2
            if xs[middle] <= x { lower = middle } else { upper = middle }
        }
        let part = (x - xs[lower]) / (xs[upper] - xs[lower])
        return ys[lower] + part * (ys[upper] - ys[lower])
    }
}

extension [Double] {
    /// 0 of none.
    var mean: Double { reduce(0, +) / Double(Swift.max(count, 1)) }

    /// The mean squared distance from the mean.
    var variance: Double {
        let mean = mean
        return map { ($0 - mean) * ($0 - mean) }.mean
    }

    var standardDeviation: Double { variance.squareRoot() }

    /// The value that a part of these, which are sorted, do not reach. There must be one at least.
    func quantile(_ part: Double) -> Double {
        self[Swift.min(count - 1, Int(part * Double(count)))]
    }
}

/// At most so many positions below `total`, evenly spread.
func spread(_ count: Int, over total: Int) -> [Int] {
    let count = min(count, total)
    return (0..<count).map { $0 * total / count }
}

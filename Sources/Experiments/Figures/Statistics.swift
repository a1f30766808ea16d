extension [Double] {
    /// The mean; 0 for an empty array.
    var mean: Double {
        let mean = reduce(0, +) / Double(Swift.max(count, 1))
        // The sum may overflow although the mean does not.
        return mean.isFinite ? mean : reduce(0) { $0 + $1 / Double(count) }
    }

    /// The mean squared distance from the mean.
    var variance: Double {
        let mean = mean
        return map { ($0 - mean) * ($0 - mean) }.mean
    }

    var standardDeviation: Double {
        let variance = variance
        guard variance == .infinity, let greatest = map(abs).max(), greatest.isFinite else {
            return variance.squareRoot()
        }
        // Squares may overflow although the deviation does not.
        return greatest * map { $0 / greatest }.variance.squareRoot()
    }

    /// The quantile at `part`, from 0 to 1. The values must be sorted, and there must be at least
    /// one.
    func quantile(_ part: Double) -> Double {
        // Sound: at most the count, as the part is at most 1.
        self[Swift.min(count - 1, Int(part * Double(count)))]
    }
}

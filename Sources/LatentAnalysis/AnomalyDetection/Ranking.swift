import Autograd

/// How well scores separate positives from negatives, over all thresholds: the receiver operating
/// characteristic and the precision–recall curve.
///
/// Samples with equal scores share a threshold, so that neither curve depends on their order
/// (Fawcett, "An introduction to ROC analysis", 2006).
public struct Ranking: Sendable {
    /// A threshold: all samples with at least this score are classified as positive.
    public struct Point: Sendable, Hashable {
        /// The lowest score that is classified as positive.
        public let threshold: Double
        /// The number of positives with at least this score.
        public let truePositives: Int
        /// The number of negatives with at least this score.
        public let falsePositives: Int
    }

    /// The distinct thresholds, the highest first.
    public let points: [Point]
    /// The number of positive samples.
    public let positives: Int
    /// The number of negative samples.
    public let negatives: Int

    /// Traps if the numbers of scores and samples differ.
    ///
    /// - Parameters:
    ///   - scores: higher for samples that are more likely positive. They may be infinite, but not
    ///     NaN.
    ///   - isPositive: whether each sample is positive; one value for each score.
    /// - Throws: if a score is NaN, or there are not both positives and negatives.
    public init(scores: [Double], isPositive: [Bool]) throws(RankingError) {
        guard scores.count == isPositive.count else {
            programmerError(
                "Ranking", "\(scores.count) scores for \(isPositive.count) samples")
        }
        positives = isPositive.count { $0 }
        negatives = isPositive.count - positives
        if let index = scores.firstIndex(where: \.isNaN) { throw .notANumber(sample: index) }
        guard positives > 0, negatives > 0 else {
            throw .oneClass(positives: positives, negatives: negatives)
        }
        var points: [Point] = []
        var (found, wrong) = (0, 0)
        let order = scores.indices.sorted { scores[$0] > scores[$1] }
        for (place, index) in order.enumerated() {
            if isPositive[index] { found += 1 } else { wrong += 1 }
            let isLast = place == order.count - 1 || scores[order[place + 1]] != scores[index]
            guard isLast else { continue }
            points.append(
                Point(threshold: scores[index], truePositives: found, falsePositives: wrong))
        }
        self.points = points
    }

    /// The points from (0, 0) to (1, 1): the fractions of the negatives and of the positives that
    /// are classified as positive.
    public var operatingCharacteristic: [(falsePositiveRate: Double, truePositiveRate: Double)] {
        [(0, 0)]
            + points.map {
                (
                    Double($0.falsePositives) / Double(negatives),
                    Double($0.truePositives) / Double(positives)
                )
            }
    }

    /// The fraction of the positives that is found, and the fraction of what is found that is
    /// positive.
    public var precisionAndRecall: [(recall: Double, precision: Double)] {
        points.map {
            (
                Double($0.truePositives) / Double(positives),
                Double($0.truePositives) / Double($0.truePositives + $0.falsePositives)
            )
        }
    }

    /// The area under the receiver operating characteristic: the probability that a positive has a
    /// higher score than a negative, ties counting half.
    public var areaUnderCurve: Double {
        var area = 0.0
        var last = (falsePositiveRate: 0.0, truePositiveRate: 0.0)
        for point in operatingCharacteristic {
            area +=
                (point.falsePositiveRate - last.falsePositiveRate)
                * (point.truePositiveRate + last.truePositiveRate) / 2
            last = point
        }
        return area
    }

    /// The mean of the precision over the recall, Σ (Rₙ − Rₙ₋₁) Pₙ, without interpolation.
    public var averagePrecision: Double {
        var (mean, last) = (0.0, 0.0)
        for point in precisionAndRecall {
            mean += (point.recall - last) * point.precision
            last = point.recall
        }
        return mean
    }
}

/// Why scores cannot be ranked.
public enum RankingError: Error, Hashable, Sendable {
    /// All samples are positive, or all negative.
    case oneClass(positives: Int, negatives: Int)
    /// The score of a sample is NaN, and cannot be ordered.
    case notANumber(sample: Int)
}

extension RankingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .oneClass(let positives, let negatives):
            "expected samples of two classes to compare, found \(positives) anomalies and "
                + "\(negatives) normal ones"
        case .notANumber(let sample):
            "expected scores that are numbers, found none for sample \(sample)"
        }
    }
}

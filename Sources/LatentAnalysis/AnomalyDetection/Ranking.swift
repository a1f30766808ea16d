import Autograd

/// How well scores tell what is to be found (positives) from the rest, over all thresholds: the
/// receiver operating characteristic and precision against recall.
///
/// Samples of equal scores are found together, so that neither curve depends on their order
/// (Fawcett, "An introduction to ROC analysis", 2006).
public struct Ranking: Sendable {
    /// A threshold: all samples that score at least this are taken for positives.
    public struct Point: Sendable, Hashable {
        public let threshold: Double
        /// How many positives, and how many others, score at least this.
        public let truePositives: Int
        public let falsePositives: Int
    }

    /// The thresholds that differ, the greatest first.
    public let points: [Point]
    public let positives: Int
    public let negatives: Int

    /// - Parameters:
    ///   - scores: the greater, the likelier a positive. They may be infinite, as of a sample
    ///     that nothing compares with, but must be numbers.
    ///   - isPositive: what each sample is; as many as scores.
    /// - Throws: where a score is not a number, or there are not both positives and others.
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

    /// From (0, 0) to (1, 1): the part of the negatives that is found with the positives, and the
    /// part of the positives.
    public var operatingCharacteristic: [(falsePositiveRate: Double, truePositiveRate: Double)] {
        [(0, 0)]
            + points.map {
                (
                    Double($0.falsePositives) / Double(negatives),
                    Double($0.truePositives) / Double(positives)
                )
            }
    }

    /// The part of the positives that is found, and the part of what is found that is positive.
    public var precisionAndRecall: [(recall: Double, precision: Double)] {
        points.map {
            (
                Double($0.truePositives) / Double(positives),
                Double($0.truePositives) / Double($0.truePositives + $0.falsePositives)
            )
        }
    }

    /// The area under the receiver operating characteristic: the probability that a positive
    /// scores higher than another, ties counting half.
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
    /// Nothing can be told from nothing else.
    case oneClass(positives: Int, negatives: Int)
    /// The score of a sample is not a number: it can be put neither before nor after others.
    case notANumber(sample: Int)
}

extension RankingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .oneClass(let positives, let negatives):
            "expected samples of two classes to compare, found \(positives) anomalies and "
                + "\(negatives) normal ones"
        case .notANumber(let sample):
            "expected scores that are numbers, found that of sample \(sample) not to be one"
        }
    }
}

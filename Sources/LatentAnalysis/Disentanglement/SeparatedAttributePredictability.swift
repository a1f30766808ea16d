extension CodedFactors {
    /// The separated attribute predictability (Kumar et al., "Variational Inference of Disentangled
    /// Latent Concepts from Unlabeled Observations", arXiv:1711.00848, section 3): by how much the number
    /// that predicts a factor best is ahead of the next one; the mean over factors. From 0 to 1.
    ///
    /// A number predicts an ordered factor as well as their squared correlation says, and a category as
    /// well as the classes do that are most frequent in its bins, on the test samples, beyond the most
    /// frequent class of all.
    public var separatedAttributePredictability: Double {
        let gaps = factors.indices.map { index in
            gap(
                codes.map { code in
                    factors[index].isCategory
                        ? accuracy(of: code, classes[index])
                        : Self.squaredCorrelation(code, values[index])
                })
        }
        return gaps.reduce(0, +) / Double(gaps.count)
    }

    private static func squaredCorrelation(_ x: [Double], _ y: [Double]) -> Double {
        let count = Double(x.count)
        let (meanX, meanY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
        var (xx, yy, xy) = (0.0, 0.0, 0.0)
        for (x, y) in zip(x, y) {
            xx += (x - meanX) * (x - meanX)
            yy += (y - meanY) * (y - meanY)
            xy += (x - meanX) * (y - meanY)
        }
        return xx > 0 && yy > 0 ? xy * xy / (xx * yy) : 0
    }

    /// The accuracy of a classifier by one number beyond the most frequent class, from 0 to 1.
    private func accuracy(of code: [Double], _ classes: Classes) -> Double {
        let bins = Self.binned(code)
        var counts = Array(
            repeating: Array(repeating: 0, count: classes.count), count: Self.bins)
        for index in 0..<trainingCount { counts[bins[index]][classes.of[index]] += 1 }
        let whole = (0..<classes.count).map { index in counts.reduce(0) { $0 + $1[index] } }
        let usual = Self.mostFrequent(whole)
        let chosen = counts.map { $0.contains { $0 > 0 } ? Self.mostFrequent($0) : usual }
        return beyondChance(classes) { chosen[bins[$0]] }
    }

    /// The accuracy of predicted classes of the test samples beyond that of their most frequent class:
    /// 0 if it is no better, 1 if all are right.
    ///
    /// - Parameter predict: takes the position of a sample.
    func beyondChance(_ classes: Classes, _ predict: (Int) -> Int) -> Double {
        var (right, counts) = (0, Array(repeating: 0, count: classes.count))
        for index in trainingCount..<count {
            if predict(index) == classes.of[index] { right += 1 }
            counts[classes.of[index]] += 1
        }
        let (most, all) = (Double(counts.max() ?? 0), Double(count - trainingCount))
        return all > most ? max(0, (Double(right) - most) / (all - most)) : 0
    }

    private static func mostFrequent(_ counts: [Int]) -> Int {
        counts.indices.max { counts[$0] < counts[$1] } ?? 0
    }
}

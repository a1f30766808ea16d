import Autograd

extension CodedFactors {
    /// How far each number of a code says something of one factor only (Ridgeway and Mozer, "Learning
    /// Deep Disentangled Embeddings with the F-Statistic Loss", arXiv:1802.05312, section 4): 1 minus the
    /// squared information of the other factors, relative to that of the first, in the mean over
    /// numbers. From 0 to 1; a number that says nothing counts as 0.
    public var modularity: Double {
        let information = FactorInformation(self).information
        let each = codes.indices.map { unit -> Double in
            let values = information.map { $0[unit] }
            let greatest = values.max() ?? 0
            // Information that is estimated by counting is never quite 0.
            guard greatest > 1e-9 else { return 0 }
            guard factors.count > 1 else { return 1 }
            let others = values.reduce(0) { $0 + $1 * $1 } - greatest * greatest
            return 1 - others / (greatest * greatest * Double(factors.count - 1))
        }
        return each.reduce(0, +) / Double(each.count)
    }

    /// How well the whole code tells the values of factors by linear means (the same): how surely logistic
    /// regression ranks test samples with a value above those without, 2 A − 1 with the area A under the
    /// curve of rates, in the mean over values and factors. From 0, as by chance, to 1.
    public var explicitness: Double {
        let numbers = Tensor(codes.flatMap(\.self), shape: [codes.count, count]).transposed()
        let deviations = sqrt(square(numbers - numbers.mean(axes: [0])).mean(axes: [0]))
        let scaled = numbers / maximum(deviations, Tensor(1e-12, dataType: .float64))
        let (training, test) = (scaled[0..<trainingCount], scaled[trainingCount..<count])
        let each = classes.map { classes -> Double in
            let labels = classes.of.map { Int32($0) }
            let logits = LogisticRegression(
                of: training, labels: Tensor(Array(labels[..<trainingCount])),
                classes: classes.count
            ).logits(of: test)
            let shares = softmax(logits, axis: 1)
            let areas = (0..<classes.count).compactMap { value -> Double? in
                let isOf = labels[trainingCount...].map { $0 == Int32(value) }
                // A value that no test sample has, or all have, cannot be ranked.
                return try? Ranking(
                    scores: shares[.all, value].elements(as: Double.self), isPositive: isOf
                ).areaUnderCurve
            }
            return areas.isEmpty ? 0 : areas.reduce(0) { $0 + 2 * $1 - 1 } / Double(areas.count)
        }
        return each.reduce(0, +) / Double(each.count)
    }
}

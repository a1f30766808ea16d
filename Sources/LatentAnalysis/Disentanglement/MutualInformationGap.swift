import Datasets
import Foundation

/// What each number of a code says of each factor, in nats: their mutual information, with numbers in
/// bins.
package struct FactorInformation: Sendable {
    /// Those that have at least two values.
    package let factors: [Factor]
    /// `[factors][units]`.
    package let information: [[Double]]
    /// Of the factors.
    package let entropies: [Double]

    package init(_ coded: CodedFactors) {
        factors = coded.factors
        let bins = coded.codes.map(CodedFactors.binned)
        entropies = coded.classes.map { Self.entropy($0.of, $0.count) }
        information = zip(coded.classes, entropies).map { classes, entropy in
            bins.map { code in
                // I(z; v) = H(z) + H(v) − H(z, v).
                let joint = zip(code, classes.of).map { $0 * classes.count + $1 }
                let sum = entropy + Self.entropy(code, CodedFactors.bins)
                return max(
                    0, sum - Self.entropy(joint, CodedFactors.bins * classes.count))
            }
        }
    }

    private static func entropy(_ classes: [Int], _ count: Int) -> Double {
        var counts = [Int](repeating: 0, count: count)
        for index in classes { counts[index] += 1 }
        return counts.reduce(0) { sum, number in
            let share = Double(number) / Double(classes.count)
            return number > 0 ? sum - share * log(share) : sum
        }
    }
}

extension CodedFactors {
    /// The mutual information gap (Chen et al., "Isolating Sources of Disentanglement in VAEs",
    /// arXiv:1802.04942, equation 6): by how much the number that says most of a factor is ahead of the
    /// next one, relative to all there is to say; the mean over factors. From 0 to 1.
    public var mutualInformationGap: Double {
        let known = FactorInformation(self)
        let gaps = zip(known.information, known.entropies).map { gap($0) / $1 }
        return gaps.reduce(0, +) / Double(gaps.count)
    }

    /// The greatest value minus the second greatest, or minus 0 if there is none.
    func gap(_ values: [Double]) -> Double {
        let sorted = values.sorted(by: >)
        return (sorted.first ?? 0) - (sorted.dropFirst().first ?? 0)
    }
}

import Autograd

extension CodedFactors {
    /// The score of FactorVAE (Kim and Mnih, "Disentangling by Factorising", arXiv:1802.05983,
    /// section 4): of samples that agree in one factor, the number of the code that varies least,
    /// relative to its variance over all samples, should tell which factor it is. The accuracy of the
    /// classifier that learns this by counting, from 0 to 1; guessing gives one divided by the number of
    /// factors. 0 if no number varies.
    ///
    /// - Parameters:
    ///   - size: how many samples agree in a factor.
    ///   - votes: how many such groups are for training, and as many for testing.
    public func factorVAEScore(
        size: Int = 64, votes: Int = 800, using generator: inout RandomGenerator
    ) -> Double {
        let variances = codes.map { variance($0, Array($0.indices)) }
        let greatest = variances.max() ?? 0
        // A number that hardly varies would always win.
        let units = codes.indices.filter { variances[$0] > 1e-3 * greatest }
        guard greatest > 0 else { return 0 }
        let members = classes.map { classes in
            var positions = Array(repeating: [Int](), count: classes.count)
            for (index, value) in classes.of.enumerated() { positions[value].append(index) }
            return positions.filter { $0.count > 1 }
        }
        func vote() -> (unit: Int, factor: Int) {
            let factor = choose(factors.count, &generator)
            let group = members[factor][choose(members[factor].count, &generator)]
            let chosen = (0..<size).map { _ in group[choose(group.count, &generator)] }
            let unit = units.min {
                variance(codes[$0], chosen) / variances[$0]
                    < variance(codes[$1], chosen) / variances[$1]
            }
            return (unit ?? 0, factor)
        }
        var counts = Array(
            repeating: Array(repeating: 0, count: factors.count), count: codes.count)
        for _ in 0..<votes {
            let (unit, factor) = vote()
            counts[unit][factor] += 1
        }
        let right = (0..<votes).count { _ in
            let (unit, factor) = vote()
            return counts[unit].indices.max { counts[unit][$0] < counts[unit][$1] } == factor
        }
        return Double(right) / Double(votes)
    }

    private func choose(_ count: Int, _ generator: inout RandomGenerator) -> Int {
        // Sound: random numbers are in [0, 1).
        min(Int(generator.uniform([1], dataType: .float64)[0].scalar * Double(count)), count - 1)
    }

    private func variance(_ values: [Double], _ positions: [Int]) -> Double {
        let count = Double(positions.count)
        let mean = positions.reduce(0) { $0 + values[$1] } / count
        return positions.reduce(0) {
            $0 + (values[$1] - mean) * (values[$1] - mean)
        } / count
    }
}

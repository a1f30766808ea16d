import Autograd

extension Examples {
    /// `count` of the examples, drawn at random; all of them if there are no more.
    package func drawn(_ count: Int, using generator: inout RandomGenerator) -> Examples {
        guard count < self.count else { return self }
        return self[generator.permutation(self.count).prefix(count).sorted()]
    }

    /// Some of the examples that have a label, drawn at random: equally many of each label, as far
    /// as there are enough; all of them if there are no more than `count`. Traps if there are no
    /// labels.
    public func balanced(_ count: Int, using generator: inout RandomGenerator) -> Examples {
        let positions = balancedPositions(count, using: &generator)
        return positions == Array(0..<self.count) ? self : self[positions]
    }

    /// The positions of the same.
    func balancedPositions(_ count: Int, using generator: inout RandomGenerator) -> [Int] {
        guard let labels = labels?.elements(as: Int32.self) else {
            programmerError("Examples", "there are no labels to balance")
        }
        let labelled = labels.indices.filter { labels[$0] >= 0 }
        guard count < labelled.count else { return labelled }
        var positions: [Int32: [Int]] = [:]
        for place in generator.permutation(labelled.count) {
            positions[labels[labelled[place]], default: []].append(labelled[place])
        }
        let classes = positions.sorted { $0.key < $1.key }.map(\.value)
        let rounds = 0..<(classes.map(\.count).max() ?? 0)
        let drawn = rounds.lazy.flatMap { round in
            classes.lazy.filter { round < $0.count }.map { $0[round] }
        }
        return Array(drawn.prefix(count))
    }
}

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
        let examples = labelled
        guard let labels = examples.labels?.elements(as: Int32.self) else {
            programmerError("Examples", "there are no labels to balance")
        }
        guard count < examples.count else { return examples }
        var positions: [Int32: [Int]] = [:]
        for position in generator.permutation(examples.count) {
            positions[labels[position], default: []].append(position)
        }
        let classes = positions.sorted { $0.key < $1.key }.map(\.value)
        let rounds = 0..<(classes.map(\.count).max() ?? 0)
        let drawn = rounds.lazy.flatMap { round in
            classes.lazy.filter { round < $0.count }.map { $0[round] }
        }
        return examples[Array(drawn.prefix(count))]
    }
}

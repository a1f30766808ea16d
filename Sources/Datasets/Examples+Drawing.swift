import Autograd

extension Examples {
    /// Some of the examples, drawn by chance: as many of each label as of any other, as far as
    /// there are so many; all where `count` is not less. Traps where there are no labels.
    public func balanced(_ count: Int, using generator: inout RandomGenerator) -> Examples {
        guard let labels = labels?.elements(as: Int32.self) else {
            programmerError("Examples", "no labels by which to draw")
        }
        guard count < self.count else { return self }
        var positions: [Int32: [Int]] = [:]
        for position in generator.permutation(self.count) {
            positions[labels[position], default: []].append(position)
        }
        let classes = positions.keys.sorted().map { positions[$0]! }
        let rounds = 0..<(classes.map(\.count).max() ?? 0)
        let drawn = rounds.lazy.flatMap { round in
            classes.lazy.filter { round < $0.count }.map { $0[round] }
        }
        return self[Array(drawn.prefix(count))]
    }
}

import Autograd

/// A random forest of decision trees for classes: each tree learns from a draw of the samples with
/// replacement, and splits them where a number divides the classes best (Breiman, "Random Forests", 2001;
/// with all numbers considered at each split).
struct DecisionForest {
    private struct Node {
        /// The number that is compared; −1 in a leaf.
        var unit = -1
        /// Bins up to this one go to the child, others to the one after it.
        var bin = 0
        var child = 0
        /// In a leaf, the most frequent class.
        var value = 0
    }

    /// How much each number contributes to telling the classes apart, adding up to 1; all 0 if none
    /// does: the decrease of the Gini impurity in all trees.
    let importances: [Double]
    private let trees: [[Node]]
    private let classes: Int

    /// - Parameters:
    ///   - bins: of each number of each sample, `[units][samples]`, from 0 and below `binCount`.
    ///   - classes: of each sample, from 0 and below `classCount`.
    init(
        _ bins: [[Int]], binCount: Int, classes: [Int], classCount: Int, trees: Int = 10,
        depth: Int = 12, using generator: inout RandomGenerator
    ) {
        self.classes = classCount
        var importances = Array(repeating: 0.0, count: bins.count)
        self.trees = (0..<trees).map { _ in
            let draws = generator.uniform([classes.count], dataType: .float64)
                .elements(as: Double.self)
            // Sound: random numbers are in [0, 1).
            let chosen = draws.map { min(Int($0 * Double(classes.count)), classes.count - 1) }
            var builder = Builder(
                bins: bins, binCount: binCount, classes: classes, classCount: classCount)
            builder.grow(chosen, depth)
            for unit in importances.indices { importances[unit] += builder.importances[unit] }
            return builder.nodes
        }
        let sum = importances.reduce(0, +)
        self.importances = sum > 0 ? importances.map { $0 / sum } : importances
    }

    /// The class that most trees give a sample.
    ///
    /// - Parameter bin: that of a number of the sample.
    func predicted(_ bin: (Int) -> Int) -> Int {
        var votes = Array(repeating: 0, count: classes)
        for nodes in trees {
            var place = 0
            while nodes[place].unit >= 0 {
                let node = nodes[place]
                place = bin(node.unit) <= node.bin ? node.child : node.child + 1
            }
            votes[nodes[place].value] += 1
        }
        return votes.indices.max { votes[$0] < votes[$1] } ?? 0
    }

    private struct Builder {
        let bins: [[Int]]
        let binCount: Int
        let classes: [Int]
        let classCount: Int
        var nodes: [Node] = []
        var importances: [Double]

        init(bins: [[Int]], binCount: Int, classes: [Int], classCount: Int) {
            (self.bins, self.binCount) = (bins, binCount)
            (self.classes, self.classCount) = (classes, classCount)
            importances = Array(repeating: 0, count: bins.count)
        }

        mutating func grow(_ samples: [Int], _ depth: Int) {
            nodes = [Node()]
            var open = [(place: 0, samples: samples, depth: depth)]
            while let (place, samples, depth) = open.popLast() {
                guard depth > 0, let (unit, bin, gain) = bestSplit(of: samples) else {
                    nodes[place].value = mostFrequent(samples)
                    continue
                }
                importances[unit] += gain
                let child = nodes.count
                nodes[place] = Node(unit: unit, bin: bin, child: child)
                nodes += [Node(), Node()]
                let values = bins[unit]
                open.append((child, samples.filter { values[$0] <= bin }, depth - 1))
                open.append((child + 1, samples.filter { values[$0] > bin }, depth - 1))
            }
        }

        private func mostFrequent(_ samples: [Int]) -> Int {
            var counts = Array(repeating: 0, count: classCount)
            for sample in samples { counts[classes[sample]] += 1 }
            return counts.indices.max { counts[$0] < counts[$1] } ?? 0
        }

        /// The split that leaves the purest parts; nil if none is purer than the whole.
        private func bestSplit(of samples: [Int]) -> (unit: Int, bin: Int, gain: Double)? {
            // The Gini impurity of a part times its size is its size minus the sum of squared counts
            // divided by it.
            func purity(_ counts: [Int], _ size: Int) -> Double {
                size == 0 ? 0 : counts.reduce(0) { $0 + Double($1 * $1) } / Double(size)
            }
            var best: (unit: Int, bin: Int, gain: Double)?
            for unit in bins.indices {
                let values = bins[unit]
                var counts = Array(repeating: 0, count: binCount * classCount)
                var right = Array(repeating: 0, count: classCount)
                for sample in samples {
                    counts[values[sample] * classCount + classes[sample]] += 1
                    right[classes[sample]] += 1
                }
                let whole = purity(right, samples.count)
                var (left, size) = (Array(repeating: 0, count: classCount), 0)
                for bin in 0..<binCount - 1 {
                    for value in 0..<classCount {
                        let count = counts[bin * classCount + value]
                        left[value] += count
                        right[value] -= count
                        size += count
                    }
                    let gain =
                        purity(left, size) + purity(right, samples.count - size) - whole
                    if gain > max(best?.gain ?? 0, 1e-9 * Double(samples.count)) {
                        best = (unit, bin, gain)
                    }
                }
            }
            return best
        }
    }
}

import Autograd

/// Means of quantities over samples, batch by batch. Batches may have different quantities.
struct RunningMeans: Codable, Sendable {
    private var names: [String] = []
    private var sums: [Double] = []
    private var counts: [Int] = []
    /// The number of samples.
    private(set) var count = 0

    /// Adds the means of a batch.
    mutating func add(_ values: [(name: String, value: Double)], of samples: Int) {
        for (name, value) in values {
            let index = names.firstIndex(of: name) ?? names.count
            if index == names.count {
                names.append(name)
                sums.append(0)
                counts.append(0)
            }
            sums[index] += value * Double(samples)
            counts[index] += samples
        }
        count += samples
    }

    /// Whether these can be means at all: a file may contain anything.
    var isPossible: Bool {
        names.count == sums.count && names.count == counts.count
            && (counts + [count]).allSatisfy { 0..<1 << 48 ~= $0 }
    }

    var means: [(name: String, value: Double)] {
        names.indices.map { (names[$0], sums[$0] / Double(counts[$0])) }
    }

    var byName: [String: Double] {
        Dictionary(means.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }
}

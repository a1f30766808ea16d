import Autograd

/// How far groups that were found without labels are the classes that there are: each group stands for the
/// class of most of its samples, so that several groups may stand for one class.
public struct ClusterAgreement: Sendable, Hashable, Codable {
    /// `counts[cluster][class]`.
    public let counts: [[Int]]

    /// Traps unless there is a class for each sample, and all numbers are below their counts.
    public init(clusters: [Int], classes: [Int], clusterCount: Int, classCount: Int) {
        guard clusters.count == classes.count,
            clusters.allSatisfy({ 0..<clusterCount ~= $0 }),
            classes.allSatisfy({ 0..<classCount ~= $0 })
        else {
            programmerError(
                "ClusterAgreement",
                "\(clusters.count) samples in \(clusterCount) clusters, \(classes.count) in "
                    + "\(classCount) classes")
        }
        var counts = [[Int]](
            repeating: [Int](repeating: 0, count: classCount), count: clusterCount)
        for (cluster, number) in zip(clusters, classes) { counts[cluster][number] += 1 }
        self.counts = counts
    }

    /// The class that each cluster stands for, the first of equally frequent ones; nil if it is empty.
    public var classOfCluster: [Int?] {
        counts.map { row in
            row.indices.max { (row[$0], -$0) < (row[$1], -$1) }.flatMap { row[$0] > 0 ? $0 : nil }
        }
    }

    /// The share of the samples whose cluster stands for their class; NaN without samples.
    public var accuracy: Double {
        Double(counts.reduce(0) { $0 + ($1.max() ?? 0) }) / Double(total)
    }

    /// The share of the most frequent class, which a single cluster would reach; NaN without samples.
    public var chance: Double { Double(classCounts.max() ?? 0) / Double(total) }

    /// The share of the samples of each class whose cluster stands for it; NaN for a class without any.
    public var recalls: [Double] {
        let chosen = classOfCluster
        return classCounts.indices.map { number in
            let hits = counts.indices.reduce(0) {
                $0 + (chosen[$1] == number ? counts[$1][number] : 0)
            }
            return Double(hits) / Double(classCounts[number])
        }
    }

    /// The number of samples of each class.
    public var classCounts: [Int] {
        (0..<(counts.first?.count ?? 0)).map { number in counts.reduce(0) { $0 + $1[number] } }
    }

    private var total: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }
}

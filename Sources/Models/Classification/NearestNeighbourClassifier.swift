import Autograd

/// Gives a sample the class that most of its nearest neighbours have (Cover and Hart, "Nearest
/// neighbor pattern classification", 1967); of classes with as many, that with the nearest.
public struct NearestNeighbourClassifier: Sendable {
    private let samples: Tensor
    private let labels: [Int32]
    public let neighbours: Int

    /// - Parameters:
    ///   - samples: `[n, …]` of floating point, flattened.
    ///   - labels: `int32`, `[n]`.
    ///   - neighbours: how many have a vote, from 1 to n.
    public init(of samples: Tensor, labels: Tensor, neighbours: Int = 5) {
        guard labels.shape == [samples.shape[0]], 1...max(1, samples.shape[0]) ~= neighbours else {
            programmerError(
                "NearestNeighbourClassifier",
                "\(neighbours) neighbours among samples of shape \(samples.shape) with labels of "
                    + "shape \(labels.shape)")
        }
        self.samples = samples
        self.labels = labels.elements(as: Int32.self)
        self.neighbours = neighbours
    }

    /// The class of each sample, `int32`, `[n]`.
    ///
    /// - Parameter report: told again and again which part is done, from 0 to 1; what it throws
    ///   ends the search.
    public func classes(
        of queries: Tensor, report: (Double) throws -> Void
    ) rethrows -> Tensor {
        let nearest = try NearestNeighbours(
            of: queries, in: samples, count: neighbours, report: report
        ).positions.elements(as: Int32.self)
        let classes = (0..<queries.shape[0]).map { query in
            var votes: [(label: Int32, count: Int)] = []
            for position in nearest[query * neighbours..<(query + 1) * neighbours] {
                let label = labels[Int(position)]
                if let index = votes.firstIndex(where: { $0.label == label }) {
                    votes[index].count += 1
                } else {
                    votes.append((label, 1))
                }
            }
            let most = votes.reduce(0) { max($0, $1.count) }
            return votes.first { $0.count == most }!.label
        }
        return Tensor(classes)
    }

    /// The same, told to nobody.
    public func classes(of queries: Tensor) -> Tensor { classes(of: queries, report: { _ in }) }
}

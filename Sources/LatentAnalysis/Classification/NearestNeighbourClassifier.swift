import Autograd
import Datasets
import NeuralNetworks

/// Classifies a sample by the majority class of its nearest neighbours (Cover and Hart, "Nearest
/// neighbor pattern classification", 1967); among equal classes, that of the nearest.
public struct NearestNeighbourClassifier: Sendable {
    private let samples: Tensor
    private let labels: [Int32]
    /// The number of voting neighbours.
    public let neighbours: Int

    /// Traps if the shapes or the number of neighbours are invalid.
    ///
    /// - Parameters:
    ///   - samples: `[n, …]`, flattened; traps if an element is not finite.
    ///   - labels: `int32`, `[n]`.
    ///   - neighbours: the number of voting neighbours, from 1 to n.
    public init(of samples: Tensor, labels: Tensor, neighbours: Int = 5) {
        let count = samples.shape.first ?? 0
        guard labels.shape == [count], labels.dataType == .int32, neighbours >= 1,
            neighbours <= count
        else {
            programmerError(
                "NearestNeighbourClassifier",
                "\(neighbours) neighbours among samples of shape \(samples.shape) with labels of "
                    + "\(labels.dataType) of shape \(labels.shape)")
        }
        requireFinite(samples, "NearestNeighbourClassifier")
        self.samples = samples
        self.labels = labels.elements(as: Int32.self)
        self.neighbours = neighbours
    }

    /// The class of each sample, `int32`, `[n]`. Traps if an element is not finite.
    ///
    /// - Parameter monitor: called regularly; an error that it throws ends the search.
    public func classes<Failure>(
        of queries: Tensor, monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Tensor {
        requireFinite(queries, "NearestNeighbourClassifier", "query")
        let nearest = try NearestNeighbours(
            of: queries, in: samples, count: neighbours, monitor: monitor
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
            // The first class with the most votes, in order of distance.
            return votes.reduce(votes[0]) { $1.count > $0.count ? $1 : $0 }.label
        }
        return Tensor(classes)
    }
}

import Autograd

/// Clusters of points around their means (Lloyd, "Least Squares Quantization in PCM", 1982), whose first
/// centres are points drawn far from each other (k-means++; Arthur and Vassilvitskii, 2007).
///
/// Each cluster has at least one point, if there are so many different ones: a centre that is nearest to
/// none is moved to the point that is farthest from its own.
public struct KMeans: Sendable {
    /// `[clusters, size]`, of the type of the points.
    public let centres: Tensor
    /// The number of the nearest centre of each point, `int32` `[points]`.
    public let clusters: Tensor

    /// Traps if there are fewer points than clusters, or no cluster.
    ///
    /// - Parameters:
    ///   - points: `[points, size]`.
    ///   - iterations: how often centres are moved to the means of their points.
    public init(
        _ points: Tensor, clusters count: Int, iterations: Int = 20,
        using generator: inout RandomGenerator
    ) {
        guard points.rank == 2, count > 0, points.shape[0] >= count else {
            programmerError("KMeans", "\(count) clusters of points of shape \(points.shape)")
        }
        // In single precision the nearest centre might be another than the one at a point's own place.
        let exact = stopGradient(points).cast(to: .float64)
        var centres = Self.spreadCentres(count, over: exact, using: &generator)
        for _ in 0..<iterations {
            let nearest = nearestRows(of: exact, in: centres)
            let sizes = Self.sizes(of: nearest, count).expandingAxis(1)
            let sums = exact.scatterAdded(at: nearest, size: count)
            centres = select(sizes .> 0, sums / maximum(sizes, 1), centres)
        }
        // Each time one centre more stays at a point.
        for _ in 0..<count {
            guard let moved = Self.fillingEmptyClusters(centres, of: exact) else { break }
            centres = moved
        }
        self.centres = centres.cast(to: points.dataType)
        clusters = nearestRows(of: exact, in: centres)
    }

    /// The number of points of each cluster, `float64` `[clusters]`.
    public var sizes: Tensor { Self.sizes(of: clusters, centres.shape[0]) }

    private static func sizes(of clusters: Tensor, _ count: Int) -> Tensor {
        Tensor.ones([clusters.count], dataType: .float64).scatterAdded(at: clusters, size: count)
    }

    /// Points, each drawn with a probability proportional to its squared distance from those before.
    private static func spreadCentres(
        _ count: Int, over points: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        let draws = generator.uniform([count], dataType: .float64).elements(as: Double.self)
        let total = points.shape[0]
        // Sound: the draw is below 1.
        var chosen = [min(Int(draws[0] * Double(total)), total - 1)]
        var distances = Tensor(repeating: .infinity, shape: [total], dataType: .float64)
        for draw in draws.dropFirst() {
            let last = chosen[chosen.count - 1]
            distances = minimum(
                distances, square(points - points[last..<last + 1]).sum(axes: [1]))
            let weights = distances.elements(as: Double.self)
            var left = draw * weights.reduce(0, +)
            // If all points are where centres are, any of them does.
            chosen.append(
                weights.firstIndex { weight in
                    left -= weight
                    return left < 0
                } ?? chosen.count % total)
        }
        return points.gathered(at: Tensor(chosen.map { Int32($0) }))
    }

    /// The centres, of which those that are nearest to no point lie at points that are far from their own;
    /// nil if there are none, or no such points.
    private static func fillingEmptyClusters(_ centres: Tensor, of points: Tensor) -> Tensor? {
        let nearest = nearestRows(of: points, in: centres)
        let used = Set(nearest.elements(as: Int32.self))
        let empty = (0..<Int32(centres.shape[0])).filter { !used.contains($0) }
        guard !empty.isEmpty else { return nil }
        let distances = square(points - centres.gathered(at: nearest)).sum(axes: [1])
            .elements(as: Double.self)
        let far = distances.indices.filter { distances[$0] > 0 }
            .sorted { (distances[$1], $0) < (distances[$0], $1) }
        guard !far.isEmpty else { return nil }
        var rows = (0..<centres.shape[0]).map { centres[$0..<$0 + 1] }
        for (cluster, point) in zip(empty, far) { rows[Int(cluster)] = points[point..<point + 1] }
        return concatenated(rows)
    }
}

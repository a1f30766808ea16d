import Autograd

/// For each of some samples the nearest of others, in Euclidean distance: exact, by products of
/// matrices.
public struct NearestNeighbours: Sendable {
    /// `int32`, `[queries, count]`: the nearest first, of equals the first.
    public let positions: Tensor
    /// `[queries, count]`.
    public let squaredDistances: Tensor

    /// The nearest of `samples` to each of `queries`, `[n, …]` and `[m, …]`, flattened.
    ///
    /// - Parameters:
    ///   - count: how many, from 1 to the number of samples.
    ///   - report: told again and again which part is done, from 0 to 1; what it throws ends
    ///     the search.
    public init(
        of queries: Tensor, in samples: Tensor, count: Int, report: (Double) throws -> Void
    ) rethrows {
        try self.init(
            PairwiseDistances(from: queries, to: samples), queries: queries.shape[0],
            samples: samples.shape[0], count, report)
    }

    /// The same, told to nobody.
    public init(of queries: Tensor, in samples: Tensor, count: Int) {
        self.init(of: queries, in: samples, count: count, report: { _ in })
    }

    /// The nearest of the others to each of `samples`, `[n, …]`.
    ///
    /// - Parameters:
    ///   - count: how many, from 1 to one less than the number of samples.
    ///   - report: told again and again which part is done, from 0 to 1; what it throws ends
    ///     the search.
    public init(
        among samples: Tensor, count: Int, report: (Double) throws -> Void
    ) rethrows {
        try self.init(
            PairwiseDistances(among: samples), queries: samples.shape[0],
            samples: samples.shape[0] - 1, count, report)
    }

    /// The same, told to nobody.
    public init(among samples: Tensor, count: Int) {
        self.init(among: samples, count: count, report: { _ in })
    }

    private init(
        _ distances: PairwiseDistances, queries: Int, samples: Int, _ count: Int,
        _ report: (Double) throws -> Void
    ) rethrows {
        guard count >= 1, count <= samples else {
            programmerError("NearestNeighbours", "\(count) neighbours among \(samples) samples")
        }
        var parts: [(positions: Tensor, distances: Tensor)] = []
        try distances.forEachPart { range, distances in
            let positions = (-distances).topIndices(count)
            parts.append((positions, distances.gatheredAlong(axis: 1, at: positions)))
            try report(Double(range.upperBound) / Double(queries))
        }
        positions = concatenated(parts.map(\.positions))
        squaredDistances = concatenated(parts.map(\.distances))
    }
}

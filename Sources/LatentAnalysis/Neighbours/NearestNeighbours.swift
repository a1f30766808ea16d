import Autograd
import NeuralNetworks

/// The nearest neighbours of samples by Euclidean distance: exact, computed by matrix products.
///
/// Distances that overflow are infinite, and those from or to a sample with an element that is not
/// finite are NaN; both come last.
public struct NearestNeighbours: Sendable {
    /// The positions of the neighbours, `int32`, `[queries, count]`: the nearest first, for equal
    /// distances the lower position.
    public let positions: Tensor
    /// Their squared distances, `[queries, count]`.
    public let squaredDistances: Tensor

    /// The nearest of `samples` for each of `queries`, `[n, …]` and `[m, …]`, flattened. Traps if
    /// the shapes or the count are invalid.
    ///
    /// - Parameters:
    ///   - count: the number of neighbours, from 1 to the number of samples.
    ///   - monitor: called regularly; an error that it throws ends the search.
    public init<Failure>(
        of queries: Tensor, in samples: Tensor, count: Int,
        monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) {
        Self.check(count, queries, samples, others: samples.shape.first ?? 0)
        let safe = SafeSquares(queries, samples)
        try self.init(
            PairwiseDistances(from: safe.values[0], to: safe.values[1]), safe,
            areSamples: false, numbers(samples).dataType, count, monitor)
    }

    /// The nearest other samples for each of `samples`, `[n, …]`. Traps if the count is invalid.
    ///
    /// - Parameters:
    ///   - count: the number of neighbours, from 1 to one less than the number of samples.
    ///   - monitor: called regularly; an error that it throws ends the search.
    public init<Failure>(
        among samples: Tensor, count: Int, monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) {
        Self.check(count, samples, samples, others: (samples.shape.first ?? 0) - 1)
        let safe = SafeSquares(samples)
        try self.init(
            PairwiseDistances(among: safe.values[0]), safe, areSamples: true,
            numbers(samples).dataType, count, monitor)
    }

    private static func check(_ count: Int, _ queries: Tensor, _ samples: Tensor, others: Int) {
        guard queries.rank > 0, count >= 1, count <= others else {
            programmerError(
                "NearestNeighbours",
                "\(count) neighbours for queries of shape \(queries.shape) among samples of shape "
                    + "\(samples.shape), expected at most \(max(0, others))")
        }
    }

    private init<Failure>(
        _ distances: PairwiseDistances, _ safe: SafeSquares, areSamples: Bool, _ type: DataType,
        _ count: Int, _ monitor: ProgressMonitor<Failure>
    ) throws(Failure) {
        let queries = safe.values[0].shape[0]
        let unit = safe.unit * distances.unit
        var parts: [(positions: Tensor, distances: Tensor)] = []
        try distances.forEachPart { range, distances throws(Failure) in
            let distances = safe.known(distances, range)
            var positions = (-distances).topIndices(count)
            var found = distances.gatheredAlong(axis: 1, at: positions)
            if !found.allFinite {
                positions = Self.ranked(
                    distances, count, leavingOut: areSamples ? range.lowerBound : nil)
                found = distances.gatheredAlong(axis: 1, at: positions)
            }
            parts.append((positions, (found * unit * unit).cast(to: type)))
            try monitor.advance(to: Double(range.upperBound) / Double(queries))
        }
        positions = concatenated(parts.map(\.positions))
        squaredDistances = concatenated(parts.map(\.distances))
    }

    /// The positions of the smallest distances in each row of `[rows, samples]`, if some are not
    /// finite: then the infinite distance of a sample to itself is not the largest.
    ///
    /// - Parameter first: the sample of the first row; nil if the rows are not samples.
    private static func ranked(
        _ distances: Tensor, _ count: Int, leavingOut first: Int?
    ) -> Tensor {
        let (rows, samples) = (distances.shape[0], distances.shape[1])
        let positions = (0..<rows).flatMap { row -> [Int32] in
            let values = distances[row].cast(to: .float64).elements(as: Double.self)
            let others = (0..<samples).filter { $0 != first.map { $0 + row } }
            let order = others.sorted { left, right in
                let (a, b) = (values[left], values[right])
                return a == b || a.isNaN && b.isNaN ? left < right : a < b || b.isNaN
            }
            return order.prefix(count).map(Int32.init)
        }
        return Tensor(positions, shape: [rows, count])
    }
}

extension SafeSquares {
    /// Distances from a range of queries to all samples, with NaN for samples that are not finite.
    /// The first values are the queries, the last the samples.
    fileprivate func known(_ distances: Tensor, _ range: Range<Int>) -> Tensor {
        let unknown = Tensor(.nan, dataType: distances.dataType)
        var known = distances
        if let isFinite = areFinite[0] {
            known = select(isFinite[range].expandingAxis(1), known, unknown)
        }
        if let isFinite = areFinite[areFinite.count - 1] {
            known = select(isFinite.expandingAxis(0), known, unknown)
        }
        return known
    }
}

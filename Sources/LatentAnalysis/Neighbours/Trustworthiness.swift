import Autograd
import NeuralNetworks

/// To what degree neighbours in a map are also neighbours among the samples, from 0 to 1 (Venna and
/// Kaski, "Neighborhood preservation in nonlinear projection methods", 2001, equation 1).
///
///     1 − 2 / (n k (2n − 3k − 1)) · Σᵢ Σⱼ max(0, r(i, j) − k)
///
/// with j among the k nearest neighbours of i in the map, and r(i, j) the rank of j by distance
/// from i among the samples, from 1: one more than the number of samples nearer than j. NaN if an
/// element of the map or of a sample is not finite. Traps if the shapes or the number of neighbours
/// are invalid.
///
/// - Parameters:
///   - map: `[n, …]`, flattened.
///   - samples: `[n, …]`, flattened, in the same order.
///   - neighbours: k, from 1 and less than half of n.
///   - monitor: called regularly; an error that it throws ends the measurement.
public func trustworthiness<Failure>(
    of map: Tensor, for samples: Tensor, neighbours: Int = 5,
    monitor: ProgressMonitor<Failure> = .silent
) throws(Failure) -> Double {
    let count = samples.shape.first ?? 0
    guard map.shape.first == count, neighbours >= 1, neighbours <= (count - 1) / 2 else {
        programmerError(
            "trustworthiness",
            "\(neighbours) neighbours in a map of shape \(map.shape) of samples of shape "
                + "\(samples.shape)")
    }
    guard map.allFinite, samples.allFinite else { return .nan }
    // The two searches, on the map and among the samples, take about the same time.
    let nearest = try NearestNeighbours(
        among: map, count: neighbours, monitor: monitor.part(0...0.5)
    ).positions
    var excess = 0.0
    let pairwise = PairwiseDistances(among: SafeSquares(samples).values[0])
    try pairwise.forEachPart { range, distances throws(Failure) in
        let found = distances.gatheredAlong(axis: 1, at: nearest[range])
        for neighbour in 0..<neighbours {
            let distance = found.sliced(axis: 1, neighbour..<neighbour + 1)
            let nearer = (distances .< distance).cast(to: .float32).sum(axes: [1])
            excess += relu(nearer + Double(1 - neighbours)).cast(to: .float64).sum().scalar
        }
        try monitor.part(0.5...1).advance(to: Double(range.upperBound) / Double(count))
    }
    let (n, k) = (Double(count), Double(neighbours))
    return 1 - 2 * excess / (n * k * (2 * n - 3 * k - 1))
}

import Autograd
import Foundation

/// The affinities of samples for t-SNE: the joint probabilities P of pairs of neighbours (van der
/// Maaten and Hinton 2008, equations 1 and 2; van der Maaten 2014, section 4.1). Pairs of which
/// neither is a neighbour of the other have none.
struct Affinities {
    /// The pairs of sample i are at `starts[i]..<starts[i + 1]`.
    private(set) var starts: [Int]
    /// The other sample of each pair, ascending within a sample.
    private(set) var others: [Int32]
    /// Symmetric, with sum 1.
    private(set) var probabilities: [Double]

    /// - Parameter perplexity: the effective number of neighbours, at most the number that was
    ///   searched.
    init(_ neighbours: NearestNeighbours, perplexity: Double) {
        let (count, width) = (neighbours.positions.shape[0], neighbours.positions.shape[1])
        let positions = neighbours.positions.elements(as: Int32.self)
        let distances = neighbours.squaredDistances.cast(to: .float64).elements(as: Double.self)
        var conditional = distances
        conditional.withUnsafeMutableBufferPointer { conditional in
            // Sound: each row is written by only one block.
            inParallel(count, grain: 64) { rows in
                for row in rows {
                    let row = row * width..<(row + 1) * width
                    let found = conditionalProbabilities(distances[row], perplexity: perplexity)
                    for (index, value) in zip(row, found) { conditional[index] = value }
                }
            }
        }
        // p(j | i) and p(i | j) are added for both samples.
        var sizes = [Int](repeating: width, count: count)
        for position in positions { sizes[Int(position)] += 1 }
        var pairs = sizes.map { size in
            var pairs: [(other: Int32, value: Double)] = []
            pairs.reserveCapacity(size)
            return pairs
        }
        for (index, position) in positions.enumerated() {
            let value = conditional[index] / Double(2 * count)
            pairs[index / width].append((position, value))
            pairs[Int(position)].append((Int32(index / width), value))
        }
        (starts, others, probabilities) = ([0], [], [])
        for row in pairs {
            for pair in row.sorted(by: { $0.other < $1.other }) {
                if others.count > starts[starts.count - 1], others.last == pair.other {
                    probabilities[probabilities.count - 1] += pair.value
                } else {
                    others.append(pair.other)
                    probabilities.append(pair.value)
                }
            }
            starts.append(others.count)
        }
    }
}

/// The probabilities p(j | i) of neighbours at squared distances d: a normal distribution around
/// the sample, with a width for which 2 to the entropy, in bits, is the perplexity. Neighbours at
/// infinite distance have probability 0, or equal probabilities if all are.
func conditionalProbabilities(
    _ squaredDistances: ArraySlice<Double>, perplexity: Double
) -> [Double] {
    // The smallest distance cancels in the quotients.
    let least = squaredDistances.min() ?? 0
    guard least.isFinite else {
        return squaredDistances.map { _ in 1 / Double(squaredDistances.count) }
    }
    let distances = squaredDistances.map { $0 - least }
    let finite = distances.filter(\.isFinite)
    let mean = finite.reduce(0, +) / Double(finite.count)
    var precision = mean.isNormal ? 1 / mean : 1
    var (lower, upper) = (0.0, Double.infinity)
    var weights = distances
    // Bisection; if all distances are equal, no width gives the perplexity, and any will do.
    for _ in 0..<64 {
        var (sum, moment) = (0.0, 0.0)
        for (index, distance) in distances.enumerated() {
            guard distance.isFinite else {
                weights[index] = 0
                continue
            }
            weights[index] = exp(-precision * distance)
            sum += weights[index]
            moment += weights[index] * distance
        }
        let excess = log(sum) + precision * moment / sum - log(perplexity)
        for index in weights.indices { weights[index] /= sum }
        if abs(excess) < 1e-6 { break }
        if excess > 0 {
            lower = precision
            precision = upper.isInfinite ? 2 * precision : (lower + upper) / 2
        } else {
            upper = precision
            precision = (lower + upper) / 2
        }
    }
    return weights
}

import Autograd
import Foundation

// The divergence that t-SNE minimises, C = Σ p log(p / q) with q = w / Z, w = 1 / (1 + |y − y'|²)
// and Z the sum of all w. Implemented directly, not with tensor operations; a test compares the
// gradient with the derivative of the definition.

/// The gradient of the divergence with respect to each point (van der Maaten 2014, equation 8),
///
///     4 Σ (f p − q) w (y − y')
///
/// and Z, with an exaggeration f. Exact if the angle is 0 and all pairs have affinities.
func divergenceGradient(
    at places: [SIMD2<Double>], _ affinities: Affinities, exaggeration: Double, angle: Double
) -> (slopes: [SIMD2<Double>], normalizer: Double) {
    let (weights, forces) = QuadTree(places).repulsions(angle: angle)
    // Subtracts the weight of each point with itself.
    let normalizer = weights.reduce(0, +) - Double(places.count)
    var slopes = forces
    // Sound: each slope is written by only one block, and all memory outlives the calls.
    slopes.withUnsafeMutableBufferPointer { slopes in
        places.withUnsafeBufferPointer { places in
            affinities.withUnsafePairs { starts, others, probabilities in
                inParallel(places.count, grain: 128) { block in
                    for index in block {
                        let place = places[index]
                        var attraction = SIMD2<Double>.zero
                        for pair in starts[index]..<starts[index + 1] {
                            let way = place - places[Int(others[pair])]
                            attraction += probabilities[pair] / (1 + (way * way).sum()) * way
                        }
                        slopes[index] =
                            4 * (exaggeration * attraction - slopes[index] / normalizer)
                    }
                }
            }
        }
    }
    return (slopes, normalizer)
}

/// The divergence for a given normaliser Z.
func divergence(
    of places: [SIMD2<Double>], _ affinities: Affinities, normalizer: Double
) -> Double {
    var sums = [Double](repeating: 0, count: places.count)
    // Sound: each sum is written by only one block, and all memory outlives the calls.
    sums.withUnsafeMutableBufferPointer { sums in
        places.withUnsafeBufferPointer { places in
            affinities.withUnsafePairs { starts, others, probabilities in
                inParallel(places.count, grain: 128) { block in
                    for index in block {
                        for pair in starts[index]..<starts[index + 1] where probabilities[pair] > 0
                        {
                            let way = places[index] - places[Int(others[pair])]
                            let ratio = probabilities[pair] * (1 + (way * way).sum()) * normalizer
                            sums[index] += probabilities[pair] * log(ratio)
                        }
                    }
                }
            }
        }
    }
    return sums.reduce(0, +)
}

extension Affinities {
    /// The arrays without bounds checks, for loops over all pairs.
    fileprivate func withUnsafePairs(
        _ body: (
            UnsafeBufferPointer<Int>, UnsafeBufferPointer<Int32>, UnsafeBufferPointer<Double>
        ) -> Void
    ) {
        starts.withUnsafeBufferPointer { starts in
            others.withUnsafeBufferPointer { others in
                probabilities.withUnsafeBufferPointer { body(starts, others, $0) }
            }
        }
    }
}

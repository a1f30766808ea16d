import Autograd
import NeuralNetworks

/// How many modes of a distribution made samples are found in, and how many of these samples lie in
/// one at all (Metz et al., arXiv:1611.02163; Lin et al., arXiv:1712.04086, section 4.1).
///
/// A sample is good if it lies within three standard deviations of the nearest mode's centre, and a mode
/// is found if there is a good sample in it. Of a normal distribution in the plane 98.9 % are good.
public struct ModeCoverage: Sendable, Hashable, Codable {
    /// The number of good samples in each mode.
    public let counts: [Int]
    /// The fraction of the samples that are good.
    public let goodShare: Double

    /// The number of modes that are found.
    public var found: Int { counts.count { $0 > 0 } }

    /// Traps if there are no samples or modes, or shapes do not fit.
    ///
    /// - Parameters:
    ///   - samples: `[n, size]`; one that is not finite is not good.
    public init(of samples: Tensor, in modes: Modes) {
        guard samples.rank == 2, samples.shape[0] > 0, !modes.deviations.isEmpty,
            samples.shape[1] == modes.centres.shape[1]
        else {
            programmerError(
                "ModeCoverage",
                "samples of shape \(samples.shape) in modes of shape \(modes.centres.shape)")
        }
        let (count, kinds) = (samples.shape[0], modes.deviations.count)
        let apart = samples.cast(to: .float64).expandingAxis(1) - modes.centres.expandingAxis(0)
        let distances = apart.norm(axes: [2]).elements(as: Double.self)
        var counts = [Int](repeating: 0, count: kinds)
        for row in 0..<count {
            let own = distances[row * kinds..<(row + 1) * kinds]
            guard let nearest = own.indices.min(by: { own[$0] < own[$1] }) else { continue }
            let mode = nearest - row * kinds
            if own[nearest] <= 3 * modes.deviations[mode] { counts[mode] += 1 }
        }
        self.counts = counts
        goodShare = Double(counts.reduce(0, +)) / Double(count)
    }

    /// The modes of a distribution.
    public struct Modes: Sendable {
        /// `float64`, `[modes, size]`.
        public let centres: Tensor
        /// The standard deviation of one number of a sample in each mode.
        public let deviations: [Double]

        /// Those of samples whose labels are their modes; labels without samples are left out. Traps if
        /// shapes do not fit.
        ///
        /// - Parameters:
        ///   - samples: `[n, size]`.
        ///   - labels: `int32`, `[n]`; samples with a negative one do not count.
        public init(of samples: Tensor, labels: Tensor) {
            guard samples.rank == 2, labels.shape == [samples.shape[0]] else {
                programmerError(
                    "ModeCoverage.Modes",
                    "labels of shape \(labels.shape) for samples of shape \(samples.shape)")
            }
            var rows: [Int32: [Int32]] = [:]
            for (row, label) in labels.elements(as: Int32.self).enumerated() where label >= 0 {
                rows[label, default: []].append(Int32(row))
            }
            let members = rows.sorted { $0.key < $1.key }.map {
                samples.gathered(at: Tensor($0.value)).cast(to: .float64)
            }
            let means = members.map { $0.mean(axes: [0]) }
            centres =
                means.isEmpty
                ? Tensor.zeros([0, samples.shape[1]], dataType: .float64) : stacked(means)
            deviations = zip(members, means).map { members, mean in
                square(members - mean).mean().scalar.squareRoot()
            }
        }

        /// Whether no two modes reach into each other: their centres are more than three times their
        /// deviations together apart.
        public var areApart: Bool {
            deviations.indices.allSatisfy { first in
                deviations.indices.dropFirst(first + 1).allSatisfy { second in
                    (centres[first] - centres[second]).norm().scalar
                        > 3 * (deviations[first] + deviations[second])
                }
            }
        }
    }
}

import Autograd
import Foundation

/// The squared maximum mean discrepancy of the codes of a batch from draws of the standard normal
/// distribution, by an unbiased estimate, which may be negative (Tolstikhin et al., "Wasserstein
/// Auto-Encoders", arXiv:1711.01558, algorithm 2; with the divergence the InfoVAE of Zhao et al.,
/// arXiv:1706.02262).
///
/// It compares the codes of all samples together with the prior, while the Kullback–Leibler divergence
/// draws those of each sample to it. A statistic of the batch: the same value for each sample, 0 for a
/// single one.
public struct MaximumMeanDiscrepancy<Output: HasCode>: ObjectiveTerm {
    /// How similar two codes are.
    public let kernel: DiscrepancyKernel

    public init(_ kernel: DiscrepancyKernel = .inverseMultiquadratic) { self.kernel = kernel }

    public var name: String { "maximumMeanDiscrepancy" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let codes = pass.code.flattened()
        let (count, size) = (codes.shape[0], codes.shape[1])
        guard count > 1 else { return Tensor.zeros([pass.batch.count], dataType: codes.dataType) }
        var generator = pass.generator
        let draws = generator.normal([count, size], dataType: codes.dataType)
        let others = 1 - Tensor.identity(count, dataType: codes.dataType)
        func mean(_ one: Tensor, _ other: Tensor) -> Tensor {
            (kernel(squaredDistances(one, other), size: size) * others).sum()
        }
        let pairs = Double(count * (count - 1))
        let between = kernel(squaredDistances(codes, draws), size: size).mean()
        let discrepancy = (mean(codes, codes) + mean(draws, draws)) / pairs - 2 * between
        return discrepancy.broadcast(to: [pass.batch.count])
    }
}

/// How similar two codes are, by their squared distance.
public enum DiscrepancyKernel: String, NamedOptionValue {
    /// Σ C / (C + d²) over several scales C around twice the size of a code: its tails are heavy, so
    /// that codes far from the prior have gradients, too.
    case inverseMultiquadratic = "imq"
    /// exp(−d² / 2n) for codes of n numbers.
    case radial = "rbf"

    func callAsFunction(_ squaredDistance: Tensor, size: Int) -> Tensor {
        let spread = 2 * Double(size)
        switch self {
        case .radial: return exp(squaredDistance / -spread)
        case .inverseMultiquadratic:
            let scales = [0.1, 0.2, 0.5, 1, 2, 5, 10].map { $0 * spread }
            return scales.dropFirst().reduce(scales[0] / (scales[0] + squaredDistance)) {
                $0 + $1 / ($1 + squaredDistance)
            }
        }
    }
}

/// The squared distances of all pairs of rows.
private func squaredDistances(_ first: Tensor, _ second: Tensor) -> Tensor {
    // What both have in common would cancel, with digits of the differences.
    let centre = stopGradient(first).mean(axes: [0])
    let (one, other) = (first - centre, second - centre)
    let products = matmul(one, other, transposingRight: true)
    let squares = square(one).sum(axes: [1], keepingAxes: true)
    let distances = squares + square(other).sum(axes: [1]) - 2 * products
    // Rounding may leave a little less than 0.
    return maximum(distances, Tensor(0, dataType: one.dataType))
}

/// The sliced Wasserstein distance of the codes of a batch from draws of the standard normal distribution:
/// the mean over random directions of the squared distance between both when projected and sorted
/// (Kolouri et al., "Sliced-Wasserstein Autoencoder", arXiv:1804.01947). The same value for each sample
/// of the batch.
public struct SlicedWasserstein<Output: HasCode>: ObjectiveTerm {
    /// The number of directions.
    public let projections: Int

    /// Traps unless there is a direction.
    public init(projections: Int = 50) {
        guard projections > 0 else {
            programmerError("SlicedWasserstein", "\(projections) projections")
        }
        self.projections = projections
    }

    public var name: String { "slicedWasserstein" }

    public func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
        let codes = pass.code.flattened()
        var generator = pass.generator
        let directions = generator.normal([projections, codes.shape[1]], dataType: codes.dataType)
        let unit = directions / directions.norm(axes: [1], keepingAxes: true)
        let draws = generator.normal(codes.shape, dataType: codes.dataType)
        let (own, others) = (
            matmul(codes, unit, transposingRight: true), matmul(draws, unit, transposingRight: true)
        )
        let distance = square(own.sorted(axis: 0) - others.sorted(axis: 0)).mean()
        return distance.broadcast(to: [pass.batch.count])
    }
}

import Autograd
import Datasets
import Foundation
import NeuralNetworks

/// A mixture of normal distributions with full covariances, fitted to samples by expectation
/// maximisation (Dempster, Laird and Rubin, 1977; as a prior of an autoencoder's codes Ghosh et al.,
/// "From Variational to Deterministic Autoencoders", arXiv:1903.12436, section 5). With one component it
/// is the normal distribution of the samples.
public struct NormalMixture: Sendable {
    /// The shares of the components, `[components]`, in `float64` as all of it.
    public let shares: Tensor
    /// `[components, size]`.
    public let means: Tensor
    /// The Cholesky factors of the covariances, `[components, size, size]`.
    public let choleskyFactors: Tensor

    private static let rounds = 200
    /// Rounds end when the mean log-density gains less than this, in nats.
    private static let leastGain = 1e-4
    /// The share of the samples' variances that is added to those of components, so that none shrinks
    /// onto a few samples.
    private static let ridge = 1e-4

    /// The most likely of some fits, since each ends near where it began. Traps as a single one, and unless
    /// there are some.
    ///
    /// - Parameters:
    ///   - samples: `[count, …]`, flattened.
    ///   - monitor: called before each fit; an error that it throws ends the work.
    public init<Failure>(
        of samples: Tensor, components: Int, bestOf fits: Int,
        using generator: inout RandomGenerator, monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) {
        guard fits > 0 else { programmerError("NormalMixture", "the best of \(fits) fits") }
        self.init(of: samples, components: components, using: &generator)
        var best = logDensity(of: samples).mean().scalar
        for _ in 1..<fits {
            try monitor.checkCancellation()
            let other = NormalMixture(of: samples, components: components, using: &generator)
            let density = other.logDensity(of: samples).mean().scalar
            if density > best { (self, best) = (other, density) }
        }
    }

    /// Fits a mixture. Traps unless there is a component, and at least as many samples; or if one is not
    /// finite.
    ///
    /// - Parameter samples: `[count, …]`, flattened.
    public init(
        of samples: Tensor, components: Int, using generator: inout RandomGenerator
    ) {
        guard components > 0, samples.rank > 1, samples.shape[0] >= components, samples.count > 0
        else {
            programmerError(
                "NormalMixture", "\(components) components of samples of shape \(samples.shape)")
        }
        requireFinite(samples, "NormalMixture")
        let samples = samples.flattened().cast(to: .float64)
        let centre = samples.mean(axes: [0])
        let variances = square(samples - centre).mean(axes: [0])
        let floor = Self.ridge * variances + 1e-12

        // Each sample belongs to the nearest of some that lie apart from each other.
        let seeds = Self.seeds(components, of: samples / sqrt(floor), using: &generator)
        let distances = seeds.map { square((samples - samples[$0]) / sqrt(floor)).sum(axes: [1]) }
        let nearest = stacked(distances, axis: 1).argmin(axis: 1)
        var shares = oneHot(nearest, depth: components, dataType: .float64)
        var fitted = Self.maximized(samples, shares, floor)
        var before = -Double.infinity
        for _ in 0..<Self.rounds {
            let logDensities = fitted.componentLogDensities(of: samples)
            let total = logDensities.logSumExp(axes: [1], keepingAxes: true)
            let mean = total.mean().scalar
            guard mean - before > Self.leastGain else { break }
            before = mean
            shares = exp(logDensities - total)
            fitted = Self.maximized(samples, shares, floor)
        }
        self = fitted
    }

    private init(shares: Tensor, means: Tensor, choleskyFactors: Tensor) {
        (self.shares, self.means, self.choleskyFactors) = (shares, means, choleskyFactors)
    }

    /// Samples that lie apart: each is drawn in proportion to the squared distance from those before
    /// (Arthur and Vassilvitskii, "k-means++", 2007).
    private static func seeds(
        _ count: Int, of samples: Tensor, using generator: inout RandomGenerator
    ) -> [Int] {
        // Sound: a number below the count.
        var seeds = [Int(generator.uniform([1]).scalar * Double(samples.shape[0]))]
        var nearest = square(samples - samples[seeds[0]]).sum(axes: [1])
        while seeds.count < count {
            let distances = nearest.elements(as: Double.self)
            var rest = generator.uniform([1], dataType: .float64).scalar * distances.reduce(0, +)
            // Where all that is left are repetitions any other sample serves.
            let next =
                distances.firstIndex { distance in
                    rest -= distance
                    return rest < 0
                } ?? (0..<distances.count).first { !seeds.contains($0) } ?? 0
            seeds.append(next)
            nearest = minimum(nearest, square(samples - samples[next]).sum(axes: [1]))
        }
        return seeds
    }

    /// The mixture that fits best if samples belong to components by these shares, `[count, components]`.
    private static func maximized(
        _ samples: Tensor, _ shares: Tensor, _ floor: Tensor
    ) -> NormalMixture {
        let counts = shares.sum(axes: [0]) + 1e-9
        let means = matmul(shares, samples, transposingLeft: true) / counts.expandingAxis(1)
        let ridge = Tensor.identity(samples.shape[1], dataType: .float64) * floor
        let factors = (0..<shares.shape[1]).map { component in
            let differences = samples - means[component]
            let weighted = differences * shares[.all, component..<component + 1]
            return choleskyFactor(
                of: matmul(weighted, differences, transposingLeft: true) / counts[component] + ridge
            )
        }
        return NormalMixture(
            shares: counts / counts.sum(), means: means, choleskyFactors: stacked(factors))
    }

    /// The logarithms of share times density of each component, `[count, components]`.
    private func componentLogDensities(of samples: Tensor) -> Tensor {
        let constant = 0.5 * log(2 * Double.pi) * Double(samples.shape[1])
        let each = (0..<shares.count).map { component in
            let factor = choleskyFactors[component]
            let standard = triangularSolve(factor, (samples - means[component]).transposed())
            return -0.5 * square(standard).sum(axes: [0]) - log(factor.diagonal()).sum()
                + (log(shares[component]) - constant)
        }
        return stacked(each, axis: 1)
    }

    /// The log-densities of samples in nats, `[count]` in `float64`. Traps if their size differs.
    public func logDensity(of samples: Tensor) -> Tensor {
        componentLogDensities(of: checked(samples)).logSumExp(axes: [1])
    }

    private func checked(_ samples: Tensor) -> Tensor {
        let samples = samples.flattened().cast(to: .float64)
        guard samples.shape[1] == means.shape[1] else {
            programmerError(
                "NormalMixture",
                "samples of shape \(samples.shape) for components of \(means.shape[1]) numbers")
        }
        return samples
    }

    /// The likeliest component of each sample, `[count]`. Traps if their size differs.
    public func components(of samples: Tensor) -> [Int] {
        let each = componentLogDensities(of: checked(samples))
        return each.argmax(axis: 1).elements(as: Int32.self).map { Int($0) }
    }

    /// New samples, `[count, size]` in `float64`.
    public func sample(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        let ends = shares.elements(as: Double.self).reduce(into: [Double]()) {
            $0.append(($0.last ?? 0) + $1)
        }
        let chosen = generator.uniform([count], dataType: .float64).elements(as: Double.self).map {
            number in Int32(ends.firstIndex { number < $0 } ?? ends.count - 1)
        }
        let noise = generator.normal([count, means.shape[1], 1], dataType: .float64)
        let places = Tensor(chosen)
        return means.gathered(at: places)
            + matmul(choleskyFactors.gathered(at: places), noise).squeezed(axes: [2])
    }
}

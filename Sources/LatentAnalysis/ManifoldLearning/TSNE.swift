import Autograd
import Datasets
import Foundation
import NeuralNetworks

/// t-distributed stochastic neighbour embedding: a map of samples in the plane that preserves
/// neighbourhoods (van der Maaten and Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008), by the
/// Barnes–Hut algorithm (van der Maaten, "Accelerating t-SNE using Tree-Based Algorithms", JMLR 15,
/// 2014).
///
/// ```swift
/// let map = TSNE(perplexity: 30).map(codes)       // [n, 2]
/// let quality = trustworthiness(of: map, for: codes)
/// ```
///
/// It minimises the divergence Σ p log(p / q) of the heavy-tailed affinities q of the points from
/// the affinities p of the samples. Such a map shows clusters and neighbourhoods; distances between
/// clusters and their sizes have no meaning.
///
/// The map is initialised with the principal components (Kobak and Linderman, "Initialization is
/// critical for preserving global data structure in both t-SNE and UMAP", 2021), and the learning
/// rate grows with the number of samples (Belkina et al., "Automated optimized parameters for
/// T-distributed stochastic neighbor embedding", 2019).
public struct TSNE: Sendable {
    /// The effective number of neighbours of a sample; three times as many are searched.
    public var perplexity: Double
    /// The number of gradient steps.
    public var iterations: Int
    /// The factor of the samples' affinities in the first iterations, so that clusters form.
    public var exaggeration: Double
    /// The number of iterations with exaggeration.
    public var exaggeratedIterations: Int
    /// The step size; if nil, the number of samples divided by four times the exaggeration, at
    /// least 50. (The gradient has a factor of 4, which the papers include in the learning rate.)
    public var learningRate: Double?
    /// The accuracy of the Barnes–Hut approximation: groups of points are treated as one if seen
    /// under at most this angle. 0 is exact, and takes time quadratic in the number of samples.
    public var angle: Double

    /// Traps if a number is out of range.
    public init(
        perplexity: Double = 30, iterations: Int = 1000, exaggeration: Double = 12,
        exaggeratedIterations: Int = 250, learningRate: Double? = nil, angle: Double = 0.5
    ) {
        self.perplexity = perplexity
        self.iterations = iterations
        self.exaggeration = exaggeration
        self.exaggeratedIterations = exaggeratedIterations
        self.learningRate = learningRate
        self.angle = angle
        check()
    }

    private func check() {
        guard perplexity >= 1, iterations >= 0, exaggeration >= 1, exaggeration.isFinite,
            learningRate.map({ $0 > 0 && $0.isFinite }) ?? true, 0...0.7 ~= angle
        else {
            programmerError(
                "TSNE",
                "expected perplexity and exaggeration from 1, iterations from 0, a positive "
                    + "learning rate and an angle from 0 to 0.7, found perplexity \(perplexity), "
                    + "exaggeration \(exaggeration), \(iterations) iterations, learning rate "
                    + "\(learningRate.map { "\($0)" } ?? "nil"), angle \(angle)")
        }
    }

    /// The largest possible perplexity for a number of samples.
    public static func greatestPerplexity(samples: Int) -> Double {
        Double(max(1, samples) - 1) / 3
    }

    /// The positions of samples in the plane, `float64`, `[n, 2]`. Bitwise the same for the same
    /// seed, for any number of threads. If the learning rate is so large that the map diverges,
    /// they are huge or not finite.
    ///
    /// - Parameters:
    ///   - samples: `[n, …]`, flattened; pixels (`uint8`) are scaled to 0 … 1. Traps if an element
    ///     is not finite, there are fewer than four, or the perplexity is above
    ///     ``greatestPerplexity(samples:)``.
    ///   - generator: for small shifts, which separate equal samples at the start.
    ///   - monitor: called during the search for neighbours, then after each iteration, with the
    ///     `divergence` of the points' affinities from those of the samples, in nats, computed in
    ///     every tenth iteration. An error that it throws ends the work.
    public func map<Failure>(
        _ samples: Tensor, using generator: RandomGenerator = RandomGenerator(seed: 0),
        monitor: ProgressMonitor<Failure> = .silent
    ) throws(Failure) -> Tensor {
        check()
        let count = samples.shape.first ?? 0
        guard count >= 4, samples.count > 0, perplexity <= Self.greatestPerplexity(samples: count)
        else {
            programmerError(
                "TSNE",
                "perplexity \(perplexity) for samples of shape \(samples.shape): expected four or "
                    + "more, and at most a perplexity of "
                    + "\(Self.greatestPerplexity(samples: count))")
        }
        requireFinite(samples, "TSNE")
        // The map does not depend on the unit of the samples.
        let samples = SafeSquares(samples).values[0]
        try monitor.report(.begun("neighbours"))
        let affinities = Affinities(
            try NearestNeighbours(
                // Sound: three times the perplexity is less than the number of samples.
                among: samples, count: min(count - 1, Int(3 * perplexity)),
                monitor: monitor),
            perplexity: perplexity)
        var points = PointCloud(start(samples, generator))
        let rate = learningRate ?? max(Double(count) / exaggeration / 4, 50)
        var measured: [(name: String, value: Double)] = []
        try monitor.report(.begun("t-SNE"))
        for iteration in 0..<iterations {
            let isExaggerated = iteration < exaggeratedIterations
            let gradient = divergenceGradient(
                at: points.places, affinities, exaggeration: isExaggerated ? exaggeration : 1,
                angle: angle)
            let done = iteration + 1
            if done % 10 == 0 || done == iterations {
                let divergence = divergence(
                    of: points.places, affinities, normalizer: gradient.normalizer)
                measured = [("divergence", divergence)]
            }
            try monitor.advance(to: Double(done) / Double(iterations), measured)
            points.move(
                against: gradient.slopes, learningRate: rate, momentum: isExaggerated ? 0.5 : 0.8)
        }
        return Tensor(points.places.flatMap { [$0.x, $0.y] }, shape: [count, 2])
    }

    /// The principal components, scaled down so that forces are strong, and slightly shifted.
    private func start(_ samples: Tensor, _ generator: RandomGenerator) -> [SIMD2<Double>] {
        var generator = generator
        let flat = samples.flattened()
        let components = PrincipalComponents(of: flat, count: min(2, flat.shape[1]))
        let coordinates = components.encode(flat).cast(to: .float64)
        let deviation = (components.variances[0]).squareRoot()
        let scaled = coordinates * (deviation > 0 ? 1e-4 / deviation : 0)
        let shifts = generator.normal(
            [flat.shape[0], 2], standardDeviation: 1e-6, dataType: .float64)
        let places = (scaled.padded([(0, 0), (0, 2 - scaled.shape[1])]) + shifts)
            .elements(as: Double.self)
        return (0..<flat.shape[0]).map { SIMD2(places[2 * $0], places[2 * $0 + 1]) }
    }
}

/// Points that move by gradient descent with momentum, each coordinate with a gain that grows while
/// its direction stays the same (Jacobs, "Increased rates of convergence through learning rate
/// adaptation", 1988).
private struct PointCloud {
    private(set) var places: [SIMD2<Double>]
    private var velocities: [SIMD2<Double>]
    private var gains: [SIMD2<Double>]

    init(_ places: [SIMD2<Double>]) {
        self.places = places
        velocities = places.map { _ in .zero }
        gains = places.map { _ in .one }
    }

    mutating func move(against slopes: [SIMD2<Double>], learningRate: Double, momentum: Double) {
        var sum = SIMD2<Double>.zero
        for index in places.indices {
            let slope = slopes[index]
            let keepsDirection = (velocities[index] * slope) .< 0
            let gain = (gains[index] * 0.8).replacing(
                with: gains[index] + 0.2, where: keepsDirection)
            gains[index] = pointwiseMax(gain, SIMD2(repeating: 0.01))
            velocities[index] =
                momentum * velocities[index] - learningRate * gains[index] * slope
            places[index] += velocities[index]
            sum += places[index]
        }
        let mean = sum / Double(places.count)
        for index in places.indices { places[index] -= mean }
    }
}

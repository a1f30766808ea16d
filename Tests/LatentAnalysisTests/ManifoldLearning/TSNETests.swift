import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@testable import LatentAnalysis

@Suite struct TSNETests {
    private func normal(_ shape: [Int], seed: UInt64 = 1) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return generator.normal(shape, dataType: .float64)
    }

    private func places(_ points: Tensor) -> [SIMD2<Double>] {
        let numbers = points.elements(as: Double.self)
        return stride(from: 0, to: numbers.count, by: 2).map { SIMD2(numbers[$0], numbers[$0 + 1]) }
    }

    // MARK: Affinities

    @Test func conditionalProbabilitiesHaveThePerplexity() throws {
        for scale in [1e-6, 1, 1e6] {
            let distances = [0.5, 1, 2, 3, 5, 8, 13, 21].map { $0 * scale }
            for perplexity in [1.5, 3, 7] {
                let found = conditionalProbabilities(distances[...], perplexity: perplexity)
                let entropy = -found.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
                #expect(abs(exp(entropy) - perplexity) < 1e-4)
                #expect(abs(found.reduce(0, +) - 1) < 1e-12)
                #expect(zip(found, found.dropFirst()).allSatisfy { $0 >= $1 })
            }
        }
        // Of equals all are as likely.
        let equal = conditionalProbabilities([2, 2, 2, 2], perplexity: 2)
        #expect(equal == [0.25, 0.25, 0.25, 0.25])
    }

    /// Beside the definition p(i, j) = (p(j | i) + p(i | j)) / 2n.
    @Test func affinitiesAreSymmetricAndSumToOne() {
        let samples = normal([20, 3])
        let neighbours = NearestNeighbours(among: samples, count: 6)
        let affinities = Affinities(neighbours, perplexity: 2)
        let matrix = dense(affinities)
        var expected = [Double](repeating: 0, count: 400)
        let positions = neighbours.positions.elements(as: Int32.self)
        let distances = neighbours.squaredDistances.elements(as: Double.self)
        for row in 0..<20 {
            let found = conditionalProbabilities(distances[row * 6..<row * 6 + 6], perplexity: 2)
            for (value, other) in zip(found, positions[row * 6..<row * 6 + 6]) {
                expected[row * 20 + Int(other)] += value / 40
                expected[Int(other) * 20 + row] += value / 40
            }
        }
        #expect(closeness(of: matrix.elements(), to: expected, tolerance: 1e-15).passes)
        #expect(abs(matrix.sum().scalar - 1) < 1e-12)
        #expect(matrix.isIdentical(to: matrix.transposed()))
    }

    private func dense(_ affinities: Affinities) -> Tensor {
        let count = affinities.starts.count - 1
        var matrix = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for pair in affinities.starts[row]..<affinities.starts[row + 1] {
                matrix[row * count + Int(affinities.others[pair])] += affinities.probabilities[pair]
            }
        }
        return Tensor(matrix, shape: [count, count])
    }

    // MARK: Tree

    @Test func repulsionsAreThoseOfAllPairs() throws {
        // Some at one place, some nearly, some far away.
        let points =
            places(normal([60, 2])) + [SIMD2(1, 1), SIMD2(1, 1), SIMD2(1, 1 + 1e-14)]
            + [SIMD2(500, -300), SIMD2(500, -300.001)]
        let direct = points.map { point in
            points.reduce(into: (weight: 0.0, force: SIMD2<Double>.zero)) { sums, other in
                let way = point - other
                let q = 1 / (1 + (way * way).sum())
                sums.weight += q
                sums.force += q * q * way
            }
        }
        let tree = QuadTree(points)
        for (angle, tolerance) in [(0.0, 1e-6), (0.3, 0.01), (0.6, 0.05)] {
            let (weights, forces) = tree.repulsions(angle: angle)
            for (index, expected) in direct.enumerated() {
                #expect(abs(weights[index] - expected.weight) <= tolerance * expected.weight)
                let difference = forces[index] - expected.force
                #expect((difference * difference).sum().squareRoot() <= tolerance * 3)
            }
        }
    }

    @Test func oneFoldOfPoints() throws {
        let (weights, forces) = QuadTree([SIMD2(3, 4), SIMD2(3, 4)]).repulsions(angle: 0.5)
        #expect(weights == [2, 2] && forces == [.zero, .zero])
    }

    // MARK: Gradient

    /// The slopes beside those that automatic differentiation finds of the definition.
    @Test func gradientIsThatOfTheDivergence() {
        let samples = normal([12, 5])
        let affinities = Affinities(NearestNeighbours(among: samples, count: 11), perplexity: 3)
        let p = dense(affinities)
        let points = normal([12, 2], seed: 2)
        let diagonal = Tensor.identity(12, dataType: .float64)
        func exact(_ points: Tensor) -> Tensor {
            let squares = square(points).sum(axes: [1], keepingAxes: true)
            let distances =
                squares + squares.transposed() - 2 * matmul(points, points, transposingRight: true)
            let weights = (1 - diagonal) / (1 + distances)
            let q = weights / weights.sum()
            return (p * (log(p + diagonal) - log(q + diagonal))).sum()
        }
        let (value, slopes) = valueWithGradient(at: points, of: exact)
        let found = divergenceGradient(
            at: places(points), affinities, exaggeration: 1, angle: 0)
        #expect(
            closeness(
                of: found.slopes.flatMap { [$0.x, $0.y] }, to: slopes.elements(), tolerance: 1e-12
            ).passes)
        let divergence = divergence(
            of: places(points), affinities, normalizer: found.normalizer)
        #expect(abs(divergence - value.scalar) < 1e-12)

        // With an exaggeration f of what Σ f p log(1 / w) + log Z is the gradient of.
        let exaggerated = gradient(at: points) { points in
            let squares = square(points).sum(axes: [1], keepingAxes: true)
            let distances =
                squares + squares.transposed() - 2 * matmul(points, points, transposingRight: true)
            let z = ((1 - diagonal) / (1 + distances)).sum()
            return (5 * p * log(1 + distances)).sum() + log(z)
        }
        let five = divergenceGradient(at: places(points), affinities, exaggeration: 5, angle: 0)
        #expect(
            closeness(
                of: five.slopes.flatMap { [$0.x, $0.y] }, to: exaggerated.elements(),
                tolerance: 1e-12
            ).passes)
    }

    // MARK: Maps

    /// Three clusters in ten dimensions, far apart.
    private var clusters: Tensor {
        let centers = concatenated([
            Tensor(repeating: 0, shape: [20, 10], dataType: .float64),
            Tensor(repeating: 6, shape: [20, 10], dataType: .float64),
            Tensor(repeating: -6, shape: [20, 10], dataType: .float64),
        ])
        return centers + normal([60, 10])
    }

    // With the learning rate for many samples so few would jump about, and end each time elsewhere.
    private let quick = TSNE(
        perplexity: 8, iterations: 120, exaggeratedIterations: 60, learningRate: 5)

    @Test func clustersStayTogether() {
        var divergences: [Double] = []
        var told: [Double] = []
        let monitor = ProgressMonitor { event in
            guard case .advanced(let part, let measured) = event else { return }
            told.append(part)
            divergences += measured.map(\.value).filter { $0 != divergences.last }
        }
        let map = quick.map(clusters, monitor: monitor)
        #expect(map.shape == [60, 2] && map.dataType == .float64 && map.allFinite)
        // Few samples are searched at once.
        #expect(told.dropFirst() == (1...120).map { Double($0) / 120 }[...] && told[0] == 1)
        #expect(divergences.count == 12)
        #expect(divergences.last! < 0.5 * divergences.first!)
        let nearest = NearestNeighbours(among: map, count: 5).positions.elements(as: Int32.self)
        for (index, other) in nearest.enumerated() { #expect(Int(other) / 20 == index / 100) }
        #expect(trustworthiness(of: map, for: clusters) > 0.9)
    }

    @Test func theSameSeedGivesTheSameBitsForAnyNumberOfThreads() {
        let threads = Threads.count
        defer { Threads.count = threads }
        let samples = concatenated([clusters, clusters + 1, clusters - 2])
        let few = TSNE(perplexity: 8, iterations: 20, exaggeratedIterations: 10)
        Threads.count = 1
        let one = few.map(samples)
        Threads.count = 4
        #expect(few.map(samples).isIdentical(to: one))
        #expect(!few.map(samples, using: RandomGenerator(seed: 5)).isIdentical(to: one))
    }

    @Test func equalSamplesAndThoseOfOneNumberHaveAMap() {
        let equal = quick.map(Tensor(repeating: 3, shape: [30, 4]))
        #expect(equal.shape == [30, 2] && equal.allFinite)
        let numbers = Tensor((0..<40).map { Float($0) }, shape: [40, 1])
        let map = TSNE(perplexity: 8, iterations: 400, exaggeratedIterations: 100).map(numbers)
        #expect(map.allFinite)
        let quality = trustworthiness(of: map, for: numbers)
        #expect(quality > 0.9, "\(quality)")
    }

    @Test func whatIsThrownEndsTheWork() {
        struct Enough: Error {}
        var (titles, steps, divergences) = ([String](), 0, [Double]())
        let monitor = ProgressMonitor<Enough>(
            report: { event in
                switch event {
                case .begun(let title): titles.append(title)
                case .advanced(_, let told):
                    steps += titles.last == "t-SNE" ? 1 : 0
                    divergences += told.map(\.value)
                default: Issue.record("\(event)")
                }
            }, check: { () throws(Enough) in if steps == 50 { throw Enough() } })
        #expect(throws: Enough.self) { try quick.map(clusters, monitor: monitor) }
        #expect(titles == ["neighbours", "t-SNE"])
        #expect(Set(divergences).count == 5 && divergences.count == 41)
    }

    /// A map of digits keeps neighbours better than their principal components do.
    @Test func digitsKeepTheirNeighbours() throws {
        let digits = try Dataset.named("digits8x8").test.scaled()[0..<240].flattened()
        let map = TSNE(perplexity: 15, iterations: 250, exaggeratedIterations: 100).map(digits)
        let plane = PrincipalComponents(of: digits, count: 2).encode(digits)
        let curved = trustworthiness(of: map, for: digits)
        let flat = trustworthiness(of: plane, for: digits)
        #expect(curved > 0.96, "\(curved)")
        #expect(curved > flat + 0.1, "\(curved) and \(flat)")
    }

    /// One sample out of the world does not end the program, and lies alone on the map.
    @Test(arguments: [1e8, 1e20, 1e38]) func aSampleFarAwayIsMapped(_ value: Double) {
        var generator = RandomGenerator(seed: 5)
        let near = generator.normal([29, 3])
        let samples = concatenated([near, Tensor(repeating: value, shape: [1, 3])])
        let map = quick.map(samples)
        #expect(map.allFinite)
    }

    /// A step that is far too long leads to no map, but to an end.
    @Test(arguments: [1e20, 1e200, 1e308]) func aMapThatDivergesHasAnEnd(_ rate: Double) {
        var generator = RandomGenerator(seed: 5)
        var wild = quick
        wild.learningRate = rate
        #expect(wild.map(generator.normal([30, 3])).shape == [30, 2])
    }

    @Test func pointsOfAnyKindMakeATree() {
        for points: [SIMD2<Double>] in [
            [[0, 0], [1e300, -1e300]], [[.nan, 0], [1, 1]],
            [[.infinity, 0], [-.infinity, 1], [0, 0]],
            [[1, 1]],
        ] {
            let (weights, forces) = QuadTree(points).repulsions(angle: 0.5)
            #expect(weights.count == points.count && forces.count == points.count)
        }
    }

    @Test func equalSamplesAreMapped() {
        #expect(quick.map(Tensor.ones([30, 4])).allFinite)
    }

    @Test(arguments: [
        (3, 1.0, "samples of shape [3, 2]"), (8, 3, "at most a perplexity of 2.33"),
        (0, 1, "samples of shape [0, 2]"),
    ])
    func tooFewSamplesTrap(_ count: Int, _ perplexity: Double, _ expected: String) async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [count = count as Int, perplexity = perplexity as Double] in
            _ = TSNE(perplexity: perplexity).map(Tensor.zeros([count, 2]))
        }
        #expect(message(of: result).contains(expected))
    }

    @Test func aSampleThatIsNotFiniteTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var elements = [Float](repeating: 1, count: 20)
            elements[7] = .nan
            _ = TSNE(perplexity: 1).map(Tensor(elements, shape: [10, 2]))
        }
        #expect(message(of: result).contains("TSNE: sample 3 has an element"))
    }
}

import Autograd
import LatentAnalysis
import TestSupport
import Testing

@Suite struct KMeansTests {
    /// Three groups far apart, of different sizes.
    @Test func groupsAreFound() {
        var generator = RandomGenerator(seed: 1)
        let noise = generator.uniform([30, 2], from: -0.5, to: 0.5, dataType: .float64)
        let places = Tensor(
            (0..<30).flatMap { $0 < 5 ? [0.0, 0] : $0 < 15 ? [10.0, 0] : [0.0, 20] },
            shape: [30, 2])
        let points = places + noise
        let found = KMeans(points, clusters: 3, using: &generator)
        #expect(Set(numbers(found.sizes)) == [5, 10, 15])
        let own = found.centres.gathered(at: found.clusters)
        #expect(abs(own - places).max().scalar < 0.5)
        // Centres are the means of their points.
        let sums = points.scatterAdded(at: found.clusters, size: 3)
        #expect(
            closeness(
                of: found.centres, to: sums / found.sizes.expandingAxis(1), tolerance: 1e-12
            ).passes)
    }

    /// Also where nearly all points are in one place.
    @Test(arguments: [DataType.float32, .float64]) func noClusterIsEmpty(type: DataType) {
        var generator = RandomGenerator(seed: 2)
        let crowd = 1e-3 * generator.normal([60, 3], dataType: type) + 5
        let others = generator.normal([4, 3], dataType: type)
        let points = concatenated([crowd, others])
        for count in [1, 2, 17, 40, 64] {
            let found = KMeans(points, clusters: count, using: &generator)
            #expect(found.centres.shape == [count, 3] && found.centres.dataType == type)
            #expect(found.sizes.min().scalar >= 1)
            #expect(found.sizes.sum().scalar == 64)
        }
    }

    /// As many as there are different points have some.
    @Test func equalPointsShareACluster() {
        var generator = RandomGenerator(seed: 3)
        let points = Tensor([1, 1, 1, 2, 2, 3] as [Float], shape: [6, 1])
        let found = KMeans(points, clusters: 5, using: &generator)
        #expect(numbers(found.sizes).filter { $0 > 0 }.sorted() == [1, 2, 3])
    }

    @Test func theSameSeedFindsTheSame() {
        var generator = RandomGenerator(seed: 4)
        let points = generator.normal([50, 2])
        var (first, second) = (generator, generator)
        #expect(
            KMeans(points, clusters: 7, using: &first).centres
                .isIdentical(to: KMeans(points, clusters: 7, using: &second).centres))
    }

    @Test func moreClustersThanPointsTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            _ = KMeans(Tensor.ones([3, 2]), clusters: 4, using: &generator)
        }
        #expect(message(of: result).contains("4 clusters of points of shape [3, 2]"))
    }
}

import Autograd
import LatentAnalysis
import TestSupport
import Testing

@Suite struct ClusterTests {
    /// By hand: of 7 samples one is in a cluster of others.
    @Test func clustersStandForTheirMostFrequentClass() {
        let agreement = ClusterAgreement(
            clusters: [0, 0, 0, 1, 1, 3, 3], classes: [1, 1, 0, 0, 0, 1, 1], clusterCount: 4,
            classCount: 3)
        #expect(agreement.counts == [[1, 2, 0], [2, 0, 0], [0, 0, 0], [0, 2, 0]])
        #expect(agreement.classOfCluster == [1, 0, nil, 1])
        #expect(agreement.accuracy == 6.0 / 7 && agreement.chance == 4.0 / 7)
        #expect(agreement.recalls[0] == 2.0 / 3 && agreement.recalls[1] == 1)
        #expect(agreement.recalls[2].isNaN && agreement.classCounts == [3, 4, 0])
    }

    @Test func withoutSamplesNothingIsGood() {
        let agreement = ClusterAgreement(
            clusters: [], classes: [], clusterCount: 2, classCount: 2)
        #expect(agreement.accuracy.isNaN && agreement.chance.isNaN)
        #expect(agreement.classOfCluster == [nil, nil])
    }

    @Test func samplesAreOfTheirComponent() {
        var generator = RandomGenerator(seed: 2)
        let one = generator.normal([50, 2], dataType: .float64)
        let samples = concatenated([one, one + 20])
        let mixture = NormalMixture(of: samples, components: 2, using: &generator)
        let numbers = mixture.components(of: samples)
        #expect(Set(numbers[..<50]).count == 1 && Set(numbers[50...]).count == 1)
        #expect(numbers[0] != numbers[50])
    }

    @Test func whatDoesNotFitTraps() async {
        let clusters = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = ClusterAgreement(clusters: [2], classes: [0], clusterCount: 2, classCount: 1)
        }
        #expect(message(of: clusters).contains("ClusterAgreement"))
    }
}

import Autograd
import Foundation
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
        #expect(AngleAgreement(found: [], known: [], symmetry: 2).meanError.isNaN)
    }

    @Test(arguments: [1, 2, 3]) func anglesAgreeButForAnOffset(symmetry: Int) {
        let known = (0..<12).map { Double($0) / 3 }
        let turn = 2 * Double.pi / Double(symmetry)
        // Any whole number of turns after which things look alike is nothing.
        let found = known.enumerated().map { $1 + 0.3 + turn * Double($0 % 4) - 20 * .pi }
        let agreement = AngleAgreement(found: found, known: known, symmetry: symmetry)
        #expect(agreement.meanError < 1e-9 && abs(agreement.offset - 0.3) < 1e-9)
        #expect(agreement.chance == turn / 4)
        let wrong = known.enumerated().map { $1 + ($0 % 2 == 0 ? 0.1 : -0.1) }
        let apart = AngleAgreement(found: wrong, known: known, symmetry: symmetry)
        #expect(abs(apart.meanError - 0.1) < 1e-9)
    }

    @Test func randomAnglesAreWrongByChance() {
        var generator = RandomGenerator(seed: 2)
        func angles() -> [Double] {
            (2 * .pi * generator.uniform([20_000], dataType: .float64)).elements(as: Double.self)
        }
        let agreement = AngleAgreement(found: angles(), known: angles(), symmetry: 3)
        #expect(abs(agreement.meanError - agreement.chance) < 0.01)
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
        let angles = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = AngleAgreement(found: [1], known: [], symmetry: 1) }
        #expect(message(of: angles).contains("1 and 0 angles"))
        let clusters = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = ClusterAgreement(clusters: [2], classes: [0], clusterCount: 2, classCount: 1)
        }
        #expect(message(of: clusters).contains("ClusterAgreement"))
    }
}

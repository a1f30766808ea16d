import Autograd
import LatentAnalysis
import TestSupport
import Testing

@Suite struct IsolationForestTests {
    private func forest(_ samples: Tensor, seed: UInt64 = 1, size: Int = 256) -> IsolationForest {
        var generator = RandomGenerator(seed: seed)
        return IsolationForest(of: samples, size: size, using: &generator)
    }

    private func cloud(_ count: Int, _ elements: Int) -> Tensor {
        var generator = RandomGenerator(seed: 2)
        return generator.normal([count, elements], dataType: .float64)
    }

    @Test func farSamplesAreSoonAlone() {
        let samples = cloud(1000, 4)
        let scores = forest(samples)(
            concatenated([samples, Tensor(rows: [[6, 0, 0, 0], [9, -9, 9, -9], [0, 0, 0, 0]])]))
        #expect(scores.min().scalar > 0.3 && scores.max().scalar < 1)
        let usual = scores[0..<1000].mean().scalar
        #expect(usual > 0.4 && usual < 0.5)
        #expect(scores[1000].scalar > usual + 0.05)
        #expect(scores[1001].scalar > 0.7 && scores[1001].scalar == scores.max().scalar)
        #expect(scores[1002].scalar < usual)
    }

    /// Splits are at places between the least and the greatest number, whatever the unit.
    @Test func unitsDoNotMatter() {
        let samples = cloud(300, 3)
        let scaled = samples * Tensor([4, 0.5, 1024.0])
        #expect(forest(samples)(samples) == forest(scaled)(scaled))
        #expect(forest(samples)(samples) != forest(samples, seed: 2)(samples))
    }

    /// Two trees' worth: of two samples each is alone after one split, which is the mean depth.
    @Test func theScaleIsThatOfTheMeanDepth() {
        let two = Tensor(rows: [[0], [1]])
        #expect(forest(two)(two) == Tensor([0.5, 0.5]))
        let same = Tensor(rows: [[3, 3], [3, 3], [3, 3]])
        let scores = forest(same)(same)
        #expect(abs(scores - 0.5).max().scalar < 1e-12)
        #expect(forest(same)(Tensor(rows: [[.nan, 3]])).scalar.isNaN)
        #expect(forest(same[0..<1])(same).shape == [3])
    }
}

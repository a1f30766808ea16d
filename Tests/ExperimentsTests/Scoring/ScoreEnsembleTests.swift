import Foundation
import Testing

@testable import Experiments

/// Several anomaly scores as one.
@Suite struct ScoreEnsembleTests {
    /// Scores of any unit are on one scale: the median at 0, the upper twentieth at 1.
    @Test func scoresOfAnyUnitCountAlike() {
        let small = (1...1000).map { exp(Double($0) / 200) * 1e-6 }
        let large = (1...1000).map { Double($0) * 1e9 }
        let ensemble = ScoreEnsemble(training: [small, large])
        func score(_ rank: Int) -> Double {
            ensemble([[small[rank]], [large[rank]]])[0]
        }
        #expect(abs(score(500)) < 1e-9)
        #expect(abs(score(950) - 1.001) < 1e-6)
        #expect(score(0) < -1 && score(700) > score(600))
        // One that is large by far says little more than one that is large, but says it.
        let high = ensemble([[1e6, 1e12, small[500]], [large[500], large[500], large[500]]])
        #expect(1 < high[0] && high[0] < high[1] && high[1] < 1.1 && abs(high[2]) < 1e-9)
        #expect(ensemble([[.infinity], [large[500]]])[0] == .infinity)
        #expect(ensemble([[.nan], [large[500]]])[0].isNaN)
    }

    /// Training scores that are all the same, or none, make no division by 0.
    @Test func equalScoresHaveAScale() {
        for training in [[0.0, 0, 0], [3, 3, 3], []] {
            let ensemble = ScoreEnsemble(training: [training])
            let scores = ensemble([[0, 3, 1e9]])
            #expect(scores.allSatisfy(\.isFinite) && scores[0] <= scores[1])
            #expect(scores[1] < scores[2])
        }
    }
}

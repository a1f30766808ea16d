import Autograd
import TestSupport
import Testing

@testable import Models

/// Several codes of each sample.
@Suite struct DrawsTests {
    private func shares(_ count: Int, _ rows: Int, seed: UInt64) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return logSoftmax(generator.normal([count, rows], dataType: .float64), axis: 0)
    }

    /// Means over draws of draws are the means over the means.
    @Test(arguments: [false, true], [false, true])
    func drawsOfDraws(areOuterAlike: Bool, areInnerAlike: Bool) {
        let outer = Draws(3, logShares: areOuterAlike ? nil : shares(3, 4, seed: 1))
        let inner = Draws(2, logShares: areInnerAlike ? nil : shares(2, 12, seed: 2))
        var generator = RandomGenerator(seed: 3)
        let values = generator.normal([24], dataType: .float64)
        let all = outer.each(inner)
        #expect(all.count == 6)
        let nested = outer.mean(inner.mean(values))
        #expect(abs(all.mean(values) - nested).max().scalar < 1e-12)
        let ones = all.mean(Tensor.ones([24], dataType: .float64))
        #expect(abs(ones - 1).max().scalar < 1e-12)
        #expect(outer.each(.one).mean(values[..<12]).isIdentical(to: outer.mean(values[..<12])))
    }
}

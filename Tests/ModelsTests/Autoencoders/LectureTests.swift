import Autograd
import Models
import Testing

/// The worked examples of the lecture, which sums over the pixels of an image.
@Suite struct LectureTests {
    private let image = Tensor([0.6, 0.4, 0.4, 0.6], shape: [1, 2, 2])

    @Test(arguments: [([0.65, 0.42, 0.36, 0.59], 0.0046), ([0.1, 0.9, 0.85, 0.2], 0.8625)])
    func squaredErrors(reconstruction: [Double], expected: Double) {
        let reconstruction = Tensor(reconstruction, shape: [1, 2, 2])
        #expect(abs(squaredError(reconstruction, image)[0].scalar - expected) < 1e-12)
        #expect(abs(meanSquaredError(reconstruction, image).scalar - expected) < 1e-12)
    }

    @Test(arguments: [([0.9, 0.1, 0.1, 0.9], 0.421), ([0.2, 0.8, 0.8, 0.2], 6.438)])
    func logLosses(probabilities: [Double], expected: Double) {
        let target = Tensor([1.0, 0, 0, 1], shape: [1, 2, 2])
        let output = Independent(
            Bernoulli(probabilities: Tensor(probabilities, shape: [1, 2, 2])))
        #expect(abs(-output.logProbability(of: target)[0].scalar - expected) < 5e-4)
        let loss = meanBinaryCrossEntropy(logits: output.logits, targets: target)
        #expect(abs(loss.scalar - expected) < 5e-4)
    }

    /// The lecture prints 0.132 for the first in error.
    @Test(
        arguments: [
            ([0.15, 0.15, 0.4, 0.2, 0.1], 0.0170, 5e-5), ([0.4, 0.1, 0.1, 0.1, 0.3], 0.583, 5e-4),
        ])
    func discreteDivergences(other: [Double], expected: Double, rounding: Double) {
        let distribution = Tensor([0.1, 0.2, 0.4, 0.2, 0.1])
        #expect(abs(kullbackLeibler(distribution, Tensor(other)).scalar - expected) < rounding)
        #expect(kullbackLeibler(distribution, distribution).scalar == 0)
    }

    @Test func divergenceOfImpossibleOutcomes() {
        let p = Tensor([0.5, 0.5, 0])
        #expect(kullbackLeibler(p, Tensor([0.25, 0.5, 0.25])).scalar == 0.5 * log2)
        #expect(kullbackLeibler(p, Tensor([1.0, 0, 0])).scalar == .infinity)
        #expect(kullbackLeibler(p, p).scalar == 0)
        let check = gradientCheck(at: p[0..<2], Tensor([0.3, 0.7])) { kullbackLeibler($0, $1) }
        #expect(check.passes, "\(check)")
        // A batch of distributions, outcomes along the last axis.
        #expect(kullbackLeibler(stacked([p, p]), stacked([p, p])).shape == [2])
    }

    private let log2 = 0.6931471805599453
}

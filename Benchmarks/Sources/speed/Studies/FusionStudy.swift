import Autograd
import Foundation

/// What composing a loss of operations costs beside one loop written by hand, both with value and
/// gradient.
enum FusionStudy {
    static func run() {
        printLine("value and gradient, composed and by hand as one loop; the shortest times\n")
        printLine(
            "loss".padding(16)
                + ["elements", "composed µs", "by hand µs", "ratio", "difference"]
                .map { $0.leading(14) }.joined())
        for count in [2560, 128 * 784, 1 << 20] {
            compare("chain", count, chain)
            compare("cross-entropy", count, crossEntropy)
            compare("divergence", count, divergence)
        }
    }

    /// The value, and the gradients one after another.
    private typealias Result = (value: Double, gradients: [Tensor])
    private typealias Loss = (_ count: Int) -> (composed: () -> Result, byHand: () -> Result)

    private static func compare(_ name: String, _ count: Int, _ loss: Loss) {
        let (composed, byHand) = loss(count)
        let times = shortestTimes(
            turns: max(20, 20_000_000 / count / 10),
            [
                { for gradient in composed().gradients { gradient.finish() } },
                { for gradient in byHand().gradients { gradient.finish() } },
            ])
        let numbers = [
            "\(count)", String(format: "%.2f", times[0] * 1e6),
            String(format: "%.2f", times[1] * 1e6), String(format: "%.2f", times[0] / times[1]),
            String(format: "%.1e", difference(composed(), byHand())),
        ]
        printLine(name.padding(16) + numbers.map { $0.leading(14) }.joined())
    }

    /// How far the two are apart: the value's relative difference, or that of an element of a
    /// gradient.
    private static func difference(_ a: Result, _ b: Result) -> Double {
        zip(a.gradients, b.gradients).reduce(abs(a.value - b.value) / abs(b.value)) {
            max($0, abs($1.0 - $1.1).max().scalar)
        }
    }

    private static func chain(_ count: Int) -> (composed: () -> Result, byHand: () -> Result) {
        let x = Numbers.standardized("fusion/x", [count])
        return (
            {
                let (value, gradient) = valueWithGradient(at: x) { x in
                    (sigmoid(x) * tanh(x) + exp(-x * x)).sum()
                }
                return (value.scalar, [gradient])
            },
            {
                var value: Float = 0
                let gradient = Tensor(shape: [count]) { gradient in
                    value = x.withUnsafeElements {
                        handwritten.chain(
                            $0.baseAddress!, gradient: gradient.baseAddress!, count: count)
                    }
                }
                return (Double(value), [gradient])
            }
        )
    }

    private static func crossEntropy(
        _ count: Int
    ) -> (composed: () -> Result, byHand: () -> Result) {
        let logits = Numbers.standardized("fusion/logits", [count])
        let targets = Numbers.uniform("fusion/targets", [count])
        return (
            {
                let (value, gradient) = valueWithGradient(at: logits) { logits in
                    (softplus(logits) - logits * targets).sum()
                }
                return (value.scalar, [gradient])
            },
            {
                var value: Float = 0
                let gradient = Tensor(shape: [count]) { gradient in
                    value = logits.withUnsafeElements { logits in
                        targets.withUnsafeElements { targets in
                            handwritten.crossEntropy(
                                logits.baseAddress!, targets.baseAddress!,
                                gradient: gradient.baseAddress!, count: count)
                        }
                    }
                }
                return (Double(value), [gradient])
            }
        )
    }

    private static func divergence(_ count: Int) -> (composed: () -> Result, byHand: () -> Result) {
        let mean = Numbers.standardized("fusion/mean", [count])
        let logVariance = Numbers.standardized("fusion/logVariance", [count])
        return (
            {
                let (value, (meanGradient, logVarianceGradient)) = valueWithGradient(
                    at: mean, logVariance
                ) { mean, logVariance in
                    0.5 * (square(mean) + exp(logVariance) - 1 - logVariance).sum()
                }
                return (value.scalar, [meanGradient, logVarianceGradient])
            },
            {
                var value: Float = 0
                var meanGradient = mean
                let logVarianceGradient = Tensor(shape: [count]) { logVarianceGradient in
                    meanGradient = Tensor(shape: [count]) { meanGradient in
                        value = mean.withUnsafeElements { mean in
                            logVariance.withUnsafeElements { logVariance in
                                handwritten.divergence(
                                    mean.baseAddress!, logVariance.baseAddress!,
                                    meanGradient: meanGradient.baseAddress!,
                                    logVarianceGradient: logVarianceGradient.baseAddress!,
                                    count: count)
                            }
                        }
                    }
                }
                return (Double(value), [meanGradient, logVarianceGradient])
            }
        )
    }
}

import Autograd
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct CodeUsageTests {
    /// Shares of ½, ¼ and ¼ have an entropy of 1.5 bits.
    @Test func perplexityOfAKnownHistogram() {
        var usage = CodeUsage(codes: 4)
        #expect(usage.perplexity.isNaN && usage.usedShare == 0)
        usage.add(Tensor([3, 0] as [Int32], shape: [1, 2]))
        usage.add(Tensor([3, 1] as [Int32], shape: [2, 1]))
        #expect(usage.counts == [1, 1, 0, 2])
        #expect(abs(usage.perplexity - pow(2, 1.5)) < 1e-12)
        #expect(usage.usedCodes == 3 && usage.usedShare == 0.75)
    }

    /// Batches of one code each have a perplexity of 1, and all together one of their number.
    @Test func metricsAreOfAWholeEvaluation() {
        struct Output: HasQuantizedCode { let quantized: QuantizedCode }
        var (perplexity, used) = (CodePerplexity<Output>(), CodesUsed<Output>())
        #expect(perplexity.value.isNaN && used.value.isNaN)
        var generator = RandomGenerator(seed: 1)
        var quantizer = VectorQuantizer(codes: 4, size: 1, using: &generator)
        let places = Tensor([0, 1, 2, 3] as [Float], shape: [4, 1])
        quantizer.start(at: places, using: &generator)
        for value in [0, 2] as [Float] {
            var context = PassContext.evaluation
            let code = Tensor(repeating: Double(value), shape: [5, 3])
            let output = Output(quantized: quantizer(code, in: &context))
            let pass = ForwardPass(output, of: Batch(code), in: &context)
            perplexity.add(pass)
            used.add(pass)
        }
        #expect(abs(perplexity.value - 2) < 1e-12 && used.value == 0.5)
        #expect(perplexity.name == "perplexity" && used.name == "codesUsed")
    }
}

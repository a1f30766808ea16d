import Autograd
import Distributions

/// Chooses the code of each vector at random, by logits that are computed of the vector: in training one
/// relaxed choice, through which gradients flow to all codes (Jang et al., arXiv:1611.01144; for grids of
/// symbols Ramesh et al., "Zero-Shot Text-to-Image Generation", arXiv:2102.12092, section 2.1).
public struct GumbelQuantizer: Quantizer {
    /// From vectors to logits of the codes.
    public var logits: Dense
    /// The vectors, `[codes, size]`.
    public var codes: Tensor
    /// Of the relaxation: the smaller, the nearer a choice is to one code.
    public let temperature: Double

    /// Traps unless there are at least two codes and the temperature is positive.
    public init(
        codes count: Int, size: Int, temperature: Double = 1, using generator: inout RandomGenerator
    ) {
        guard count > 1, size > 0, temperature > 0 else {
            programmerError(
                "GumbelQuantizer", "\(count) codes of \(size) numbers at temperature \(temperature)"
            )
        }
        logits = Dense(size, count, using: &generator)
        codes = generator.normal([count, size])
        self.temperature = temperature
    }

    public var codebook: Tensor { codes }

    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> QuantizedCode {
        let layout = CodeLayout(code.shape, size: codes.shape[1])
        let logits = logits(layout.vectors(of: code), in: &context)
        let indices: Tensor
        let chosen: Tensor
        if context.isTraining {
            let choice = GumbelSoftmax(logits: logits, temperature: temperature)
                .sample(using: &context.generator)
            indices = stopGradient(choice).argmax()
            chosen = matmul(choice, codes)
        } else {
            indices = stopGradient(logits).argmax()
            chosen = codes.gathered(at: indices)
        }
        let passed = layout.code(of: chosen)
        return QuantizedCode(
            encoded: passed, nearest: passed, passed: passed,
            indices: indices.reshaped(layout.grid), codebookSize: codes.shape[0])
    }

    public func code(of indices: Tensor) -> Tensor {
        let layout = CodeLayout(grid: indices.shape, size: codes.shape[1])
        return layout.code(of: codes.gathered(at: indices.reshaped([-1])))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("logits", &logits)
        visitor("codes", &codes)
    }
}

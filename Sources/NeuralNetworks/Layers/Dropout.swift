import Autograd

/// In training, sets elements to zero at random and multiplies the others by 1 / (1 − rate), so
/// that the mean is preserved (Srivastava et al., "Dropout", 2014); in evaluation mode the
/// identity. The output has the shape of the input.
public struct Dropout: Layer {
    /// The probability with which an element is dropped.
    public let rate: Double

    /// Traps if the rate is not from 0 to below 1.
    public init(_ rate: Double) {
        guard (0..<1).contains(rate) else {
            programmerError("Dropout", "rate \(rate) is not in 0..<1")
        }
        self.rate = rate
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard context.isTraining, rate > 0 else { return input }
        let isKept = context.generator.bernoulli(
            input.shape, probability: 1 - rate, dataType: input.dataType)
        return input * (isKept / (1 - rate))
    }

    public var steps: [NetworkStep]? { [] }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

import Autograd

/// Repeats each pixel as a rectangle: `[batch, channels, height, width]` to
/// `[batch, channels, height · factor, width · factor]`.
public struct Upsampling2D: Layer {
    /// How many times as high and wide images become.
    public let factor: Size2D

    /// Traps if the factor is not positive.
    ///
    /// - Parameter factor: how many times as high and wide images become.
    public init(_ factor: Size2D) {
        guard factor.height > 0, factor.width > 0 else {
            programmerError("Upsampling2D", "\(factor) times larger")
        }
        self.factor = factor
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        guard input.rank == 4 else {
            programmerError(
                "Upsampling2D",
                "expected an input [batch, channels, height, width], found \(input.shape)")
        }
        let (images, height, width) = (Array(input.shape[..<2]), input.shape[2], input.shape[3])
        return input.reshaped(images + [height, 1, width, 1])
            .broadcast(to: images + [height, factor.height, width, factor.width])
            .reshaped(images + [height * factor.height, width * factor.width])
    }

    public var steps: [NetworkStep]? {
        let layer = self
        let factor = [Double(factor.height), Double(factor.width)]
        return [NetworkStep("upsampling", numbers: ["factor": factor]) { _, input in layer(input) }]
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

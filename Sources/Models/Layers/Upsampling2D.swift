import Autograd

/// Every pixel repeated as a rectangle: `[batch, channels, height, width]` to
/// `[batch, channels, height · factor, width · factor]`.
public struct Upsampling2D: Layer {
    public let factor: Size2D

    /// - Parameter factor: how many times as high and wide pictures become.
    public init(_ factor: Size2D) {
        guard factor.height > 0, factor.width > 0 else {
            programmerError("Upsampling2D", "\(factor) times larger")
        }
        self.factor = factor
    }

    public func callAsFunction(_ input: Tensor, in context: inout Context) -> Tensor {
        guard input.rank == 4 else {
            programmerError(
                "Upsampling2D",
                "expected an input [batch, channels, height, width], found \(input.shape)")
        }
        let (pictures, height, width) = (Array(input.shape[..<2]), input.shape[2], input.shape[3])
        return input.reshaped(pictures + [height, 1, width, 1])
            .broadcast(to: pictures + [height, factor.height, width, factor.width])
            .reshaped(pictures + [height * factor.height, width * factor.width])
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

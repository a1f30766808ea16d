import Autograd

/// The greatest element under a sliding window: `[batch, channels, height, width]` to
/// `[batch, channels, output height, output width]` with `(size + 2 padding − window) / stride + 1`,
/// rounded down, along each side.
public struct MaxPooling2D: Layer {
    public let window: Size2D
    public let stride: Size2D
    public let padding: Size2D

    /// - Parameters:
    ///   - stride: how far the window moves; its own size where not given.
    ///   - padding: places added on each side, which are never the greatest.
    public init(_ window: Size2D, stride: Size2D? = nil, padding: Size2D = 0) {
        (self.window, self.stride, self.padding) = (window, stride ?? window, padding)
    }

    public func callAsFunction(_ input: Tensor, in context: inout Context) -> Tensor {
        maxPooling2D(input, window: window, stride: stride, padding: padding)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

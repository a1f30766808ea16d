import Autograd

/// The greatest or the mean of the elements under a sliding window: `[batch, channels, height,
/// width]` to `[batch, channels, output height, output width]` with
/// `(size + 2 padding − window) / stride + 1`, rounded down, along each side.
public struct Pooling2D: Layer {
    /// What is made of the elements under the window.
    public enum Kind: Sendable {
        /// The greatest. Padding is never the greatest.
        case max
        /// The mean. Padding counts as zeros.
        case average
    }

    public let kind: Kind
    public let window: Size2D
    public let stride: Size2D
    public let padding: Size2D

    /// - Parameters:
    ///   - stride: how far the window moves; by default its own size.
    ///   - padding: places added on each side.
    public init(_ kind: Kind, _ window: Size2D, stride: Size2D? = nil, padding: Size2D = 0) {
        self.kind = kind
        (self.window, self.stride, self.padding) = (window, stride ?? window, padding)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        switch kind {
        case .max: maxPooling2D(input, window: window, stride: stride, padding: padding)
        case .average: averagePooling2D(input, window: window, stride: stride, padding: padding)
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

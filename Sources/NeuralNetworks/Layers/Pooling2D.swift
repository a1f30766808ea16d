import Autograd

/// The maximum or the mean of the elements in a sliding window: `[batch, channels, height, width]`
/// to `[batch, channels, output height, output width]` with
/// `(size + 2 padding − window) / stride + 1`, rounded down, along each side.
public struct Pooling2D: Layer {
    /// How the elements in the window are combined.
    public enum Kind: Sendable {
        /// The maximum. Padding is ignored.
        case max
        /// The mean. Padding counts as zeros.
        case average
    }

    /// How the elements in the window are combined.
    public let kind: Kind
    /// The size of the window.
    public let window: Size2D
    /// The step of the window.
    public let stride: Size2D
    /// Elements added on each side.
    public let padding: Size2D

    /// - Parameters:
    ///   - stride: the step of the window; by default its size.
    ///   - padding: elements added on each side.
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

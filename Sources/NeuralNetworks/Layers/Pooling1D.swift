import Autograd

/// The maximum or the mean of the elements in a sliding window: `[batch, channels, length]` to
/// `[batch, channels, output length]` with `(length + 2 padding − window) / stride + 1`, rounded
/// down.
public struct Pooling1D: Layer {
    /// How the elements in the window are combined.
    public let kind: Pooling2D.Kind
    /// The size of the window.
    public let window: Int
    /// The step of the window.
    public let stride: Int
    /// Elements added on each side.
    public let padding: Int

    /// - Parameters:
    ///   - stride: the step of the window; by default its size.
    ///   - padding: elements added on each side.
    public init(_ kind: Pooling2D.Kind, _ window: Int, stride: Int? = nil, padding: Int = 0) {
        self.kind = kind
        (self.window, self.stride, self.padding) = (window, stride ?? window, padding)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        switch kind {
        case .max: maxPooling1D(input, window: window, stride: stride, padding: padding)
        case .average: averagePooling1D(input, window: window, stride: stride, padding: padding)
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

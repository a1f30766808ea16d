import Autograd

/// Layers one after the other, each fed with the value of the one before.
///
/// ```swift
/// let encoder = Sequential {
///     Flatten()
///     for (inputs, outputs) in [(784, 400), (400, 200)] {
///         Dense(inputs, outputs, using: &generator)
///         Activation(.relu)
///     }
///     if hasDropout { Dropout(0.1) }
/// }
/// ```
///
/// From the input shape of the first to the output shape of the last; without layers the
/// identity. The parameters' paths are `layers.0.…`, `layers.1.…`: layers without parameters do not
/// count, so that the same network has the same paths whoever wrote the activations.
public struct Sequential: Layer {
    public var layers: [any Layer]

    public init(_ layers: [any Layer]) { self.layers = layers }

    public init(@LayerBuilder _ layers: () throws -> [any Layer]) rethrows {
        self.layers = try layers()
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        var value = input
        for layer in layers { value = layer(value, in: &context) }
        return value
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("layers", &layers)
    }
}

/// Collects the layers of a ``Sequential``: expressions, `if`, `switch` and `for`.
@resultBuilder
public enum LayerBuilder {
    public static func buildExpression(_ layer: some Layer) -> [any Layer] { [layer] }
    public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
    public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { Array(parts.joined()) }
    public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
    public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
    public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
    public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { Array(parts.joined()) }
    public static func buildLimitedAvailability(_ part: [any Layer]) -> [any Layer] { part }
}

import Autograd

/// A sequence of layers, each applied to the output of the one before.
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
/// From the input shape of the first to the output shape of the last; the identity without layers.
/// The parameters' paths are `layers.0.…`, `layers.1.…`: layers without parameters are not counted,
/// so that paths do not depend on how activations are written.
public struct Sequential: Layer {
    /// The layers in order.
    public var layers: [any Layer]

    /// A sequence of the given layers.
    public init(_ layers: [any Layer]) { self.layers = layers }

    /// A sequence of the layers in a result builder.
    public init(@LayerBuilder _ layers: () throws -> [any Layer]) rethrows {
        self.layers = try layers()
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        var value = input
        for layer in layers { value = layer(value, in: &context) }
        return value
    }

    public var steps: [NetworkStep]? { [NetworkStep](joining: layers.map(\.steps)) }

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

import Autograd

/// A network of which the outputs for each component of a vector depend only on the components before
/// it, `[…, components]` to `[…, outputs, components]` (the MADE of Germain et al., arXiv:1502.03509).
public struct AutoregressiveNetwork: Module {
    /// The masked layers in order.
    public var layers: [MaskedDense]
    /// From what else the outputs depend on to the first hidden layer; nil if there is nothing.
    public var context: Dense?

    private let components: Int
    private let outputs: Int
    private let activation: ActivationFunction

    /// Traps if there are no components, outputs or hidden layers.
    ///
    /// - Parameters:
    ///   - hiddenSizes: the units of the hidden layers, at least one layer.
    ///   - outputs: how many numbers there are for each component.
    ///   - contextSize: how many numbers all outputs depend on besides; 0 for none.
    ///   - isReversed: whether components come before those that stand before them.
    public init(
        components: Int, hiddenSizes: [Int], outputs: Int, contextSize: Int = 0,
        isReversed: Bool = false, activation: ActivationFunction = .elu,
        using generator: inout RandomGenerator
    ) {
        guard components > 0, outputs > 0, let first = hiddenSizes.first else {
            programmerError(
                "AutoregressiveNetwork",
                "\(components) components, hidden layers of \(hiddenSizes), \(outputs) outputs")
        }
        (self.components, self.outputs, self.activation) = (components, outputs, activation)
        let order = Array(isReversed ? (1...components).reversed() : Array(1...components))
        // Units at the places up to the last but one, to which outputs can be connected; at place 0 only
        // the context reaches them.
        let least = contextSize > 0 ? 0 : 1
        let span = max(components - least, 1)
        let hidden = hiddenSizes.map { size in
            // Fewer units than places are spread over all of them.
            (0..<size).map { least + (size < span ? $0 * span / size : $0 % span) }
        }
        let places = [order] + hidden
        layers = zip(places, places.dropFirst()).map {
            MaskedDense(
                inputPlaces: $0, outputPlaces: $1, includesEqual: true, using: &generator)
        }
        layers.append(
            MaskedDense(
                inputPlaces: hidden[hidden.count - 1],
                outputPlaces: (0..<outputs).flatMap { _ in order }, includesEqual: false,
                using: &generator))
        context =
            contextSize > 0 ? Dense(contextSize, first, hasBias: false, using: &generator) : nil
    }

    /// - Parameter other: what else the outputs depend on, `[…, contextSize]`, with axes that
    ///   broadcast.
    public func callAsFunction(
        _ input: Tensor, given other: Tensor? = nil, in context: inout PassContext
    ) -> Tensor {
        guard (other == nil) == (self.context == nil) else {
            programmerError(
                "AutoregressiveNetwork",
                "an input of shape \(input.shape) with a context of shape "
                    + "\(other.map { "\($0.shape)" } ?? "none") for a network "
                    + (self.context == nil ? "without" : "with") + " one")
        }
        var value = layers[0](input, in: &context)
        if let other, let layer = self.context { value += layer(other, in: &context) }
        for layer in layers.dropFirst() { value = layer(activation(value), in: &context) }
        return value.reshaped(value.shape.dropLast() + [outputs, components])
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("layers", &layers)
        visitor("context", &context)
    }
}

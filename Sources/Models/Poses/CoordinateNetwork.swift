import Autograd
import Foundation

/// A network that says of every place of a thing what is there: it is given the place and the content of
/// a code (Bepler et al., "Explicitly disentangling image content from translation and rotation with
/// spatial-VAE", arXiv:1909.11663, section 2.1).
///
/// The first hidden layer is of waves over the places, whose phases contents shift: of places alone, which
/// are two numbers, a network with another activation is slow to learn details (Tancik et al., "Fourier
/// Features Let Networks Learn High Frequency Functions in Low Dimensional Domains", arXiv:2006.10739;
/// Sitzmann et al., "Implicit Neural Representations with Periodic Activation Functions",
/// arXiv:2006.09661). The other layers have the given activation.
public struct CoordinateNetwork: Module {
    /// From places to the arguments of the waves.
    public var place: Dense
    /// From contents to the same: once for an image, however many places are asked for.
    public var content: Dense
    /// From each hidden layer to the next.
    public var hidden: [Dense]
    public var output: Dense
    private let activation: ActivationFunction
    private let hasSkips: Bool

    /// Traps without hidden layers.
    ///
    /// - Parameters:
    ///   - contentSize: the numbers of a content.
    ///   - hiddenSizes: of the hidden layers; the same for all with `hasSkips`.
    ///   - outputs: what is said of a place.
    ///   - hasSkips: whether every later hidden layer is given the first one's output again.
    public init(
        contentSize: Int, hiddenSizes: [Int], outputs: Int,
        activation: ActivationFunction = .tanh, hasSkips: Bool = false,
        using generator: inout RandomGenerator
    ) {
        guard let first = hiddenSizes.first, let last = hiddenSizes.last,
            !hasSkips || Set(hiddenSizes).count == 1
        else {
            programmerError("CoordinateNetwork", "hidden layers of \(hiddenSizes) units")
        }
        // Some waves are as long as the image, others a fifth of it; each begins somewhere.
        place = Dense(
            2, first, initializer: .normal(standardDeviation: 4), using: &generator)
        place.bias = generator.uniform([first], from: -.pi, to: .pi)
        content = Dense(contentSize, first, hasBias: false, using: &generator)
        hidden = zip(hiddenSizes, hiddenSizes.dropFirst()).map {
            Dense($0, $1, using: &generator)
        }
        output = Dense(last, outputs, using: &generator)
        (self.activation, self.hasSkips) = (activation, hasSkips)
    }

    /// - Parameters:
    ///   - places: `[batch, points, 2]`, or of a batch of one for all.
    ///   - contents: `[batch, content]`.
    /// - Returns: `[batch, points, outputs]`.
    public func callAsFunction(
        _ places: Tensor, _ contents: Tensor, in context: inout PassContext
    ) -> Tensor {
        let first = ActivationFunction.sine(
            place(places, in: &context) + content(contents, in: &context).expandingAxis(1))
        var values = first.reshaped([-1, first.shape[2]])
        let start = values
        for layer in hidden {
            let next = layer(values, in: &context)
            values = activation(hasSkips ? next + start : next)
        }
        return output(values, in: &context).reshaped([first.shape[0], first.shape[1], -1])
    }

    /// From places, each followed by a content, `[batch, points, 2 + content]`, to the same results, step
    /// by step; nil if the activation has no description.
    var steps: [NetworkStep]? {
        guard let activation = activation.step, let waves = ActivationFunction.sine.step else {
            return nil
        }
        let first = NetworkStep.dense(
            weight: concatenated([place.weight, content.weight], axis: 1), bias: place.bias)
        let later = hidden.reduce([NetworkStep]()) { before, layer in
            let next = before + [.dense(weight: layer.weight, bias: layer.bias)]
            return (hasSkips ? [.sum([next, []])] : next) + [activation]
        }
        return [first, waves] + later + [.dense(weight: output.weight, bias: output.bias)]
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("place", &place)
        visitor("content", &content)
        visitor("hidden", &hidden)
        visitor("output", &output)
    }
}

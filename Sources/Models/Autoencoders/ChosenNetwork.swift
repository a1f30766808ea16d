import Autograd

/// A network that is chosen when the program runs. Parameters have the names that they have in the
/// chosen network.
public enum ChosenNetwork: Layer {
    case dense(MultilayerPerceptron)
    case convolutional(Sequential)

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        switch self {
        case .dense(let network): network(input, in: &context)
        case .convolutional(let network): network(input, in: &context)
        }
    }

    public var steps: [NetworkStep]? {
        switch self {
        case .dense(let network): network.steps
        case .convolutional(let network): network.steps
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        switch self {
        case .dense(var network):
            visitor.inline("dense", &network)
            self = .dense(network)
        case .convolutional(var network):
            visitor.inline("convolutional", &network)
            self = .convolutional(network)
        }
    }
}

/// Convolutions of 4 × 4 pixels in steps of two, each of which halves the sides of images, rounded
/// down, and transposed ones that double them again to what they were (Radford, Metz and Chintala,
/// arXiv:1511.06434). Weights are as large as rectifiers need them (He et al., arXiv:1502.01852):
/// codes that say too little at first are given up where a divergence is to be paid for them.
struct HalvingConvolutions {
    private let image: ImageShape
    /// The feature maps of images, and of what each convolution makes of them.
    private let channels: [Int]
    /// The sides of the same.
    private let sizes: [Size2D]

    /// The sides of images must not be smaller than ``leastSide(_:)``.
    ///
    /// - Parameter channels: the feature maps of each convolution.
    init(_ image: ImageShape, channels: [Int]) {
        self.image = image
        self.channels = [image.channels] + channels
        sizes = channels.indices.reduce(into: [image.size]) { sizes, index in
            sizes.append(
                Size2D(height: sizes[index].height / 2, width: sizes[index].width / 2))
        }
    }

    /// What so many convolutions can halve to one pixel.
    static func leastSide(_ convolutions: Int) -> Int { 1 << convolutions }

    /// The shape of what the last convolution makes of an image.
    var featureShape: [Int] {
        let last = channels.count - 1
        return [channels[last], sizes[last].height, sizes[last].width]
    }

    /// From samples, `[batch, …]`, to `[batch] + featureShape`, with an activation after each
    /// convolution.
    func down(
        _ activation: ActivationFunction, using generator: inout RandomGenerator
    ) -> Sequential {
        Sequential {
            Reshape(image.shape)
            for (inputs, outputs) in zip(channels, channels.dropFirst()) {
                Convolution2D(
                    inputs, outputs, kernel: 4, stride: 2, padding: 1, initializer: .heNormal,
                    using: &generator)
                Activation(activation)
            }
        }
    }

    /// From `[batch] + featureShape` to samples of a shape, with an activation between convolutions.
    func up(
        to sampleShape: [Int], _ activation: ActivationFunction,
        using generator: inout RandomGenerator
    ) -> Sequential {
        Sequential {
            for layer in channels.indices.dropFirst().reversed() {
                TransposedConvolution2D(
                    channels[layer], channels[layer - 1], kernel: 4, stride: 2, padding: 1,
                    outputPadding: Size2D(
                        height: sizes[layer - 1].height % 2, width: sizes[layer - 1].width % 2),
                    initializer: .heNormal, using: &generator)
                if layer > 1 { Activation(activation) }
            }
            Reshape(sampleShape)
        }
    }
}

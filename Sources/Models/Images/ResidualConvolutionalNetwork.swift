import Autograd

/// A stack of convolutions that predicts the difference between the baseline and the true image
/// (Zhang, Zuo, Chen, Meng and Zhang, "Beyond a Gaussian Denoiser: Residual Learning of Deep CNN
/// for Image Denoising", arXiv:1608.03981). With a factor the last layer computes all pixels that
/// replace one, so that all layers work at the input size (Shi et al., arXiv:1609.05158).
///
/// The last layer is initialised with zeros: untrained, the network returns the baseline.
public struct ResidualConvolutionalNetwork: ImageTransformer {
    /// The convolutions and activations.
    public var layers: Sequential
    public let channels: Int
    /// The same number as the image's, or any number for grey images.
    public let resultChannels: Int
    public let factor: Int
    public let reach: Int

    /// Traps if the channels, the factor or the number of dilations do not fit.
    ///
    /// - Parameters:
    ///   - features: the number of features of each layer before the last.
    ///   - dilations: of each of these layers' 3 × 3 kernels; 1 if not given.
    public init(
        channels: Int, resultChannels: Int, factor: Int = 1, features: [Int],
        dilations: [Int]? = nil, using generator: inout RandomGenerator
    ) {
        let dilations = dilations ?? features.map { _ in 1 }
        guard channels > 0, resultChannels == channels || channels == 1, factor > 0,
            dilations.count == features.count
        else {
            programmerError(
                "ResidualConvolutionalNetwork",
                "\(channels) channels to \(resultChannels), \(factor) times larger, by layers of "
                    + "\(features) features with dilations \(dilations)")
        }
        (self.channels, self.resultChannels, self.factor) = (channels, resultChannels, factor)
        // Bicubic interpolation needs two pixels to each side.
        reach = max(1 + dilations.reduce(0, +), factor > 1 ? 2 : 0)
        layers = Sequential {
            for (index, outputs) in features.enumerated() {
                Convolution2D(
                    index == 0 ? channels : features[index - 1], outputs, kernel: 3,
                    padding: Size2D(dilations[index]), dilation: Size2D(dilations[index]),
                    initializer: .heNormal, using: &generator)
                Activation(.relu)
            }
            Convolution2D(
                features.last ?? channels, resultChannels * factor * factor, kernel: 3, padding: 1,
                initializer: .zeros, using: &generator)
        }
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        baseline(input) + depthToSpace(layers(input, in: &context), factor: factor)
    }

    public func baseline(_ images: Tensor) -> Tensor {
        let shape = images.shape
        let larger = resized(
            images, to: Size2D(height: shape[2] * factor, width: shape[3] * factor))
        return larger.broadcast(to: [shape[0], resultChannels] + larger.shape.suffix(2))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("layers", &layers) }
}

import Autograd

/// A network that enlarges images two to four times (Shi et al., "Real-Time Single Image and Video
/// Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural Network",
/// arXiv:1609.05158).
///
/// - How it works: it sees downscaled images and learns what bicubic interpolation misses of the
///   true ones: mostly edges. It works at the small size; only the last layer computes, for each
///   pixel, the several that replace it.
/// - When to use it: to enlarge images of the kind that it was trained on.
public struct Superresolution: Recipe {
    public static let name = "superresolve"
    public static let summary = "sub-pixel convolutions that enlarge images of any size"
    public static let citation = "Shi et al., arXiv:1609.05158 (2016)"
    public static let data: String? = "colour-shapes"

    @Option("how many times larger images become", in: 2...4) public var factor = 2
    @Option(.layerFeatures) public var hiddenSizes = [48, 48, 48]
    public var training = TrainingOptions(epochs: 20, batchSize: 32, schedule: .cosine)

    public init() {}

    public func requirement(of data: DataDescription) -> String? {
        if let requirement = data.requiringShownImages { return requirement }
        let isDivided = ImageShape(data.sampleShape).map {
            $0.size.height % factor == 0 && $0.size.width % factor == 0
        }
        return isDivided == true ? nil : "images whose sides \(factor) divides"
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let channels = ImageShape(of: data.sampleShape, for: "superresolve").channels
        let network = ResidualConvolutionalNetwork(
            channels: channels, resultChannels: channels, factor: factor, features: hiddenSizes,
            using: &generator)
        return restoration(network, Downscaling(by: factor), data, training)
    }
}

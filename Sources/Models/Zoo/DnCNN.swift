import Autograd

/// A network that removes noise from images of any size (Zhang, Zuo, Chen, Meng and Zhang,
/// "Beyond a Gaussian Denoiser", arXiv:1608.03981).
///
/// - How it works: convolutions of stride 1 predict the noise, which is subtracted. A small
///   neighbourhood suffices to recognise noise, so the image needs no code.
/// - When to use it: to clean photographs and micrographs, with `tapestry apply`. For features use
///   ``DenoisingAutoencoder``, whose code has to represent the content of the image.
public struct DnCNN: Recipe {
    public static let name = "dncnn"
    public static let formerNames = ["denoise"]
    public static let summary = "convolutions that remove noise from images of any size"
    public static let citation = "Zhang, Zuo, Chen, Meng and Zhang, arXiv:1608.03981 (2016)"
    public static let data: String? = "colour-shapes"

    @Option(.corruption) public var corruption = CorruptionSetting.gaussian(0.1)
    @Option(.layerFeatures) public var hiddenSizes = [32, 32, 32, 32]
    public var training = TrainingOptions(epochs: 20, batchSize: 32, schedule: .cosine)

    public init() {}

    public func requirement(of data: DataDescription) -> String? { data.requiringShownImages }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let channels = ImageShape(of: data.sampleShape, for: "dncnn").channels
        let network = ResidualConvolutionalNetwork(
            channels: channels, resultChannels: channels, features: hiddenSizes, using: &generator)
        return restoration(network, corruption.corruption, data, training)
    }
}

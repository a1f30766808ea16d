import Autograd

/// A network that removes noise from pictures of any size (Zhang, Zuo, Chen, Meng and Zhang,
/// "Beyond a Gaussian Denoiser", arXiv:1608.03981).
///
/// - How it works: convolutions of stride 1 find the noise, which is subtracted. What is noise
///   can be told from a small neighbourhood, so the picture needs no code.
/// - When to use it: to clean photographs and micrographs, by `tapestry apply`. For features
///   use ``DenoisingAutoencoder``, whose code has to hold what the picture shows.
public struct NoiseRemoval: Recipe {
    public static let name = "denoise"
    public static let summary = "convolutions that remove noise from pictures of any size"
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
        let channels = PictureShape(of: data.sampleShape, for: "denoise").channels
        let network = ResidualPictureNetwork(
            channels: channels, resultChannels: channels, features: hiddenSizes, using: &generator)
        return restoration(network, corruption.corruption, data, training)
    }
}

/// A network that makes pictures two to four times as large (Shi et al., "Real-Time Single
/// Image and Video Super-Resolution Using an Efficient Sub-Pixel Convolutional Neural
/// Network", arXiv:1609.05158).
///
/// - How it works: it sees pictures made smaller, and learns what bicubic interpolation misses
///   of the true ones: mostly edges. It works at the small size; only the last layer makes,
///   for each pixel, the several it becomes.
/// - When to use it: to enlarge pictures of the kind that it was trained on.
public struct Superresolution: Recipe {
    public static let name = "superresolve"
    public static let summary = "sub-pixel convolutions that enlarge pictures of any size"
    public static let citation = "Shi et al., arXiv:1609.05158 (2016)"
    public static let data: String? = "colour-shapes"

    @Option("how many times larger pictures become", in: 2...4) public var factor = 2
    @Option(.layerFeatures) public var hiddenSizes = [48, 48, 48]
    public var training = TrainingOptions(epochs: 20, batchSize: 32, schedule: .cosine)

    public init() {}

    public func requirement(of data: DataDescription) -> String? {
        if let requirement = data.requiringShownImages { return requirement }
        let isDivided = PictureShape(data.sampleShape).map {
            $0.size.height % factor == 0 && $0.size.width % factor == 0
        }
        return isDivided == true ? nil : "pictures whose sides \(factor) divides"
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let channels = PictureShape(of: data.sampleShape, for: "superresolve").channels
        let network = ResidualPictureNetwork(
            channels: channels, resultChannels: channels, factor: factor, features: hiddenSizes,
            using: &generator)
        return restoration(network, Downscaling(by: factor), data, training)
    }
}

/// A network that gives grey pictures colours (Zhang, Isola and Efros, "Colorful Image
/// Colorization", arXiv:1603.08511, in a small form with squared errors; dilated convolutions
/// as Yu and Koltun, arXiv:1511.07122).
///
/// - How it works: what has which colour cannot be told from a pixel, so its layers look
///   further and further, at pixels 1, 2, 4, … apart, and nearer again. Where several colours
///   are possible, it chooses their mean: pale ones.
/// - When to use it: for pictures of one kind, whose colours are known of others.
public struct Colourisation: Recipe {
    public static let name = "colourise"
    public static let summary =
        "dilated convolutions that give grey pictures of any size their colours"
    public static let citation = "Zhang, Isola and Efros, arXiv:1603.08511 (2016)"
    public static let data: String? = "colour-shapes"

    @Option(.layerFeatures) public var hiddenSizes = [32, 32, 32, 32, 32, 32]
    public var training = TrainingOptions(epochs: 20, batchSize: 32, schedule: .cosine)

    public init() {}

    public func requirement(of data: DataDescription) -> String? {
        PictureShape(data.sampleShape)?.channels == 3
            ? nil : "pictures in colour, of shape [3, height, width]"
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let last = hiddenSizes.count - 1
        let network = ResidualPictureNetwork(
            channels: 1, resultChannels: 3, features: hiddenSizes,
            dilations: hiddenSizes.indices.map { 1 << min($0, last - $0) }, using: &generator)
        return restoration(network, Greying(), data, training)
    }
}

extension DataDescription {
    /// What data are not where they are no images that can be shown.
    fileprivate var requiringShownImages: String? {
        PictureShape(sampleShape).map { [1, 3].contains($0.channels) } == true
            ? nil : "pictures, of shape [height, width], or with 1 or 3 channels before that"
    }
}

private func restoration(
    _ network: ResidualPictureNetwork, _ degradation: some Corruption, _ data: DataDescription,
    _ training: TrainingOptions
) -> any TrainingProgram {
    SingleObjective(
        Restoring(network, from: degradation, of: data.sampleShape),
        objective: Reconstruction(.squaredError), training)
}

extension OptionDeclaration<[Int]> {
    fileprivate static let layerFeatures = OptionDeclaration(
        "features of each layer", expected: hiddenSizes.expected, contains: hiddenSizes.contains)
}

import Autograd

/// A network that colourises grey images (Zhang, Isola and Efros, "Colorful Image Colorization",
/// arXiv:1603.08511, here smaller and with squared errors; dilated convolutions as Yu and Koltun,
/// arXiv:1511.07122).
///
/// - How it works: the colour of an object cannot be told from a single pixel, so the layers look
///   further and further, at pixels 1, 2, 4, … apart, and then nearer again. Where several colours
///   are possible it predicts their mean, which looks pale.
/// - When to use it: for images of one kind, with colour images of that kind to train on.
public struct Colourisation: Recipe {
    public static let name = "colourise"
    public static let summary =
        "dilated convolutions that colourise grey images of any size"
    public static let citation = "Zhang, Isola and Efros, arXiv:1603.08511 (2016)"
    public static let data: String? = "colour-shapes"

    @Option(.layerFeatures) public var hiddenSizes = [32, 32, 32, 32, 32, 32]
    public var training = TrainingOptions(epochs: 20, batchSize: 32, schedule: .cosine)

    public init() {}

    public func requirement(of data: DataDescription) -> String? {
        ImageShape(data.sampleShape)?.channels == 3
            ? nil : "images in colour, of shape [3, height, width]"
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let last = hiddenSizes.count - 1
        let network = ResidualConvolutionalNetwork(
            channels: 1, resultChannels: 3, features: hiddenSizes,
            dilations: hiddenSizes.indices.map { 1 << min($0, last - $0) }, using: &generator)
        return restoration(network, Greying(), data, training)
    }
}

import Autograd

/// The Gated PixelCNN that is told the class of each image (van den Oord et al., "Conditional Image
/// Generation with PixelCNN Decoders", arXiv:1606.05328, section 2.3), or a number.
///
/// - How it works: as `gated-pixelcnn`; what is told is added before every gate, the same at all pixels.
/// - When to use it: to draw images of a class, to complete one as a class that is named, and by Bayes'
///   rule to classify.
public struct ConditionalPixelCNN: GatedPixelRecipe, ConditionalRecipe {
    public static let name = "conditional-pixelcnn"
    public static let summary = "gated model of pixels that is told each image's label or a number"
    public static let citation = "van den Oord et al., arXiv:1606.05328 (2016)"

    @Option(.featureMaps) public var featureMaps = 32
    @Option(.gatedLayers) public var layers = 5
    @Option(.firstKernel) public var firstKernel = 7
    @Option(.pixels) public var pixels = PixelChoice.automatic
    public var training = TrainingOptions(epochs: 20)

    public init() {}

    public func requirement(of data: DataDescription) -> String? {
        requirementOfCondition(of: data) ?? requirementOfPixels(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let condition = data.requiredCondition
        let model = ConditionalPixelModel(
            model(for: data, conditions: condition.size, using: &generator), condition: condition)
        return SingleObjective(model, objective: NegativeLogLikelihood(), training)
    }
}

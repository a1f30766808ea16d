import Autograd

/// The Gated PixelCNN (van den Oord et al., "Conditional Image Generation with PixelCNN Decoders",
/// arXiv:1606.05328).
///
/// - How it works: a stack of convolutions sees the rows above, another the pixels to the left and what
///   the first says, so that no pixel before is out of sight; products of a tangent and a sigmoid take the
///   place of rectifiers.
/// - When to use it: where `pixelcnn` is not close enough to the data; a layer costs several of its
///   blocks.
public struct GatedPixelCNN: GatedPixelRecipe {
    public static let name = "gated-pixelcnn"
    public static let summary = "model of each pixel by all before, of gated convolutions"
    public static let citation = "van den Oord et al., arXiv:1606.05328 (2016)"

    @Option(.featureMaps) public var featureMaps = 32
    @Option(.gatedLayers) public var layers = 5
    @Option(.firstKernel) public var firstKernel = 7
    @Option(.pixels) public var pixels = PixelChoice.automatic
    public var training = TrainingOptions(epochs: 20)

    public init() {}
}

/// A recipe with a ``GatedPixelNetwork``.
public protocol GatedPixelRecipe: PixelRecipe {
    var featureMaps: Int { get }
    /// The number of gated layers.
    var layers: Int { get }
    /// The side of the first filters.
    var firstKernel: Int { get }
}

extension GatedPixelRecipe {
    public func validateTogether() throws(OptionError) { try requireMiddle(of: firstKernel) }

    public func network(
        inputs: Int, outputs: Int, conditions: Int, using generator: inout RandomGenerator
    ) -> GatedPixelNetwork {
        GatedPixelNetwork(
            inputs: inputs, outputs: outputs, maps: featureMaps, layers: layers,
            kernel: firstKernel, conditions: conditions, using: &generator)
    }
}

extension OptionDeclaration<Int> {
    /// The layers of a ``GatedPixelNetwork``.
    static let gatedLayers = OptionDeclaration("gated layers", in: 1...1000)
}

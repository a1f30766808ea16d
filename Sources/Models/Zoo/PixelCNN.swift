import Autograd

/// The PixelCNN, masked convolutions with residual blocks (van den Oord, Kalchbrenner and Kavukcuoglu,
/// "Pixel Recurrent Neural Networks", arXiv:1601.06759).
///
/// - How it works: filters are masked so that each pixel's distribution is computed from the pixels above
///   it and to its left; all of them at once in training, one after another to draw an image.
/// - When to use it: for the exact likelihood of images, to complete them, and as a distribution of grids
///   of symbols. It has no codes, and draws slowly.
public struct PixelCNN: PixelRecipe {
    public static let name = "pixelcnn"
    public static let summary = "model of each pixel by those before, of masked convolutions"
    public static let citation =
        "van den Oord, Kalchbrenner and Kavukcuoglu, arXiv:1601.06759 (2016)"

    @Option(.featureMaps) public var featureMaps = 32
    @Option("residual blocks", in: 0...1000) public var blocks = 15
    @Option(.firstKernel) public var firstKernel = 7
    @Option(.pixels) public var pixels = PixelChoice.automatic
    public var training = TrainingOptions(epochs: 20)

    public init() {}

    public func validateTogether() throws(OptionError) {
        try requireMiddle(of: firstKernel)
        guard featureMaps % 2 == 0 else {
            throw .unfit(name: "featureMaps", expected: "an even number", found: "\(featureMaps)")
        }
    }

    public func network(
        inputs: Int, outputs: Int, conditions: Int, using generator: inout RandomGenerator
    ) -> ResidualPixelNetwork {
        ResidualPixelNetwork(
            inputs: inputs, outputs: outputs, maps: featureMaps, blocks: blocks,
            kernel: firstKernel, conditions: conditions, using: &generator)
    }
}

extension OptionDeclaration<Int> {
    /// The feature maps of a pixel network.
    static let featureMaps = OptionDeclaration("feature maps of a layer", in: 1...65_536)
    /// The side of the first filters of a pixel network.
    static let firstKernel = OptionDeclaration("side of the first filters, odd", in: 3...255)
}

/// Throws unless filters of a side have a middle.
func requireMiddle(of kernel: Int) throws(OptionError) {
    if kernel % 2 == 0 {
        throw .unfit(name: "firstKernel", expected: "an odd number", found: "\(kernel)")
    }
}

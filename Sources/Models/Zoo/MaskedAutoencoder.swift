import Autograd

/// The masked autoencoder for distribution estimation, MADE (Germain et al., "MADE: Masked Autoencoder for
/// Distribution Estimation", arXiv:1502.03509).
///
/// - How it works: weights of a dense autoencoder are masked so that each output depends only on the
///   inputs before it; outputs are then the probabilities of a distribution that factors in that order.
/// - When to use it: for exact likelihoods of vectors of zeros and ones, of which neighbours are not
///   known; for images `pixelcnn` is closer. Grey values are drawn as black or white anew each time.
public struct MaskedAutoencoder: Recipe {
    public static let name = "made"
    public static let summary = "dense autoencoder masked to give each element's probability"
    public static let measuresNumbers = true
    public static let citation = "Germain et al., arXiv:1502.03509 (2015)"

    @Option(.hiddenSizes) public var hiddenSizes = [500]
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func validateTogether() throws(OptionError) {
        try requireHiddenLayer("hidden-sizes", hiddenSizes)
    }

    public func requirement(of data: DataDescription) -> String? {
        data.table == nil && data.numbers?.areShares ?? true
            ? nil : "elements that are 0 or 1, or the probabilities of 1"
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let model = OrderedPixelModel(
            sampleShape: data.sampleShape, hiddenSizes: hiddenSizes, using: &generator)
        return SingleObjective(model, objective: NegativeLogLikelihood(), training)
    }
}

import Autograd

/// The variational autoencoder with inverse autoregressive flows (Kingma et al., "Improving Variational
/// Inference with Inverse Autoregressive Flow", arXiv:1606.04934).
///
/// - How it works: a code drawn from the encoder's normal distribution goes through functions in which
///   each number is moved and scaled by what a masked network makes of the numbers before it, in turns
///   from the first to the last and back; all numbers at once.
/// - When to use it: for a closer bound than with a diagonal normal posterior where codes are large, for
///   which planar flows bend too little. Densities of codes that it did not draw are slow.
public struct InverseAutoregressiveAutoencoder: VariationalRecipe {
    public static let name = "iaf-vae"
    public static let summary =
        "variational autoencoder with inverse autoregressive flows as posterior"
    public static let citation = "Kingma et al., arXiv:1606.04934 (2016)"

    @Option(.latentSize) public var latentSize = 128
    @Option(.hiddenSizes) public var hiddenSizes = [256, 256]
    public var network = NetworkOptions()
    @Option("functions one after another, of which 0 leave the normal distribution", in: 0...1000)
    public var flows = 2
    @Option("units of the hidden layer of each function", in: 1...65_536) public var flowSize = 256
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let base = gaussianEncoder(for: data, using: &generator)
        let flows = (0..<flows).map { place in
            InverseAutoregressiveFlowNetwork(
                features: features(for: data), latentSize: latentSize, hiddenSizes: [flowSize],
                isReversed: place % 2 == 1, using: &generator)
        }
        return program(FlowEncoder(base: base, flows: flows), for: data, using: &generator)
    }
}

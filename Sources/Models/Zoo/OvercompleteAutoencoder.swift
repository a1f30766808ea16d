import Autograd
import Datasets

/// What prevents a large code from being a copy of the sample.
public enum Regularizer: String, NamedOptionValue {
    /// Nothing.
    case nothing = "none"
    /// The encoder sees noisy samples (Vincent et al., 2008).
    case noise
    /// The magnitudes of the code are penalised.
    case sparsity
    /// The derivatives of the code are penalised (Rifai et al., 2011).
    case contraction
}

/// An autoencoder whose code is larger than the sample, with one of three regularisers or none;
/// or smaller, with `latentSize` (Bengio, Courville and Vincent, "Representation Learning: A
/// Review and New Perspectives", arXiv:1206.5538, section 7.2).
///
/// - How it works: a code with room for the sample can copy it without learning anything: it also
///   passes what is unlike the data. The measure `noiseKept` is the fraction of a small noise on a
///   sample that is still there in its reconstruction: all of it in a copy, and little with a
///   smaller code or a regulariser.
/// - When to use it: to see why autoencoders need a bottleneck or a regulariser.
public struct OvercompleteAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "overcomplete"
    public static let summary =
        "a code larger than the sample: copying, and what prevents it"
    public static let citation = "Bengio, Courville and Vincent, arXiv:1206.5538 (2012)"

    @Option(.latentSize) public var latentSize = 1024
    @Option("what prevents a large code from being a copy")
    public var regularizer = Regularizer.nothing
    public var output = OutputOptions(likelihood: .gaussian)
    public var training = TrainingOptions(epochs: 60)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = TiedAutoencoder(
            elements: data.elements, latentSize: latentSize, activation: Activation(.relu),
            output: output.decoder(Reshape(data.sampleShape)), using: &generator)
        func program<Model: AutoencoderModel>(
            _ model: Model, _ objective: Objective<Model.Output>
        ) -> any TrainingProgram {
            SingleObjective(Scaled(model, by: output.scale), objective: objective, training)
        }
        switch regularizer {
        case .nothing: return program(model, Objective(output.squaredError()))
        case .noise:
            let noise = GaussianNoise(standardDeviation: 0.4)
            return program(
                Denoising(model, from: noise), Objective(output.squaredError()))
        case .sparsity:
            return program(model, output.squaredError() + 0.2 * L1OfCodes())
        case .contraction:
            return program(model, output.squaredError() + 0.05 * JacobianPenalty())
        }
    }

    /// The squared change of the reconstructions under noise with standard deviation 0.1, divided
    /// by that of the samples, both in the units in which they are learned, for at most a thousand samples.
    public func diagnostics(of model: any Module, on training: Examples) -> [String: Double] {
        guard let model = model as? any AutoencoderModel else { return [:] }
        var generator = RandomGenerator(seed: 0)
        let clean = training.batch(0..<min(1000, training.count), as: model.dataType).input
        let unit =
            (model as? any ScalesSamples)?.scale?.unit.cast(to: clean.dataType)
            ?? Tensor.ones([], dataType: clean.dataType)
        let noise =
            generator.normal(
                clean.shape, standardDeviation: 0.1, dataType: clean.dataType) * unit
        let change = model.reconstruct(clean + noise) - model.reconstruct(clean)
        return [
            "noiseKept": square(change / unit).sum().scalar / square(noise / unit).sum().scalar
        ]
    }
}

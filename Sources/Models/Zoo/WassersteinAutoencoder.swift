import Autograd

/// The Wasserstein autoencoder with maximum mean discrepancy (Tolstikhin et al., "Wasserstein
/// Auto-Encoders", arXiv:1711.01558), or with the sliced distance of Kolouri et al., arXiv:1804.01947.
///
/// - How it works: codes are not random; instead of each sample's posterior, the codes of all samples
///   together are drawn to the normal prior, by a distance between both.
/// - When to use it: for sharper samples than the variational autoencoder's from a prior that codes fill,
///   where no likelihood is needed. Batches should be large, as the distance is one of batches.
public struct WassersteinAutoencoder: NetworkRecipe {
    public static let name = "wae"
    public static let summary =
        "Wasserstein autoencoder: codes of all samples together fill the prior"
    public static let citation = "Tolstikhin et al., arXiv:1711.01558 (2017)"

    @Option(.latentSize) public var latentSize = 16
    @Option(.hiddenSizes) public var hiddenSizes = [400]
    public var network = NetworkOptions()
    @Option("distance: imq or rbf, kernels of the maximum mean discrepancy, or sliced")
    public var distance = WassersteinDistance.inverseMultiquadratic
    @Option("weight of the distance", in: 0...) public var weight = 100.0
    @Option(.reconstruction) public var reconstruction = ReconstructionChoice.likelihood
    public var output = OutputOptions(likelihood: .gaussian)
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = autoencoder(output, using: &generator)
        func objective<Output: HasLikelihood & HasCode>() -> Objective<Output> {
            let error: Objective<Output> = output.error(reconstruction).objective
            switch distance {
            case .inverseMultiquadratic:
                return error + weight * MaximumMeanDiscrepancy(.inverseMultiquadratic)
            case .radial: return error + weight * MaximumMeanDiscrepancy(.radial)
            case .sliced: return error + weight * SlicedWasserstein()
            }
        }
        return SingleObjective(Scaled(model, by: output.scale), objective: objective(), training)
    }
}

/// A distance between codes and their prior by name.
public enum WassersteinDistance: String, NamedOptionValue {
    case inverseMultiquadratic = "imq"
    case radial = "rbf"
    case sliced
}

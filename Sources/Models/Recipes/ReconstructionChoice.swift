import Autograd

/// What a reconstruction is compared with its sample by, as an option.
public enum ReconstructionChoice: String, NamedOptionValue {
    /// The likelihood, or the squared error where that says the same.
    case likelihood
    /// ``ReconstructionLoss/logCosh``.
    case logCosh = "log-cosh"
    /// ``ReconstructionLoss/structuralDissimilarity``.
    case structuralSimilarity = "ms-ssim"
}

extension OptionDeclaration<ReconstructionChoice> {
    /// For a recipe's ``AnyNumbersRecipe/reconstruction``.
    public static let reconstruction = OptionDeclaration(
        "error of reconstructions: likelihood; log-cosh, which is less than the square where errors are "
            + "large; or ms-ssim, by the structure of images at several scales")
}

extension AnyNumbersRecipe {
    /// That of the likelihood, where it is no option.
    public var reconstruction: ReconstructionChoice { .likelihood }

    /// Throws if a likelihood is chosen for a scale that would not be learned.
    func validateReconstruction() throws(OptionError) {
        guard reconstruction != .likelihood else { return }
        let expected = "with --reconstruction \(reconstruction.rawValue)"
        if output.sigma != .automatic {
            throw .unfit(
                name: "sigma", expected: "auto \(expected)", found: output.sigma.optionText)
        }
        let withoutScale: [SampleLikelihood] = [
            .automatic, .bernoulli, .continuousBernoulli, .gaussian,
        ]
        guard withoutScale.contains(output.likelihood) else {
            throw .unfit(
                name: "likelihood",
                expected: withoutScale.map(\.rawValue).joined(separator: " or ") + " \(expected)",
                found: output.likelihood.rawValue)
        }
    }

    /// What the data would have to be for the likelihood, the scale and the error of reconstructions;
    /// nil if they are suitable.
    func requirementOfOutput(of data: DataDescription) -> String? {
        if let requirement = output.requirement(of: data) { return requirement }
        guard reconstruction == .structuralSimilarity else { return nil }
        let chosen = output.chosen(for: data)
        let areShares =
            chosen.scaling == .range
            || chosen.scaling == .nothing && data.numbers?.areShares ?? true
        guard areShares, let image = ImageShape(data.sampleShape),
            min(image.size.height, image.size.width) >= structuralSimilarityWindow
        else {
            return
                "images of at least \(structuralSimilarityWindow) × \(structuralSimilarityWindow) "
                + "pixels with values from 0 to 1 (--scale range) for --reconstruction ms-ssim"
        }
        return nil
    }
}

extension SampleOutput {
    /// The error of reconstructions that was chosen.
    func error<Output: HasLikelihood>(_ choice: ReconstructionChoice) -> Reconstruction<Output> {
        switch choice {
        case .likelihood: error()
        case .logCosh: Reconstruction(.logCosh)
        case .structuralSimilarity: Reconstruction(.structuralDissimilarity)
        }
    }
}

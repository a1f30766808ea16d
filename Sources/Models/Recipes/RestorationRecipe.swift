import Autograd

extension DataDescription {
    /// What the data have to be if they are not images that can be displayed; nil if they are.
    var requiringShownImages: String? {
        ImageShape(sampleShape).map { [1, 3].contains($0.channels) } == true
            ? nil : "images, of shape [height, width], or with 1 or 3 channels before that"
    }
}

func restoration(
    _ network: ResidualConvolutionalNetwork, _ degradation: any Corruption,
    _ data: DataDescription,
    _ training: TrainingOptions
) -> any TrainingProgram {
    SingleObjective(
        ImageRestoration(network, from: degradation, of: data.sampleShape),
        objective: Reconstruction(.squaredError), training)
}

extension OptionDeclaration<[Int]> {
    static let layerFeatures = OptionDeclaration(
        "features of each layer", expected: hiddenSizes.expected, contains: hiddenSizes.contains)
}

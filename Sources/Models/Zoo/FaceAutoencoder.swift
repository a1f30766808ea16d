import Autograd

/// The variational autoencoder of faces that also predicts where the face is (Toledo and Antonelo, "Face
/// Reconstruction with Variational Autoencoder and Face Masks", arXiv:2112.02139).
///
/// - How it works: convolutions to a code and back, to an image and to a mask of the face. In training the
///   background of the reconstruction is that of the image, so that errors are of the face alone; a
///   trained model takes the mask that it predicts instead. The error is the squared one and the structural
///   dissimilarity at several scales.
/// - When to use it: for images with one thing in front, such as faces of 64 × 64 pixels, whose codes are not
///   to say anything of the background. Masks come with the data (`--masks`); without them the
///   thing is taken to be within an ellipse in the middle.
public struct FaceAutoencoder: LayeredRecipe {
    public static let name = "face-vae"
    public static let summary =
        "convolutional variational autoencoder of faces, which predicts their masks"
    public static let citation = "Toledo and Antonelo, arXiv:2112.02139 (2021)"
    public static let learnsMasks = true

    @Option(.latentSize) public var latentSize = 64
    @Option(
        OptionDeclaration(
            "feature maps of each convolution, which halves both sides of an image",
            expected: "one to ten whole numbers from 1 to 4096 with commas between them"
        ) { 1...10 ~= $0.count && $0.allSatisfy { 1...4096 ~= $0 } })
    public var hiddenSizes = [32, 64, 128]
    @Option("weight of the structural dissimilarity", in: 0...) public var structureWeight = 0.1
    @Option("weight of the mask's cross-entropy", in: 0...) public var maskWeight = 0.1
    @Option(.beta) public var beta = 0.1
    public var divergence = DivergenceOptions()
    public var training = TrainingOptions(epochs: 100)

    public init() {}

    public func validateTogether() throws(OptionError) { try divergence.validateTogether() }

    public func requirement(of data: DataDescription) -> String? {
        guard let image = ImageShape(data.sampleShape), [1, 3].contains(image.channels),
            min(image.size.height, image.size.width) >= 2, data.numbers?.areShares ?? true
        else { return "grey or colour images with values from 0 to 1" }
        return nil
    }

    public func notes(on data: DataDescription) -> [String] {
        let channels = channels(for: data)
        var notes: [String] = []
        if channels.count < hiddenSizes.count {
            notes.append("images too small for more than \(channels.count) convolutions")
        }
        if structureWeight > 0, !comparesStructure(of: data) {
            notes.append("images too small for the structural dissimilarity: squared errors alone")
        }
        return notes
    }

    /// The feature maps of the convolutions, as many as can halve the sides of the images.
    private func channels(for data: DataDescription) -> [Int] {
        let side = data.sampleShape.suffix(2).min() ?? 0
        return hiddenSizes.indices.filter { HalvingConvolutions.leastSide($0 + 1) <= side }
            .map { hiddenSizes[$0] }
    }

    /// Whether the window of the structural similarity fits into images.
    private func comparesStructure(of data: DataDescription) -> Bool {
        data.sampleShape.suffix(2).allSatisfy { $0 >= structuralSimilarityWindow }
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let image = ImageShape(of: data.sampleShape, for: Self.name)
        let channels = channels(for: data)
        let down = HalvingConvolutions(image, channels: channels)
        let outputs = [image.channels + 1, image.size.height, image.size.width]
        let up = HalvingConvolutions(
            ImageShape(of: outputs, for: Self.name), channels: channels)
        let features = down.featureShape.reduce(1, *)
        let model = ForegroundModel(
            encoder: GaussianEncoder(
                down.down(.relu, using: &generator), features: features, latentSize: latentSize,
                using: &generator),
            head: Sequential(
                [
                    MultilayerPerceptron(
                        [latentSize, features], outputActivation: .relu,
                        outputShape: down.featureShape, using: &generator)
                ] + up.up(to: outputs, .relu, using: &generator).layers),
            sampleShape: data.sampleShape)
        let face = model.objective(Reconstruction(.squaredError) + maskWeight * MaskCrossEntropy())
        let structure =
            comparesStructure(of: data)
            ? face + structureWeight * Reconstruction(.structuralDissimilarity) : face
        return SingleObjective(
            model, objective: structure + beta * divergence.term(), training)
    }
}

import Autograd

/// The vector-quantised autoencoder, VQ-VAE (van den Oord, Vinyals and Kavukcuoglu, "Neural Discrete
/// Representation Learning", arXiv:1711.00937).
///
/// - How it works: convolutions halve the image several times; the vector at each place is replaced by
///   the nearest of a codebook, which is learned with them, and transposed convolutions decode that. The
///   gradient skips the replacement. A code is a small image of symbols.
/// - When to use it: for sharp reconstructions from codes that are symbols, to compress, or to learn a
///   distribution of the symbols afterwards. It has none by itself, so that nothing can be generated
///   before.
///
/// The network is that of keras.io's example. Its losses are sums over an image, and the squared error is
/// of standardised samples, that is divided by their variance.
public struct VectorQuantizedAutoencoder: LayeredRecipe, AnyNumbersRecipe {
    public static let name = "vq-vae"
    public static let summary = "autoencoder of images whose codes are grids of symbols"
    public static let citation =
        "van den Oord, Vinyals and Kavukcuoglu, arXiv:1711.00937 (2017)"

    @Option("numbers of a code", in: 1...65_536) public var latentSize = 16
    @Option(
        .layerSizes(
            "feature maps of each convolution, which halves both sides of an image, or none")
    )
    public var hiddenSizes = [32, 64]
    @Option(
        "how vectors are replaced: vector, by the nearest code; residual, by several, each the nearest to "
            + "what is left; finite-scalar, by rounding each number; or gumbel, by a code drawn at random"
    )
    public var quantizer = QuantizerKind.vector
    @Option("codes in the codebook", in: 2...65_536) public var codes = 128
    @Option("codes that a residual quantiser adds up", in: 1...100) public var depth = 4
    @Option("whether they are of one codebook") public var sharedCodebook = false
    @Option(
        .layerSizes(
            "values of each number of a finite-scalar code, which is as long as these are many"))
    public var levels = [8, 6, 5]
    @Option("temperature of the choice of a gumbel code", above: 0.0) public var codeTemperature =
        1.0
    @Option("how the codebook is learned: averages of the vectors that codes replace, or gradient")
    public var codebook = CodebookChoice.averages
    @Option("decay of these averages with each step", in: 0.0..<1) public var codebookDecay = 0.99
    @Option(
        "share of the mean use below which a code begins anew, with averages; 0 for never",
        in: 0.0..<1)
    public var restartShare = 0.05
    @Option("weight of the distance of vectors from their codes", in: 0...)
    public var commitment = 0.25
    @Option("how gradients pass from a code to the vector that it replaces")
    public var codeGradient = QuantizationGradient.straightThrough
    @Option(.reconstruction) public var reconstruction = ReconstructionChoice.likelihood
    public var output = OutputOptions(likelihood: .gaussian, scale: .standard)
    public var training = TrainingOptions(epochs: 30)

    public init() {}

    public func validateTogether() throws(OptionError) {
        guard FiniteScalarQuantizer.codes(levels) != nil else {
            throw .unfit(
                name: "levels", expected: "at least 2 each, and at most 65536 combinations",
                found: levels.optionText)
        }
    }

    public func requirement(of data: DataDescription) -> String? {
        guard let image = ImageShape(data.sampleShape),
            min(image.size.height, image.size.width) >= leastSide
        else {
            return "images with sides of at least \(leastSide) pixels for --hidden-sizes "
                + hiddenSizes.optionText
        }
        let grid = sizes(of: image)[hiddenSizes.count]
        let needed = (codes - 1) / (grid.height * grid.width) + 1
        guard !startsAtCodes || firstBatch(of: data) >= needed else {
            return "a first batch (--batch-size) of at least \(needed) training samples, whose "
                + "\(grid.height * grid.width) vectors each are as many as --codes \(codes)"
        }
        return requirementOfOutput(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = QuantizedAutoencoder(
            encoder: encoder(for: data, using: &generator),
            quantizer: chosenQuantizer(using: &generator),
            decoder: output.decoder(head(for: data, using: &generator)))
        func objective<Output: HasLikelihood & HasQuantizedCode>() -> Objective<Output> {
            let error: Objective<Output> = output.error(reconstruction).objective
            guard startsAtCodes else { return error }
            let committed = error + commitment * CommitmentLoss()
            return codebook == .gradient ? committed + CodebookLoss() : committed
        }
        return SingleObjective(
            Scaled(model, by: output.scale), objective: objective(), training,
            metrics: [CodePerplexity(), CodesUsed()])
    }

    /// How many samples it has: the codebook starts at their codes.
    private func firstBatch(of data: DataDescription) -> Int {
        guard let samples = data.numbers?.samples else { return training.batchSize }
        let share = training.patience == nil ? 0 : training.validationShare
        // Sound: a fraction of a count.
        return min(training.batchSize, samples - Int(Double(samples) * share))
    }

    /// Whether codes are vectors that follow those of the encoder.
    private var startsAtCodes: Bool { quantizer == .vector || quantizer == .residual }

    /// The numbers of a vector.
    private var size: Int { quantizer == .finiteScalar ? levels.count : latentSize }

    private func chosenQuantizer(using generator: inout RandomGenerator) -> ChosenQuantizer {
        switch quantizer {
        case .vector:
            .vector(
                VectorQuantizer(
                    codes: codes, size: size, learning: learning, gradient: codeGradient,
                    using: &generator))
        case .residual:
            .residual(
                ResidualQuantizer(
                    codes: codes, size: size, depth: depth, isShared: sharedCodebook,
                    learning: learning, gradient: codeGradient, using: &generator))
        case .finiteScalar: .finiteScalar(FiniteScalarQuantizer(levels: levels))
        case .gumbel:
            .gumbel(
                GumbelQuantizer(
                    codes: codes, size: size, temperature: codeTemperature, using: &generator))
        }
    }

    private var learning: CodebookLearning {
        switch codebook {
        case .gradient: .gradient
        case .averages: .averages(decay: codebookDecay, restartShare: restartShare)
        }
    }

    // MARK: Network

    /// What can be halved so often. More often than that no image can.
    private var leastSide: Int { HalvingConvolutions.leastSide(min(hiddenSizes.count, 30)) }

    /// The sides of an image, and of what each convolution makes of it.
    private func sizes(of image: ImageShape) -> [Size2D] {
        hiddenSizes.reduce(into: [image.size]) { sizes, _ in
            sizes.append(halved(sizes[sizes.count - 1]))
        }
    }

    private func encoder(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> Sequential {
        let image = ImageShape(of: data.sampleShape, for: Self.name)
        let maps = [image.channels] + hiddenSizes
        return Sequential {
            Reshape(image.shape)
            for (inputs, outputs) in zip(maps, hiddenSizes) {
                Convolution2D(inputs, outputs, kernel: 3, stride: 2, padding: 1, using: &generator)
                Activation(.relu)
            }
            Convolution2D(maps[maps.count - 1], size, kernel: 1, using: &generator)
        }
    }

    private func head(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> Sequential {
        let image = ImageShape(of: data.sampleShape, for: Self.name)
        let (sizes, maps) = (sizes(of: image), hiddenSizes + [size])
        return Sequential {
            for layer in hiddenSizes.indices.reversed() {
                TransposedConvolution2D(
                    maps[layer + 1], maps[layer], kernel: 3, stride: 2, padding: 1,
                    outputPadding: paddingToDouble(to: sizes[layer]), using: &generator)
                Activation(.relu)
            }
            Convolution2D(maps[0], image.channels, kernel: 3, padding: 1, using: &generator)
            Reshape(data.sampleShape)
        }
    }
}

/// How a codebook is learned, by name.
public enum CodebookChoice: String, NamedOptionValue {
    case gradient
    case averages
}

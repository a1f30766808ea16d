import Autograd

/// The convolutional autoencoder (Masci, Meier, Cireşan and Schmidhuber, "Stacked
/// Convolutional Auto-Encoders for Hierarchical Feature Extraction", 2011; with strides in
/// place of pooling, as Radford, Metz and Chintala, arXiv:1511.06434).
///
/// - How it works: filters of 3 × 3 pixels slide over the picture, in each layer in steps of
///   two, so that its sides halve; transposed convolutions double them again. The code is a
///   small picture of features, which say what is where. The same few weights serve all places.
/// - When to use it: for pictures, grey or in colour, of any size: it needs a small part of a
///   dense model's parameters, and draws sharper. Its codes keep the places and so are large;
///   where a few numbers shall stand for the whole picture, use ``DenseAutoencoder``.
///
/// `latentSize` is the number of features at each place of the code.
public struct ConvolutionalAutoencoder: LayeredRecipe {
    public static let name = "convolutional"
    public static let summary =
        "strided convolutions to a map of features, transposed ones back"
    public static let citation = "Masci, Meier, Cireşan and Schmidhuber, ICANN (2011)"

    @Option("features at each place of the code", in: 1...65_536) public var latentSize = 32
    @Option(.hiddenSizes) public var hiddenSizes = [32]
    public var training = TrainingOptions(epochs: 50, schedule: .cosine)

    public init() {}

    public func requirement(of data: DataDescription) -> String? { data.requiringImages }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let model = convolutionalAutoencoder(
            hiddenSizes, latentSize, for: data, isPooled: false, using: &generator)
        return SingleObjective(model, objective: CrossEntropy(), training)
    }
}

/// The convolutional autoencoder, trained to clean pictures of noise.
///
/// - How it works: as ``DenoisingAutoencoder``, with the network of ``ConvolutionalAutoencoder``, but that its filters
///   move pixel by pixel and the greatest of four neighbours is kept. So the code sees a little
///   further, which tells a stroke from noise.
/// - When to use it: as ``DenoisingAutoencoder``, for pictures.
public struct ConvolutionalDenoisingAutoencoder: LayeredRecipe {
    public static let name = "denoising-convolutional"
    public static let summary =
        "convolutional autoencoder that reconstructs clean pictures from noisy ones"
    public static let citation = "Vincent, Larochelle, Bengio and Manzagol, ICML (2008)"

    @Option("features at each place of the code", in: 1...65_536) public var latentSize = 32
    @Option(.hiddenSizes) public var hiddenSizes = [32]
    @Option(.corruption) public var corruption = CorruptionSetting.gaussian(0.4)
    public var training = TrainingOptions(epochs: 100, learningRate: 3e-3, schedule: .cosine)

    public init() {}

    public func requirement(of data: DataDescription) -> String? { data.requiringImages }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let model = convolutionalAutoencoder(
            hiddenSizes, latentSize, for: data, isPooled: true, using: &generator)
        return SingleObjective(
            Denoising(model, from: corruption.corruption), objective: CrossEntropy(),
            training)
    }
}

extension DataDescription {
    /// What data are not where they are no images.
    var requiringImages: String? {
        PictureShape(sampleShape) == nil
            ? "pictures, of shape [height, width] or [channels, height, width]" : nil
    }
}

/// - Parameter isPooled: whether sides are halved by pooling, or else by strides.
private func convolutionalAutoencoder(
    _ hiddenSizes: [Int], _ latentSize: Int, for data: DataDescription, isPooled: Bool,
    using generator: inout RandomGenerator
) -> Autoencoder<PointEncoder<Sequential>, BernoulliDecoder<Sequential>> {
    let picture = PictureShape(of: data.sampleShape, for: "convolutional")
    // How many features each layer of the encoder makes, and the size of what it takes.
    let features = hiddenSizes + [latentSize]
    let sizes = features.indices.dropLast().reduce(into: [picture.size]) { sizes, index in
        sizes.append(halved(sizes[index]))
    }
    let encoder = Sequential {
        Reshape(picture.shape)
        for (index, outputs) in features.enumerated() {
            Convolution2D(
                index == 0 ? picture.channels : features[index - 1], outputs, kernel: 3,
                stride: isPooled ? 1 : 2, padding: 1, using: &generator)
            Activation(.relu)
            if isPooled { MaxPooling2D(2, padding: paddingToHalve(sizes[index])) }
        }
    }
    let decoder = Sequential {
        for index in features.indices.reversed() {
            TransposedConvolution2D(
                features[index], features[max(index - 1, 0)], kernel: 3, stride: 2, padding: 1,
                outputPadding: paddingToDouble(to: sizes[index]), using: &generator)
            Activation(.relu)
        }
        Convolution2D(features[0], picture.channels, kernel: 3, padding: 1, using: &generator)
        Reshape(data.sampleShape)
    }
    return Autoencoder(
        encoder: PointEncoder(encoder), decoder: BernoulliDecoder(decoder))
}

/// What is left of a size by steps of two that leave no pixel out.
private func halved(_ size: Size2D) -> Size2D {
    Size2D(height: (size.height + 1) / 2, width: (size.width + 1) / 2)
}

/// Windows of two fill even sizes; at odd ones the first and the last reach beyond the edge.
private func paddingToHalve(_ size: Size2D) -> Size2D {
    Size2D(height: size.height % 2, width: size.width % 2)
}

/// A transposed convolution with stride 2 makes odd sizes; even ones have a row or a column
/// more.
private func paddingToDouble(to size: Size2D) -> Size2D {
    Size2D(height: 1 - size.height % 2, width: 1 - size.width % 2)
}

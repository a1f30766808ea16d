import Autograd

extension Recipe {
    /// The convolutional autoencoder (Masci, Meier, Cireşan and Schmidhuber, "Stacked
    /// Convolutional Auto-Encoders for Hierarchical Feature Extraction", 2011; with strides in
    /// place of pooling, as Radford, Metz and Chintala, arXiv:1511.06434).
    ///
    /// - How it works: filters of 3 × 3 pixels slide over the picture, in each layer in steps of
    ///   two, so that its sides halve; transposed convolutions double them again. The code is a
    ///   small picture of features, which say what is where. The same few weights serve all places.
    /// - When to use it: for pictures, grey or in colour, of any size: it needs a small part of a
    ///   dense model's parameters, and draws sharper. Its codes keep the places and so are large;
    ///   where a few numbers shall stand for the whole picture, use ``autoencoder``.
    ///
    /// The settings' `latentSize` is the number of features at each place of the code.
    public static let convolutional = Recipe(
        name: "convolutional",
        summary: "strided convolutions to a map of features, transposed ones back",
        citation: "Masci, Meier, Cireşan and Schmidhuber, ICANN (2011)",
        defaults: Settings(
            epochs: 50, schedule: .cosine, latentSize: 32, hiddenSizes: [32],
            reconstruction: .crossEntropy),
        requirement: pictures
    ) { settings, inputShape, generator in
        let picture = PictureShape(of: inputShape, for: "convolutional")
        // How many features each layer of the encoder makes, and the size of what it takes.
        let features = settings.hiddenSizes + [settings.latentSize]
        let sizes = features.indices.dropLast().reduce(into: [picture.size]) { sizes, _ in
            sizes.append(halved(sizes.last!))
        }
        let encoder = Sequential {
            Reshape(picture.shape)
            for (inputs, outputs) in zip([picture.channels] + features, features) {
                Convolution2D(inputs, outputs, kernel: 3, stride: 2, padding: 1, using: &generator)
                Activation(.relu)
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
            Reshape(inputShape)
        }
        let model = Autoencoder(
            encoder: PointEncoder(encoder), decoder: BernoulliDecoder(decoder))
        return (model, Objective(Reconstruction(settings.reconstruction)))
    }

    /// The convolutional autoencoder, trained to clean pictures of noise.
    ///
    /// - How it works: as ``denoising``, with the network of ``convolutional``.
    /// - When to use it: as ``denoising``, for pictures.
    public static let convolutionalDenoising = Recipe(
        name: "denoising-convolutional",
        summary: "convolutional autoencoder that reconstructs clean pictures from noisy ones",
        citation: "Vincent, Larochelle, Bengio and Manzagol, ICML (2008)",
        defaults: Settings(
            epochs: 100, schedule: .cosine, latentSize: 32, hiddenSizes: [32],
            reconstruction: .crossEntropy, corruption: .gaussian(0.4)),
        requirement: pictures, build: convolutional.denoising
    )

    /// Of recipes for pictures.
    @Sendable static func pictures(_ settings: Settings, _ inputShape: [Int]) -> String? {
        PictureShape(inputShape) == nil
            ? "pictures, of shape [height, width] or [channels, height, width]" : nil
    }

    /// What is left of a size by a convolution with stride 2 that sees every pixel.
    private static func halved(_ size: Size2D) -> Size2D {
        Size2D(height: (size.height + 1) / 2, width: (size.width + 1) / 2)
    }

    /// A transposed convolution with stride 2 makes odd sizes; even ones have a row or a column
    /// more.
    private static func paddingToDouble(to size: Size2D) -> Size2D {
        Size2D(height: 1 - size.height % 2, width: 1 - size.width % 2)
    }
}

/// What each variant of the zoo is made of.
extension VariantTests {
    struct Expectation {
        /// Of the model with the default settings for 28 × 28 images.
        let parameterCount: Int
        /// Of the same, in order.
        let parameters: [String]
        /// Of its first loss, that the loss of eight samples learned by heart falls below; nil
        /// where the loss is no distance, and the random numbers in it depend on the parameters.
        let fraction: Double?
        /// The numbers of a code besides the latent size.
        var besides = 0
    }

    static let expectations = [
        "linear": Expectation(
            parameterCount: 47_854,
            parameters: paths(["encoder.body.layers.0", "decoder.head.layers.0"]), fraction: 0.5),
        "linear-tied": Expectation(
            parameterCount: 24_334, parameters: ["weight", "codeBias", "outputBias"],
            fraction: 0.5),
        "denoising": Expectation(
            parameterCount: 1_100_112,
            parameters: paths(
                [
                    "model.encoder.body.layers.0", "model.encoder.body.layers.1",
                    "model.encoder.body.layers.2", "model.decoder.head.layers.0",
                    "model.decoder.head.layers.1", "model.decoder.head.layers.2",
                ]),
            fraction: 0.5),
        "autoencoder": Expectation(
            parameterCount: 1_083_696,
            parameters: paths(
                [
                    "encoder.body.layers.0", "encoder.body.layers.1", "encoder.body.layers.2",
                    "decoder.head.layers.0", "decoder.head.layers.1", "decoder.head.layers.2",
                ]),
            fraction: 0.01),
        "deep": Expectation(
            parameterCount: 2_837_314,
            parameters: paths(
                (0..<4).map { "encoder.body.layers.\($0)" }
                    + (0..<4).map { "decoder.head.layers.\($0)" }), fraction: 0.3),
        "stacked": Expectation(
            parameterCount: 5_573_784,
            parameters: paths(
                (0..<3).map { "encoder.body.layers.\($0)" }
                    + (0..<3).map { "decoder.head.layers.\($0)" }), fraction: 0.3),
        "rbm": Expectation(
            parameterCount: 393_284, parameters: ["weight", "codeBias", "outputBias"],
            fraction: nil),
        "dbn": Expectation(
            parameterCount: 2_789_784,
            parameters: (0..<3).flatMap { layer in
                ["weight", "codeBias", "outputBias"].map { "layers.\(layer).\($0)" }
            }, fraction: 0.3),
        "convolutional": convolutional(fraction: 0.5),
        "denoising-convolutional": convolutional(isDenoising: true, fraction: 0.9),
        "sparse": tied(fraction: 0.5),
        "sparse-rate": tied(fraction: 0.5),
        "k-sparse": tied(fraction: 0.5),
        "contractive": tied(fraction: 0.5),
        "overcomplete": Expectation(
            parameterCount: 804_624, parameters: ["weight", "codeBias", "outputBias"],
            fraction: 0.5),
        "vae": Expectation(
            parameterCount: 652_824,
            parameters: paths(
                [
                    "encoder.body.layers.0", "encoder.mean", "encoder.logVariance",
                    "decoder.head.layers.0", "decoder.head.layers.1",
                ]),
            fraction: 0.3),
        "iwae": Expectation(
            parameterCount: 425_284,
            parameters: gaussian(hiddenLayers: 2), fraction: 0.3),
        "naive-vae": Expectation(
            parameterCount: 315_584,
            parameters: paths(["decoder.head.layers.0", "decoder.head.layers.1"]), fraction: nil),
        "mixture-vae": Expectation(
            parameterCount: 653_234,
            parameters: Array(gaussian(hiddenLayers: 1).prefix(6))
                + ["prior.logits", "prior.mean", "prior.logScale"]
                + gaussian(hiddenLayers: 1).suffix(4), fraction: 0.3),
        "vamp-vae": Expectation(
            parameterCount: 1_508_864,
            parameters: gated("encoder.body.layers", 2)
                + paths(["encoder.mean", "encoder.logVariance"])
                + ["prior.pseudoInputs"] + gated("decoder.head.layers.0.layers", 2)
                + paths(["decoder.head.layers.1"]), fraction: 0.3),
        "made": Expectation(
            parameterCount: 785_284, parameters: paths((0..<2).map { "network.layers.\($0)" }),
            fraction: 0.3),
        "pixelcnn": Expectation(
            parameterCount: 53_569,
            parameters: paths(
                ["network.first"]
                    + (0..<15).flatMap { block in
                        ["narrowing", "seeing", "widening"].map { "network.blocks.\(block).\($0)" }
                    } + ["network.hidden", "network.last"]), fraction: 0.3),
        "gated-pixelcnn": Expectation(
            parameterCount: 121_153, parameters: gatedPixels(), fraction: 0.3),
        "conditional-pixelcnn": Expectation(
            parameterCount: 127_553, parameters: gatedPixels(isConditional: true), fraction: 0.3),
        "full-covariance-vae": Expectation(
            parameterCount: 729_014,
            parameters: Array(gaussian(hiddenLayers: 1).prefix(6)) + paths(["encoder.below"])
                + gaussian(hiddenLayers: 1).suffix(4), fraction: 0.3),
        "flow-vae": Expectation(
            parameterCount: 1_001_674,
            parameters: Array(gaussian(hiddenLayers: 1).prefix(6))
                + paths((0..<10).map { "encoder.flows.\($0).parameters" })
                + gaussian(hiddenLayers: 1).suffix(4), fraction: 0.3),
        "iaf-vae": Expectation(
            parameterCount: 961_552,
            parameters: Array(gaussian(hiddenLayers: 2).prefix(8))
                + (0..<2).flatMap { flow in
                    paths((0..<2).map { "encoder.flows.\(flow).network.layers.\($0)" })
                        + ["encoder.flows.\(flow).network.context.weight"]
                }
                + gaussian(hiddenLayers: 2).suffix(6), fraction: 0.3),
        "mixture-posterior-vae": Expectation(
            parameterCount: 702_548,
            parameters: paths([
                "encoder.body.layers.0", "encoder.logits", "encoder.mean", "encoder.logVariance",
                "decoder.head.layers.0", "decoder.head.layers.1",
            ]), fraction: 0.3),
        "hyperspherical-vae": Expectation(
            parameterCount: 471_452,
            parameters: paths([
                "encoder.body.layers.0", "encoder.body.layers.1", "encoder.direction",
                "encoder.concentration", "decoder.head.layers.0", "decoder.head.layers.1",
                "decoder.head.layers.2",
            ]), fraction: 0.3),
        "categorical-vae": Expectation(
            parameterCount: 788_984,
            parameters: paths([
                "encoder.body.layers.0", "encoder.logits", "decoder.head.layers.0",
                "decoder.head.layers.1",
            ]), fraction: 0.3),
        "ladder-vae": Expectation(
            parameterCount: 1_854_968,
            parameters: (0..<5).flatMap { rung in
                paths(
                    (["up.layers.0", "up.layers.1", "mean", "logVariance"]
                        + (rung < 4
                            ? ["down.layers.0", "down.layers.1", "priorMean", "priorLogVariance"]
                            : []))
                        .map { "rungs.\(rung).\($0)" })
            } + paths((0..<3).map { "decoder.head.layers.\($0)" }), fraction: 0.3),
        // Ten classes are told to the first layer of both networks.
        "conditional-vae": Expectation(
            parameterCount: 660_824, parameters: gaussian(hiddenLayers: 1), fraction: 0.3),
        "beta-vae": Expectation(
            parameterCount: 640_804, parameters: gaussian(hiddenLayers: 1), fraction: 0.8),
        "factor-vae": Expectation(
            parameterCount: 640_804, parameters: gaussian(hiddenLayers: 1), fraction: 0.5),
        // The estimate of its parts adds a large constant.
        "beta-tcvae": Expectation(
            parameterCount: 640_804, parameters: gaussian(hiddenLayers: 1), fraction: 0.92),
        "dip-vae": Expectation(
            parameterCount: 640_804, parameters: gaussian(hiddenLayers: 1), fraction: 0.5),
        "rvae": withPose(parameterCount: 135_821),
        "conditional-rvae": withPose(parameterCount: 138_381),
        "semi-supervised-rvae": withPoseAndClass,
        "joint-rvae": withPoseAndClass,
        "regression-rvae": Expectation(
            parameterCount: 253_327,
            parameters: paths(
                (0..<3).map { "regressor.layers.\($0)" }
                    + ["encoder.body.layers.0", "encoder.body.layers.1"]) + pose,
            fraction: 0.95, besides: 3),
        "face-vae": Expectation(
            parameterCount: 552_002,
            parameters: paths(
                (0..<3).map { "encoder.body.layers.\($0)" } + [
                    "encoder.mean", "encoder.logVariance",
                ]
                    + ["head.layers.0.layers.0"] + (1..<4).map { "head.layers.\($0)" }),
            fraction: 0.5),
        "info-vae": Expectation(
            parameterCount: 652_824, parameters: gaussian(hiddenLayers: 1), fraction: 0.3),
        "wae": Expectation(
            parameterCount: 641_600,
            parameters: paths([
                "encoder.body.layers.0", "encoder.body.layers.1", "decoder.head.layers.0",
                "decoder.head.layers.1",
            ]), fraction: 0.5),
        "rae": Expectation(
            parameterCount: 641_600,
            parameters: paths([
                "encoder.body.layers.0", "encoder.body.layers.1", "decoder.head.layers.0",
                "decoder.head.layers.1",
            ]), fraction: 0.5),
        // The codebook is no parameter, and says eight things of each place.
        "vq-vae": Expectation(
            parameterCount: 47_889,
            parameters: paths(
                (0..<3).map { "encoder.layers.\($0)" }
                    + (0..<3).map { "decoder.head.layers.\($0)" }), fraction: 0.7),
        "adversarial-autoencoder": Expectation(
            parameterCount: 652_985,
            parameters: paths(
                (0..<2).map { "encoder.body.layers.\($0)" }
                    + (0..<2).map { "decoder.head.layers.\($0)" }
                    + (0..<3).map { "critic.layers.\($0)" }), fraction: nil),
        "gan": adversarial(criticLayer: ".layer"), "wgan-gp": adversarial(criticLayer: ""),
        "m1": Expectation(
            parameterCount: 1_754_594,
            parameters: gaussian(hiddenLayers: 2) + paths(["classifier.layers.0"]), fraction: 0.3),
        "m2": Expectation(
            parameterCount: 1_268_394,
            parameters: ofClasses(""), fraction: 0.3),
        // The first model is not trained with the second, of whose losses a part is a density.
        "m1-m2": Expectation(
            parameterCount: 191_710,
            parameters: ofClasses("model."), fraction: nil),
        "dncnn": restoring(parameterCount: 28_353, layers: 5, fraction: 0.7),
        "superresolve": restoring(parameterCount: 43_780, layers: 4),
        "colourise": restoring(parameterCount: 47_427, layers: 7),
        // Numbers that are met exactly still cost half the logarithm of 2π each.
        "table": Expectation(
            parameterCount: 203_800,
            parameters: paths(
                [
                    "model.model.encoder.body.layers.0.layers.0",
                    "model.model.encoder.body.layers.0.layers.1",
                    "model.model.decoder.head.layers.0", "model.model.decoder.head.layers.1",
                ]),
            fraction: 0.85),
        "table-vae": Expectation(
            parameterCount: 547_392,
            parameters: paths(
                [
                    "encoder.body.layers.0.layers.0", "encoder.body.layers.0.layers.1",
                    "encoder.mean", "encoder.logVariance", "decoder.head.layers.0",
                    "decoder.head.layers.1", "decoder.head.layers.2",
                ]) + ["decoder.logScales"],
            fraction: 0.85),
        "conditional-table-vae": Expectation(
            parameterCount: 552_512,
            parameters: paths(
                [
                    "encoder.body.layers.0.layers.0", "encoder.body.layers.0.layers.1",
                    "encoder.mean", "encoder.logVariance", "decoder.head.layers.0",
                    "decoder.head.layers.1", "decoder.head.layers.2",
                ]) + ["decoder.logScales"],
            fraction: 0.85),
    ]

    /// A generator, and a critic of the same layers backwards, which have no common loss.
    private static func adversarial(criticLayer: String) -> Expectation {
        Expectation(
            parameterCount: 269_969,
            parameters: paths(
                (0..<4).map { "generator.layers.0.layers.\($0)" }
                    + (0..<4).map { "critic.layers.0.layers.\($0)\(criticLayer)" }),
            fraction: nil)
    }

    /// A dense variational autoencoder with a normal posterior.
    private static func gaussian(hiddenLayers: Int) -> [String] {
        paths(
            (0..<hiddenLayers).map { "encoder.body.layers.\($0)" }
                + ["encoder.mean", "encoder.logVariance"]
                + (0...hiddenLayers).map { "decoder.head.layers.\($0)" })
    }

    /// A model with the class as a latent variable.
    private static func ofClasses(_ prefix: String) -> [String] {
        let layers = ["classifier.layers.0", "classifier.layers.1", "encoder.samples"]
        let rest =
            ["encoder.mean", "encoder.logVariance"] + (0..<2).map { "decoder.head.layers.\($0)" }
        return (paths(layers) + ["encoder.classes.weight"] + paths(rest)).map { prefix + $0 }
    }

    private static func withPose(parameterCount: Int) -> Expectation {
        Expectation(
            parameterCount: parameterCount,
            parameters: paths(["encoder.body.layers.0", "encoder.body.layers.1"]) + pose,
            // A picture that changes little from place to place is no noise.
            fraction: 0.95, besides: 3)
    }

    private static let withPoseAndClass = Expectation(
        parameterCount: 256_663,
        parameters: paths((0..<3).map { "classifier.layers.\($0)" } + ["encoder.samples"])
            + ["encoder.classes.weight"] + paths(["encoder.hidden.layers.0"]) + pose,
        fraction: 0.95, besides: 3)

    /// From features to a pose and a content, and from these to images.
    private static let pose =
        paths(
            ["mean", "logVariance", "direction", "logConcentration", "upright"].map {
                "encoder.\($0)"
            }
                + ["decoder.network.place"]) + ["decoder.network.content.weight"]
        + paths(["decoder.network.hidden.0", "decoder.network.output"])

    private static func gated(_ path: String, _ layers: Int) -> [String] {
        paths((0..<layers).flatMap { ["\(path).\($0).value", "\(path).\($0).gate"] })
    }

    /// Convolutions with an activation between two.
    private static func restoring(
        parameterCount: Int, layers: Int, fraction: Double = 0.5
    ) -> Expectation {
        Expectation(
            parameterCount: parameterCount,
            parameters: paths((0..<layers).map { "network.layers.layers.\($0)" }),
            fraction: fraction)
    }

    /// One layer of 256 codes and its transpose.
    private static func tied(fraction: Double) -> Expectation {
        Expectation(
            parameterCount: 201_744, parameters: ["weight", "codeBias", "outputBias"],
            fraction: fraction)
    }

    /// Two convolutions and their way back, as large as the network that keras.io shows.
    private static func convolutional(
        isDenoising: Bool = false, fraction: Double
    ) -> Expectation {
        let layers =
            (0..<2).map { "encoder.body.layers.\($0)" }
            + (0..<3).map { "decoder.head.layers.\($0)" }
        return Expectation(
            parameterCount: 28_353,
            parameters: paths(layers.map { isDenoising ? "model." + $0 : $0 }),
            fraction: fraction)
    }

    private static func paths(_ layers: [String]) -> [String] {
        layers.flatMap { ["\($0).weight", "\($0).bias"] }
    }

    /// The parameters of gated layers of pixels.
    private static func gatedPixels(isConditional: Bool = false) -> [String] {
        paths(["network.firstAbove", "network.firstLeft"])
            + (0..<5).flatMap { layer in
                paths(
                    ["above", "left", "fromAbove", "output"].map { "network.layers.\(layer).\($0)" }
                )
                    + (isConditional ? ["aboveCondition", "leftCondition"] : []).map {
                        "network.layers.\(layer).\($0).weight"
                    }
            } + paths(["network.hidden", "network.last"])
    }
}

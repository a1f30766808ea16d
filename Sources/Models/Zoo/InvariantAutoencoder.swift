import Autograd

/// The rotationally invariant variational autoencoder (Bepler et al., arXiv:1909.11663; as `rVAE` in
/// pyroVED, Ziatdinov and Kalinin).
///
/// - How it works: the first numbers of a code say how the thing in an image lies there, its angle, shift
///   and size; the decoder turns the places of pixels back by them before it says what is there. The
///   other numbers, the content, need not know where a thing lies.
/// - When to use it: for images of things in any orientation or place, such as atoms under a microscope,
///   and to measure these. With `--angle none` it is invariant to shifts or sizes alone.
public struct InvariantAutoencoder: VariationalRecipe, PosedRecipe {
    public static let name = "rvae"
    public static let summary =
        "variational autoencoder that tells what is in an image from how it lies there"
    public static let citation = "Bepler et al., arXiv:1909.11663 (2019)"

    @Option("numbers of a code besides angle, shift and size", in: 1...65_536)
    public var latentSize = 2
    @Option(.hiddenSizes) public var hiddenSizes = [128, 128]
    public var network = NetworkOptions()
    @Option("angles: circular, with all of them alike before an image is seen; normal; or none")
    public var angle = AngleChoice.circular
    @Option("deviation of normal angles, in radians", above: 0) public var angleDeviation = 1.0
    @Option("deviation of shifts in half widths of the image, or 0 for none", in: 0...)
    public var shift = 0.1
    @Option("deviation of the logarithm of sizes, or 0 for none", in: 0...) public var resizing =
        0.0
    @Option(
        OptionDeclaration(
            "sizes of the decoder's hidden layers",
            expected: "whole numbers from 1 to 65536 with commas between them"
        ) { sizes in 1...1000 ~= sizes.count && sizes.allSatisfy { 1...65_536 ~= $0 } })
    public var decoderSizes = [128, 128]
    @Option("whether each later layer of the decoder is given what the first one says")
    public var skips = false
    @Option(
        OptionDeclaration(
            "share of the pixels that each step of the training looks at",
            expected: "a number above 0 and at most 1"
        ) { $0 > 0 && $0 <= 1 })
    public var pixels = 0.1
    @Option(.beta) public var beta = 1.0
    public var divergence = DivergenceOptions()
    public var output = OutputOptions()
    public var training = TrainingOptions(epochs: 50, batchSize: 100)

    public init() {}

    public var predictsScales: Bool { false }

    public func validateTogether() throws(OptionError) {
        try divergence.validateTogether()
        let usual = InvariantAutoencoder()
        if angle != .normal, angleDeviation != usual.angleDeviation {
            throw .unfit(
                name: "angle-deviation",
                expected: "\(usual.angleDeviation.optionText) with --angle \(angle.optionText)",
                found: angleDeviation.optionText)
        }
        if skips, Set(decoderSizes).count > 1 {
            throw .unfit(
                name: "decoder-sizes", expected: "layers of one size with --skips",
                found: decoderSizes.optionText)
        }
    }

    public func requirement(of data: DataDescription) -> String? {
        guard ImageShape(data.sampleShape) != nil else { return "images" }
        return network.requirement(of: data) ?? requirementOfOutput(of: data)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let features = features(for: data)
        // The angle has an encoder of its own if it is on a circle.
        let normal = layout.count - (angle == .circular ? 1 : 0) + latentSize
        let base = GaussianEncoder(
            body(for: data, activation: .tanh, using: &generator), features: features,
            latentSize: normal, using: &generator)
        guard angle == .circular else {
            return program(base, StandardNormalPrior(), for: data, using: &generator)
        }
        return program(
            PoseEncoder(base: base, features: features, using: &generator), PosePrior(), for: data,
            using: &generator)
    }

    private func program(
        _ encoder: some VariationalEncoder, _ prior: some Prior, for data: DataDescription,
        using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let image = ImageShape(of: data.sampleShape, for: Self.name)
        let decoder = CoordinateDecoder(
            CoordinateNetwork(
                contentSize: latentSize, hiddenSizes: decoderSizes, outputs: image.channels,
                hasSkips: skips, using: &generator),
            likelihood: output.decoder(Sequential([]), scale: .learned), layout: layout,
            sampleShape: data.sampleShape, share: pixels)
        let model = LatentVariableModel(encoder: encoder, prior: prior, decoder: decoder)
        return SingleObjective(Scaled(model, by: output.scale), objective: objective(), training)
    }

    /// Which numbers of a code are the pose.
    public var layout: PoseLayout {
        let angle: PoseLayout.Angle =
            switch angle {
            case .none: .none
            case .circular: .circular
            case .normal: .normal(deviation: angleDeviation)
            }
        return PoseLayout(angle: angle, shiftDeviation: shift, scaleDeviation: resizing)
    }
}

/// What angles are before an image is seen, by name.
public enum AngleChoice: String, NamedOptionValue {
    case none
    case normal
    case circular
}

import Autograd

/// How things may lie in images, and the decoder that is told it: options of rotationally invariant
/// recipes.
public struct PoseOptions: Configurable {
    @Option("angles: circular, so that nothing jumps after a turn; normal; or none")
    public var angle = AngleChoice.circular
    @Option(
        "deviation of angles before an image is seen, in radians; none: circular ones are all alike "
            + "then, normal ones have 1", above: 0)
    public var angleDeviation: Double? = nil
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
    @Option(
        "fraction of the training in which poses cost less, nothing at first, and beside classes contents "
            + "more, ten times as much at first, so that pose and class say what they can",
        in: 0...1)
    public var poseDelay = 0.5
    @Option(
        "in how many turns, from where its moments put it, the encoder looks at an image to find the one "
            + "that lies upright, and costs as much; none: 2 of circular angles", in: 1...360)
    public var turns: Int? = nil
    @Option(
        "weight of how far the codes of turned images are from codes that are turned; 0 for likelihoods "
            + "alone; none: 10 of circular angles, 100 of normal ones", in: 0...)
    public var turnedCodes: Double? = nil

    public init() {}

    func validateTogether() throws(OptionError) {
        if angle == .none, angleDeviation != nil {
            throw .unfit(
                name: "angle-deviation", expected: "none with --angle none",
                found: angleDeviation.optionText)
        }
        if angle != .circular, turns != nil {
            throw .unfit(
                name: "turns", expected: "none with --angle \(angle.optionText)",
                found: turns.optionText)
        }
        if skips, Set(decoderSizes).count > 1 {
            throw .unfit(
                name: "decoder-sizes", expected: "layers of one size with --skips",
                found: decoderSizes.optionText)
        }
    }

    /// Which numbers of a code are the pose.
    public var layout: PoseLayout {
        let angle: PoseLayout.Angle =
            switch angle {
            case .none: .none
            case .circular: .circular
            case .normal: .normal(deviation: angleDeviation ?? 1)
            }
        return PoseLayout(angle: angle, shiftDeviation: shift, scaleDeviation: resizing)
    }

    /// The weight of codes of turned images: normal angles are read from images as they are, of which
    /// likelihoods alone teach little.
    var weightOfTurnedCodes: Double {
        angle == .none ? 0 : turnedCodes ?? (angle == .normal ? 100 : 10)
    }

    /// The distribution of poses and contents before an image is seen.
    var prior: any Prior {
        angle == .circular ? PosePrior(deviation: angleDeviation) : StandardNormalPrior()
    }

    /// The posteriors of poses and contents.
    ///
    /// - Parameters:
    ///   - body: from samples, or what is known of them, to so many features.
    ///   - contentSize: how many numbers of a code are not the pose.
    ///   - sampleShape: of an image.
    func encoder(
        _ body: some Layer, features: Int, contentSize: Int, of sampleShape: [Int],
        using generator: inout RandomGenerator
    ) -> any VariationalEncoder {
        let isCircular = angle == .circular
        let normal = GaussianEncoder(
            body, features: features,
            latentSize: layout.count + contentSize - (isCircular ? 1 : 0), using: &generator)
        return isCircular
            ? PoseEncoder(
                base: normal, features: features, of: sampleShape, turns: turns ?? 2,
                hasShifts: shift > 0, using: &generator) : normal
    }

    /// The decoder of images.
    ///
    /// - Parameter contentSize: of what a code says besides the pose, with what follows it.
    func decoder(
        contentSize: Int, _ output: SampleOutput, for recipe: String,
        using generator: inout RandomGenerator
    ) -> CoordinateDecoder {
        let image = ImageShape(of: output.data.sampleShape, for: recipe)
        return CoordinateDecoder(
            CoordinateNetwork(
                contentSize: contentSize, hiddenSizes: decoderSizes, outputs: image.channels,
                hasSkips: skips, using: &generator),
            likelihood: output.decoder(Sequential([]), scale: .learned), layout: layout,
            sampleShape: output.data.sampleShape, share: pixels)
    }
}

/// What angles are before an image is seen, by name.
public enum AngleChoice: String, NamedOptionValue {
    case none
    case normal
    case circular
}

import Autograd

/// How things may lie in images, and the decoder that is told it: options of rotationally invariant
/// recipes.
public struct PoseOptions: Configurable {
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
    @Option(
        "fraction of the training in which contents cost more, ten times as much at first, so that "
            + "they do not say what pose and class could", in: 0...1)
    public var contentDelay = 0.5
    @Option(
        "weight of how far the codes of turned images are from codes that are turned; 0 for likelihoods "
            + "alone", in: 0...)
    public var turnedCodes = 100.0

    public init() {}

    func validateTogether() throws(OptionError) {
        let usual = PoseOptions()
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

    /// Whether the angle has an encoder of its own, ``PoseEncoder``, and a prior of its own, ``PosePrior``.
    var isCircular: Bool { angle == .circular }

    /// How many numbers of a code are normal, with so many besides the pose.
    func normalSize(_ latentSize: Int) -> Int { layout.count - (isCircular ? 1 : 0) + latentSize }

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

/// A recipe of a variational autoencoder whose codes tell how a thing lies from what it is.
public protocol PoseRecipe: NetworkRecipe {
    var pose: PoseOptions { get }
}

extension PoseRecipe {
    /// What the data would have to be to have poses; nil if they are images.
    func requirementOfPoses(of data: DataDescription) -> String? {
        ImageShape(data.sampleShape) == nil ? "images" : nil
    }

    /// An objective in which contents cost more at first, and codes of turned images are turned.
    func withPoses<Output: HasLatentVariables & HasEncoder>(
        _ objective: Objective<Output>
    ) -> Objective<Output> {
        let delay = pose.contentDelay
        var objective = objective
        if delay > 0 {
            let contents: Objective<Output> = 9 * ContentDivergence(after: pose.layout)
            objective = objective + Annealing { max(0, 1 - $0 / delay) } * contents
        }
        if pose.angle != .none, pose.turnedCodes > 0 {
            objective = objective + pose.turnedCodes * TurnedCodes(pose.layout)
        }
        return objective
    }

    /// The posterior of all of a code but a circular angle.
    ///
    /// - Parameter body: from samples, or what is known of them, to so many features.
    func normalNumbers<Body: Layer>(
        _ body: Body, features: Int, using generator: inout RandomGenerator
    ) -> GaussianEncoder<Body> {
        GaussianEncoder(
            body, features: features, latentSize: pose.normalSize(latentSize), using: &generator)
    }
}

extension PoseRecipe {
    /// A model of which the class is a latent variable beside pose and content, and its training.
    ///
    /// - Parameters:
    ///   - classes: the number of them.
    ///   - areTold: whether labels are known in training.
    func programOfClasses(
        _ classes: Int, areTold: Bool, for data: DataDescription, objective: ClassObjective,
        using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let features = hiddenSizes.last ?? data.elements
        let base = normalNumbers(Sequential([]), features: features, using: &generator)
        guard pose.isCircular else {
            return program(
                base, StandardNormalPrior(), classes, areTold: areTold, for: data,
                objective: objective, using: &generator)
        }
        return program(
            PoseEncoder(base: base, features: features, using: &generator), PosePrior(), classes,
            areTold: areTold, for: data, objective: objective, using: &generator)
    }

    /// Of images by a class, a pose and a content.
    typealias ClassObjective = Objective<ClassVariableOutput<CoordinateDecoder.Output>>

    private func program(
        _ head: some VariationalEncoder, _ prior: some Prior, _ classes: Int, areTold: Bool,
        for data: DataDescription, objective: ClassObjective,
        using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = ClassVariableModel(
            classifier: MultilayerPerceptron(
                [data.elements] + hiddenSizes + [classes], activation: .tanh, using: &generator),
            encoder: ClassConditionedEncoder(
                elements: data.elements, classes: classes, hiddenSizes: hiddenSizes, head: head,
                activation: .tanh, using: &generator),
            prior: prior,
            decoder: pose.decoder(
                contentSize: latentSize + classes, output, for: Self.name, using: &generator),
            areTold: areTold)
        return SingleObjective(
            Scaled(model, by: output.scale), objective: withPoses(objective), training,
            metrics: areTold ? [ClassificationError()] : [])
    }
}

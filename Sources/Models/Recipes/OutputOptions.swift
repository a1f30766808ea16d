import Autograd

/// Which likelihood and which scale the samples have: options of recipes that learn of any numbers.
public struct OutputOptions: Configurable {
    @Option(
        "likelihood of samples: bernoulli or continuous-bernoulli for numbers from 0 to 1, "
            + "discretized-logistic for 8-bit values, gaussian, laplace or student-t for any, or auto "
            + "for what fits the data")
    public var likelihood = SampleLikelihood.automatic
    @Option(
        "scale of samples: none, standard for mean 0 and deviation 1, range for 0 to 1, or auto "
            + "for what fits the data; of each column of a table, or each channel of images")
    public var scale = SampleScaling.automatic
    @Option(
        "standard deviation of a Gaussian likelihood of scaled samples: learned, optimal for each "
            + "batch, predicted for each element, a number, or auto for what the recipe has by itself"
    )
    public var sigma = SampleDeviation.automatic
    @Option("where the biases of the output start: zero, or mean for that of the training samples")
    public var outputBias = OutputBias.zero

    public init() {}

    /// With a likelihood and a scale that are taken unless others are asked for.
    init(likelihood: SampleLikelihood, scale: SampleScaling = .automatic) {
        (self.likelihood, self.scale) = (likelihood, scale)
    }

    /// With outputs that start there unless asked otherwise.
    init(outputBias: OutputBias) { self.outputBias = outputBias }

    /// Throws if there is a standard deviation for a likelihood that has none, or one is to be
    /// predicted by a decoder that cannot.
    func validate(predictingScales: Bool) throws(OptionError) {
        if sigma != .automatic, ![.automatic, .gaussian].contains(likelihood) {
            throw .unfit(
                name: "sigma", expected: "auto with --likelihood \(likelihood.rawValue)",
                found: sigma.optionText)
        }
        if sigma == .predicted, !predictingScales {
            throw .unfit(
                name: "sigma", expected: "learned, optimal or a number with this recipe",
                found: sigma.optionText)
        }
    }

    /// The choice for some data: Bernoulli for numbers from 0 to 1, as grey values are, Gaussian of
    /// standardised numbers for others, or where a standard deviation is chosen.
    func chosen(for data: DataDescription) -> SampleOutput {
        let areShares = data.numbers?.areShares ?? true
        var (likelihood, scaling) = (likelihood, scale)
        if scaling == .automatic {
            let isAsItIs = areShares || likelihood == .discretizedLogistic
            scaling = isAsItIs ? .nothing : likelihood.isOfShares ? .range : .standard
        }
        if likelihood == .automatic {
            let fits = scaling == .range || scaling == .nothing && areShares
            likelihood = fits && sigma == .automatic ? .bernoulli : .gaussian
        }
        return SampleOutput(
            likelihood: likelihood, scaling: scaling, data: data, deviation: sigma)
    }

    /// What the data would have to be for these options; nil if they are suitable.
    func requirement(of data: DataDescription) -> String? {
        let chosen = chosen(for: data)
        switch chosen.likelihood {
        case .bernoulli where chosen.scaling == .standard,
            .continuousBernoulli where chosen.scaling == .standard:
            return "numbers from 0 to 1 (--scale range) or --likelihood gaussian"
        case .discretizedLogistic:
            let isUnscaled = chosen.scaling == .nothing
            if isUnscaled, data.numbers?.areBytes ?? true { return nil }
            let nearest =
                isUnscaled && data.numbers?.areShares ?? true
                ? SampleLikelihood.continuousBernoulli : .gaussian
            return "8-bit values, multiples of 1/255 from 0 to 1\(isUnscaled ? "" : " unscaled"), "
                + "or --likelihood \(nearest.rawValue)"
        default: return nil
        }
    }
}

/// A likelihood of samples by name.
public enum SampleLikelihood: String, NamedOptionValue {
    case automatic = "auto"
    case bernoulli
    /// A density of numbers from 0 to 1.
    case continuousBernoulli = "continuous-bernoulli"
    /// Of 8-bit values, as numbers k / 255.
    case discretizedLogistic = "discretized-logistic"
    case gaussian
    case laplace
    case studentT = "student-t"

    /// Whether it is one of numbers from 0 to 1 only.
    var isOfShares: Bool {
        switch self {
        case .bernoulli, .continuousBernoulli, .discretizedLogistic: true
        case .automatic, .gaussian, .laplace, .studentT: false
        }
    }

    /// Whether it is a density of numbers.
    var isDensity: Bool {
        switch self {
        case .automatic, .bernoulli, .discretizedLogistic: false
        case .continuousBernoulli, .gaussian, .laplace, .studentT: true
        }
    }

    /// Its name in a sentence.
    fileprivate var words: String {
        switch self {
        case .automatic: "fitting"
        case .bernoulli: "Bernoulli"
        case .continuousBernoulli: "continuous Bernoulli"
        case .discretizedLogistic: "discretised logistic"
        case .gaussian: "Gaussian"
        case .laplace: "Laplace"
        case .studentT: "Student's t"
        }
    }
}

/// Where the standard deviation of a Gaussian likelihood comes from, as an option: `learned`,
/// `optimal`, `predicted`, or a number.
public enum SampleDeviation: Hashable, Sendable {
    /// What a recipe has by itself.
    case automatic
    /// One parameter for all elements.
    case learned
    /// The root of the mean squared error of each batch (``OptimalNormal``).
    case optimal
    /// One for each element of each sample, computed by the decoder.
    case predicted
    /// A constant for all elements.
    case fixed(Double)
}

extension SampleDeviation: OptionValue {
    private static let named: [(name: String, value: SampleDeviation)] = [
        ("auto", .automatic), ("learned", .learned), ("optimal", .optimal),
        ("predicted", .predicted),
    ]

    public init?(optionText: String) {
        if let (_, value) = Self.named.first(where: { $0.name == optionText }) {
            self = value
        } else if let number = Double(optionText), 1e-6...1e6 ~= number {
            self = .fixed(number)
        } else {
            return nil
        }
    }

    public var optionText: String {
        if case .fixed(let number) = self { return number.optionText }
        return Self.named.first { $0.value == self }?.name ?? ""
    }

    public static var optionKind: String {
        "auto, learned, optimal, predicted or a number from 0.000001 to 1000000"
    }

    public static var optionPlaceholder: String { "NAME" }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Self(optionText: text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "expected \(Self.optionKind), found \"\(text)\"")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(optionText)
    }
}

/// A scale of samples by name.
public enum SampleScaling: String, NamedOptionValue {
    case automatic = "auto"
    case nothing = "none"
    /// To mean 0 and standard deviation 1.
    case standard
    /// From the least and the greatest number to 0 and 1; others are limited to these.
    case range
}

/// A likelihood and a scale for some data: what a recipe composes its model and objective with.
struct SampleOutput {
    /// Never automatic, nor is the scaling.
    let likelihood: SampleLikelihood
    let scaling: SampleScaling
    let data: DataDescription
    /// Of a Gaussian likelihood.
    var deviation = SampleDeviation.automatic

    /// That of codes from 0 to 1, of which another layer learns.
    static func codes(_ size: Int) -> SampleOutput {
        SampleOutput(
            likelihood: .bernoulli, scaling: .nothing, data: DataDescription(sampleShape: [size]))
    }

    /// The scale in numbers; nil if there is none.
    var scale: SampleScale? {
        guard let numbers = data.numbers, scaling != .nothing else { return nil }
        let parts = numbers.means.count
        let shape = data.sampleShape.indices.map { $0 == 0 ? parts : 1 }
        func tensor(_ values: [Double]) -> Tensor { Tensor(values, shape: shape) }
        guard scaling == .range else {
            return SampleScale(shift: tensor(numbers.means), unit: tensor(numbers.deviations))
        }
        let widths = zip(numbers.least, numbers.greatest).map { $1 > $0 ? $1 - $0 : 1 }
        return SampleScale(shift: tensor(numbers.least), unit: tensor(widths), isLimited: true)
    }

    /// A decoder of this likelihood.
    ///
    /// - Parameter scale: that of a Gaussian likelihood, unless another is chosen.
    func decoder<Head: Layer>(
        _ head: Head, scale: GaussianDecoder<Head>.Scale = .fixed(1)
    ) -> ChosenDecoder<Head> {
        switch likelihood {
        case .automatic, .bernoulli: .bernoulli(BernoulliDecoder(head))
        case .continuousBernoulli: .continuousBernoulli(ContinuousBernoulliDecoder(head))
        case .discretizedLogistic: .discretizedLogistic(DiscretizedLogisticDecoder(head))
        case .gaussian: gaussianDecoder(head, scale)
        case .laplace: .laplace(LaplaceDecoder(head))
        case .studentT: .studentT(StudentTDecoder(head))
        }
    }

    private func gaussianDecoder<Head: Layer>(
        _ head: Head, _ usual: GaussianDecoder<Head>.Scale
    ) -> ChosenDecoder<Head> {
        switch deviation {
        case .automatic: .gaussian(GaussianDecoder(head, scale: usual))
        case .learned: .gaussian(GaussianDecoder(head, scale: .learned))
        case .optimal: .optimalGaussian(OptimalGaussianDecoder(head))
        case .predicted: .gaussian(GaussianDecoder(predictingScalesOf: head))
        case .fixed(let value): .gaussian(GaussianDecoder(head, scale: .fixed(value)))
        }
    }

    /// The cross-entropy of grey values, the squared error of other numbers, or the negative
    /// logarithm of the likelihood that was chosen instead.
    func error<Output: HasLikelihood>() -> Reconstruction<Output> {
        likelihood == .bernoulli ? Reconstruction(named: "crossEntropy") : squaredError()
    }

    /// The squared error, or the negative logarithm of a likelihood that was chosen for its scale or
    /// its tails.
    func squaredError<Output: HasLikelihood>() -> Reconstruction<Output> {
        let isPlain = [.bernoulli, .gaussian].contains(likelihood) && deviation == .automatic
        return Reconstruction(isPlain ? .squaredError : .negativeLogLikelihood)
    }

    /// Units of a Boltzmann machine for the samples.
    var units: RestrictedBoltzmannMachine.Units {
        likelihood.isOfShares ? .bernoulli : .gaussian
    }

    /// The likelihood with its article: "a Gaussian likelihood".
    var likelihoodInWords: String { "a \(likelihood.words) likelihood" }

    /// What was chosen, in words; nothing for grey values, which are learned as they are.
    var notes: [String] {
        if likelihood == .bernoulli, scaling == .nothing { return [] }
        let scales: [SampleScaling: String] = [
            .standard: "standardised", .range: "scaled from their range to 0 to 1",
        ]
        let kind =
            switch data.sampleShape.count {
            case 1: "columns are"
            case 3: "channels are"
            default: "samples are"
            }
        let scaling = scales[scaling].map { "\(kind) \($0)" } ?? "samples are learned unscaled"
        let deviation: String =
            switch deviation {
            case .automatic: ""
            case .learned: " whose standard deviation is learned"
            case .optimal: " whose standard deviation is optimal for each batch"
            case .predicted: " whose standard deviations are predicted"
            case .fixed(let value): " of standard deviation \(value.optionText)"
            }
        return ["\(scaling), with \(likelihoodInWords)\(deviation)"]
    }
}

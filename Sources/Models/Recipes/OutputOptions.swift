import Autograd

/// Which likelihood and which scale the samples have: options of recipes that learn of any numbers.
public struct OutputOptions: Configurable {
    @Option(
        "likelihood of samples: bernoulli for numbers from 0 to 1, gaussian for any, or auto for "
            + "what fits the data")
    public var likelihood = SampleLikelihood.automatic
    @Option(
        "scale of samples: none, standard for mean 0 and deviation 1, range for 0 to 1, or auto "
            + "for what fits the data; of each column of a table, or each channel of images")
    public var scale = SampleScaling.automatic

    public init() {}

    /// With a likelihood that is taken unless another is asked for.
    init(likelihood: SampleLikelihood) { self.likelihood = likelihood }

    /// The choice for some data: Bernoulli for numbers from 0 to 1, as grey values are, Gaussian of
    /// standardised numbers for others.
    func chosen(for data: DataDescription) -> SampleOutput {
        let areShares = data.numbers?.areShares ?? true
        var (likelihood, scaling) = (likelihood, scale)
        if scaling == .automatic {
            scaling = areShares ? .nothing : likelihood == .bernoulli ? .range : .standard
        }
        if likelihood == .automatic {
            let fits = scaling == .range || scaling == .nothing && areShares
            likelihood = fits ? .bernoulli : .gaussian
        }
        return SampleOutput(likelihood: likelihood, scaling: scaling, data: data)
    }

    /// What the data would have to be for these options; nil if they are suitable.
    func requirement(of data: DataDescription) -> String? {
        let chosen = chosen(for: data)
        return chosen.likelihood == .bernoulli && chosen.scaling == .standard
            ? "numbers from 0 to 1 (--scale range) or --likelihood gaussian" : nil
    }
}

/// A likelihood of samples by name.
public enum SampleLikelihood: String, NamedOptionValue {
    case automatic = "auto"
    case bernoulli
    case gaussian
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
    func decoder<Head: Layer>(
        _ head: Head, scale: GaussianDecoder<Head>.Scale = .fixed(1)
    ) -> ChosenDecoder<Head> {
        likelihood == .gaussian
            ? .gaussian(GaussianDecoder(head, scale: scale)) : .bernoulli(BernoulliDecoder(head))
    }

    /// The cross-entropy of grey values, the squared error of other numbers.
    func error<Output: HasLikelihood>() -> Reconstruction<Output> {
        likelihood == .gaussian
            ? Reconstruction(.squaredError) : Reconstruction(named: "crossEntropy")
    }

    /// Units of a Boltzmann machine for the samples.
    var units: RestrictedBoltzmannMachine.Units {
        likelihood == .gaussian ? .gaussian : .bernoulli
    }

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
        let name = likelihood == .gaussian ? "Gaussian" : "Bernoulli"
        return ["\(scaling), with a \(name) likelihood"]
    }
}

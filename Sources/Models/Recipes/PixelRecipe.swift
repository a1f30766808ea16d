import Autograd

/// A recipe of a model that gives each pixel a probability by those before it: a choice of a network.
public protocol PixelRecipe: Recipe {
    associatedtype Network: PixelNetwork
    /// What pixels are taken for.
    var pixels: PixelChoice { get }
    /// The network.
    ///
    /// - Parameters:
    ///   - inputs: how many numbers it is told of a pixel.
    ///   - outputs: how many it computes.
    ///   - conditions: how many it is told of an image.
    func network(
        inputs: Int, outputs: Int, conditions: Int, using generator: inout RandomGenerator
    ) -> Network
}

/// What pixels are taken for, as an option.
public enum PixelChoice: String, NamedOptionValue {
    /// What fits the data.
    case automatic = "auto"
    /// Black or white.
    case binary
    /// A probability for each of 256 grey values.
    case categorical
    /// A mixture of ten logistic distributions, which knows the order of 256 grey values.
    case logistics
}

extension OptionDeclaration<PixelChoice> {
    /// For a recipe's ``PixelRecipe/pixels``.
    public static let pixels = OptionDeclaration(
        "distribution of a pixel: binary, black or white, drawn anew of grey values; of 256 grey values "
            + "categorical, each by itself, or logistics, a mixture that knows their order and lets colours "
            + "depend on each other; or auto for what fits the data")
}

extension PixelRecipe {
    public static var measuresNumbers: Bool { true }

    public func requirement(of data: DataDescription) -> String? { requirementOfPixels(of: data) }

    /// What the data would have to be; nil if they are suitable.
    func requirementOfPixels(of data: DataDescription) -> String? {
        guard ImageShape(data.sampleShape) != nil else { return "images" }
        guard let numbers = data.numbers, numbers.areBinary != true else { return nil }
        if data.symbols != nil, pixels == .automatic { return nil }
        if pixels == .binary {
            return numbers.areShares ? nil : "pixels from 0 to 1, or --pixels auto"
        }
        return numbers.areBytes ?? true
            ? nil : "8-bit values, multiples of 1/255 from 0 to 1, or --pixels binary"
    }

    /// What pixels are.
    func values(for data: DataDescription) -> PixelValues {
        switch pixels {
        case .binary: .binary
        case .categorical: .categorical(256)
        case .logistics: .logistics(10)
        case .automatic:
            if let symbols = data.symbols {
                .symbols(symbols)
            } else {
                data.numbers?.areBinary ?? true ? .binary : .logistics(10)
            }
        }
    }

    public func notes(on data: DataDescription) -> [String] {
        switch values(for: data) {
        case .binary: []
        case .symbols(let count): ["pixels are \(count) symbols, each with a probability"]
        case .categorical: ["pixels have a probability for each of 256 grey values"]
        case .logistics: ["pixels have a mixture of logistic distributions of 256 grey values"]
        }
    }

    /// A model without conditions.
    func model(
        for data: DataDescription, conditions: Int = 0, using generator: inout RandomGenerator
    ) -> PixelModel<Network> {
        let (values, image) = (values(for: data), ImageShape(of: data.sampleShape, for: Self.name))
        let network = network(
            inputs: values.inputs(channels: image.channels),
            outputs: values.outputs(channels: image.channels), conditions: conditions,
            using: &generator)
        return PixelModel(network, of: values, sampleShape: data.sampleShape)
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        SingleObjective(
            model(for: data, using: &generator), objective: NegativeLogLikelihood(), training)
    }
}

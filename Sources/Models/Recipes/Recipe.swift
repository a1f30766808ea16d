import Autograd
import Datasets

/// A named variant of an autoencoder with the options that the user can choose: what the command
/// lists, explains and trains.
///
/// ```swift
/// struct BetaVAE: Recipe {
///     static let name = "beta-vae"
///     static let summary = "dense variational autoencoder whose divergence is weighted"
///     static let citation = "Higgins et al., ICLR (2017)"
///
///     @Option("weight of the divergence", in: 0...) var beta = 4.0
///     @Option(.latentSize) var latentSize = 10
///     var training = TrainingOptions(epochs: 30)
///
///     func program(
///         for data: DataDescription, using generator: inout RandomGenerator
///     ) -> any TrainingProgram {
///         let model = Autoencoder(…)
///         return SingleObjective(
///             model, objective: Reconstruction() + beta * KullbackLeibler(), training)
///     }
/// }
/// ```
///
/// Nothing else is needed: the options appear in the command, in `config.json` and on a run's page.
public protocol Recipe: Configurable {
    /// The name by which it is requested, in lowercase.
    static var name: String { get }
    /// Its earlier names: runs made under them can be opened, and commands accept them.
    static var formerNames: [String] { get }
    /// A description in one line.
    static var summary: String { get }
    /// The paper it comes from.
    static var citation: String { get }
    /// The name of the data set it is meant for; nil if any will do.
    static var data: String? { get }
    /// Whether its samples can be rows of tables with mixed columns, as described by
    /// ``TableLayout``.
    static var readsTables: Bool { get }
    /// Whether the numbers of tables are to be replaced by their ranks, unless a schema says otherwise,
    /// and their dates: what is made of ranks never lies outside of the training data.
    static var ranksNumbers: Bool { get }

    /// Whether it learns which part of an image counts from the masks that come with the data.
    static var learnsMasks: Bool { get }

    /// Whether the numbers that samples consist of are measured before a model is built.
    static var measuresNumbers: Bool { get }

    /// The options of its training.
    var training: TrainingOptions { get set }
    /// The smallest useful number of training epochs: 0 if layers are trained before.
    var leastEpochs: Int { get }

    /// Throws if options, each within its range, are inconsistent.
    func validateTogether() throws(OptionError)
    /// What the data would have to be, such as "images"; nil if they are suitable.
    func requirement(of data: DataDescription) -> String?
    /// What the recipe chooses by itself for the data, one sentence each without a full stop.
    func notes(on data: DataDescription) -> [String]
    /// Builds the model and its training program.
    func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram
    /// Further measures of a trained model, by name, given the samples that it was trained on.
    func diagnostics(of model: any Module, on training: Examples) -> [String: Double]
}

extension Recipe {
    public static var formerNames: [String] { [] }
    public static var data: String? { nil }
    public static var readsTables: Bool { false }
    public static var ranksNumbers: Bool { false }
    public static var learnsMasks: Bool { false }
    public static var measuresNumbers: Bool { false }
    public var leastEpochs: Int { 1 }
    public func validateTogether() throws(OptionError) {}
    public func requirement(of data: DataDescription) -> String? { nil }
    public func notes(on data: DataDescription) -> [String] { [] }
    public func diagnostics(of model: any Module, on training: Examples) -> [String: Double] { [:] }

    /// Whether it has, or had, this name.
    package static func isCalled(_ name: String) -> Bool {
        self.name == name || formerNames.contains(name)
    }

    /// The options other than those of the training.
    public var ownOptions: [OptionDescription] {
        let common = Set(training.options.map(\.name))
        return options.filter { !common.contains($0.name) }
    }

    /// The numbers of epochs that the recipe can be trained for, in words.
    package var expectedEpochs: String { "a whole number from \(leastEpochs) to 1000000" }

    public func validate() throws(OptionError) {
        try validateRanges()
        guard training.epochs >= leastEpochs else {
            throw .unfit(
                name: "epochs", expected: expectedEpochs, found: "\(training.epochs)")
        }
        if let recipe = self as? any AnyNumbersRecipe {
            try recipe.output.validate(predictingScales: recipe.predictsScales)
            try recipe.validateReconstruction()
        }
        try (self as? any ChosenNetworkRecipe)?.network.validateTogether()
        try validateTogether()
    }
}

/// A recipe whose model goes from samples through hidden layers to a code.
public protocol LayeredRecipe: Recipe {
    /// The sizes of the layers between sample and code; the decoder has them in reverse order.
    var hiddenSizes: [Int] { get }
    /// The number of components of a code.
    var latentSize: Int { get }
}

extension LayeredRecipe {
    /// None: the code is the first layer.
    public var hiddenSizes: [Int] { [] }

    /// The number of elements of the samples, of each layer, and of the code.
    public func layerSizes(from data: DataDescription) -> [Int] {
        [data.elements] + hiddenSizes + [latentSize]
    }
}

/// A recipe that trains a second model, on usual samples alone, to judge what is unusual: one that has
/// learned unusual samples reconstructs them as well as the others.
public protocol JudgingRecipe: Recipe {
    /// Whether there is to be one, if there are enough samples.
    var hasJudge: Bool { get }
    /// The positions of the samples that the second model learns from, among those that the model
    /// learns from; nil if there is to be none.
    func usual(among samples: Examples, in data: DataDescription) -> [Int]?
}

/// A recipe whose samples can be any numbers, with a likelihood and a scale that fit them.
public protocol AnyNumbersRecipe: Recipe {
    /// The chosen likelihood and scale.
    var output: OutputOptions { get }
    /// Whether its decoder can predict a standard deviation for each element.
    var predictsScales: Bool { get }
    /// What a reconstruction is compared with its sample by.
    var reconstruction: ReconstructionChoice { get }
}

extension VariationalRecipe {
    public var predictsScales: Bool { true }
}

extension AnyNumbersRecipe {
    public static var measuresNumbers: Bool { true }
    public var predictsScales: Bool { false }
    public func requirement(of data: DataDescription) -> String? { requirementOfOutput(of: data) }
    /// Whether the deviation of the likelihood is fitted to the samples of each batch.
    package func fitsDeviation(on data: DataDescription) -> Bool {
        output.chosen(for: data).deviation == .optimal
    }

    /// The likelihood that fits the data or was chosen, in words.
    package func likelihoodInWords(on data: DataDescription) -> String {
        output.chosen(for: data).likelihoodInWords
    }

    public func notes(on data: DataDescription) -> [String] {
        // Grey values are learned as the recipe says.
        var output = output
        output.outputBias = .zero
        return output == Self().output && data.numbers?.areShares ?? true
            ? [] : output.chosen(for: data).notes
    }
}

extension OptionDeclaration<Int> {
    /// For a recipe's ``LayeredRecipe/latentSize``.
    public static let latentSize = OptionDeclaration("components of a code", in: 1...65_536)
    /// For recipes that train layers one by one.
    public static let pretrainingEpochs = OptionDeclaration(
        "epochs of pretraining for each layer", in: 1...1_000_000)
}

extension OptionDeclaration<[Int]> {
    /// For a recipe's ``LayeredRecipe/hiddenSizes``.
    public static let hiddenSizes = layerSizes(
        "sizes of the hidden layers between sample and code, or none")

    /// For the sizes of layers.
    public static func layerSizes(_ help: String) -> OptionDeclaration {
        OptionDeclaration(
            help, expected: "whole numbers from 1 to 65536 with commas between them, or none"
        ) { sizes in sizes.count <= 1000 && sizes.allSatisfy { 1...65_536 ~= $0 } }
    }
}

extension OptionDeclaration<CorruptionSetting> {
    /// For denoising recipes.
    public static let corruption = OptionDeclaration(
        "noise to remove: gaussian:0.4, masking:0.25, salt-and-pepper:0.1")
}

import Autograd
import Datasets

/// A variant under a name, with the choices that it leaves to whoever trains it: what the command
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
/// That is all: the options are those of the command, of `config.json` and of a run's page.
public protocol Recipe: Configurable {
    /// By which it is asked for, in lowercase.
    static var name: String { get }
    /// Names that it had before: runs begun under them open, and commands take them.
    static var formerNames: [String] { get }
    /// What it is, in a line.
    static var summary: String { get }
    /// The paper it comes from.
    static var citation: String { get }
    /// The name of the data set it is meant for; nil where that is just any.
    static var data: String? { get }
    /// Whether its samples can be the rows of tables with mixed columns, as ``TableLayout`` has them.
    static var readsTables: Bool { get }

    /// How it is trained.
    var training: TrainingOptions { get set }
    /// The fewest epochs of training that leave something: 0 where layers are trained before.
    var leastEpochs: Int { get }

    /// Throws where options, each in its range, do not go together.
    func validateTogether() throws(OptionError)
    /// What it needs that the data are not, such as "images"; nil where they serve.
    func requirement(of data: DataDescription) -> String?
    /// Makes the model, and what trains it.
    func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram
    /// What else is measured of a trained model, by name, with the samples that it is trained on.
    func diagnostics(of model: any Module, on training: Examples) -> [String: Double]
}

extension Recipe {
    public static var formerNames: [String] { [] }
    public static var data: String? { nil }
    public static var readsTables: Bool { false }
    public var leastEpochs: Int { 1 }
    public func validateTogether() throws(OptionError) {}
    public func requirement(of data: DataDescription) -> String? { nil }
    public func diagnostics(of model: any Module, on training: Examples) -> [String: Double] { [:] }

    /// Whether it has, or had, a name.
    package static func isCalled(_ name: String) -> Bool {
        self.name == name || formerNames.contains(name)
    }

    /// The options besides those of the training.
    public var ownOptions: [OptionDescription] {
        let common = Set(training.options.map(\.name))
        return options.filter { !common.contains($0.name) }
    }

    public func validate() throws(OptionError) {
        try validateRanges()
        guard training.epochs >= leastEpochs else {
            throw .unfit(
                name: "epochs", expected: "a whole number from \(leastEpochs) to 1000000",
                found: "\(training.epochs)")
        }
        try validateTogether()
    }
}

/// A recipe whose model goes from samples through layers to a code.
public protocol LayeredRecipe: Recipe {
    /// The sizes of the layers between sample and code; the decoder has them in reverse.
    var hiddenSizes: [Int] { get }
    /// The number of components of a code.
    var latentSize: Int { get }
}

extension LayeredRecipe {
    /// The numbers of elements from samples through the layers to the code.
    public func layerSizes(from data: DataDescription) -> [Int] {
        [data.elements] + hiddenSizes + [latentSize]
    }
}

extension OptionDeclaration<Int> {
    /// Of a recipe's ``LayeredRecipe/latentSize``.
    public static let latentSize = OptionDeclaration("numbers in a code", in: 1...65_536)
    /// Of recipes that train layers one by one.
    public static let pretrainingEpochs = OptionDeclaration(
        "passes over the training data for each layer alone", in: 1...1_000_000)
}

extension OptionDeclaration<[Int]> {
    /// Of a recipe's ``LayeredRecipe/hiddenSizes``.
    public static let hiddenSizes = OptionDeclaration(
        "sizes of the layers between sample and code, or none",
        expected: "whole numbers from 1 to 65536 with commas between them, or none"
    ) { sizes in sizes.count <= 1000 && sizes.allSatisfy { 1...65_536 ~= $0 } }
}

extension OptionDeclaration<CorruptionSetting> {
    /// Of denoising recipes.
    public static let corruption = OptionDeclaration(
        "what it undoes: gaussian:0.4, masking:0.25, salt-and-pepper:0.1")
}

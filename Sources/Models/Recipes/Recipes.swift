import Autograd
import FileSupport
import Synchronization

/// The recipes that are known by name: those of the zoo, and those added by a program.
public enum Recipes {
    /// All recipes: those of the zoo, the simplest first, then the added ones.
    public static var all: [any Recipe.Type] { zoo + added.withLock { $0 } }

    private static let added = Mutex<[any Recipe.Type]>([])

    /// Registers a recipe, so that its runs can be opened and the commands of your own program can
    /// train it. Traps if another recipe has the same name, or if two of its options do.
    public static func add(_ recipe: any Recipe.Type) {
        let isKnown = all.contains { $0 == recipe }
        if let other = all.first(where: { $0.name == recipe.name && $0 != recipe }) {
            programmerError("Recipes", "\(recipe) has the name of \(other), \(recipe.name.quoted)")
        }
        let names = recipe.init().options.map(\.name)
        if let twice = Dictionary(grouping: names, by: { $0 }).first(where: { $1.count > 1 }) {
            programmerError("Recipes", "\(recipe) has two options --\(twice.key)")
        }
        if !isKnown { added.withLock { $0.append(recipe) } }
    }

    /// The recipes of the zoo, the simplest first.
    package static let zoo: [any Recipe.Type] = [
        LinearAutoencoder.self,
        TiedLinearAutoencoder.self,
        DenseAutoencoder.self,
        DeepAutoencoder.self,
        StackedAutoencoder.self,
        BoltzmannMachine.self,
        DeepBelief.self,
        DenoisingAutoencoder.self,
        ConvolutionalAutoencoder.self,
        ConvolutionalDenoisingAutoencoder.self,
        SparseAutoencoder.self,
        RateSparseAutoencoder.self,
        KSparseAutoencoder.self,
        ContractiveAutoencoder.self,
        OvercompleteAutoencoder.self,
        VariationalAutoencoder.self,
        ImportanceWeightedAutoencoder.self,
        NaiveAutoencoder.self,
        MixturePriorAutoencoder.self,
        VampPriorAutoencoder.self,
        FullCovarianceAutoencoder.self,
        FlowAutoencoder.self,
        InverseAutoregressiveAutoencoder.self,
        MixturePosteriorAutoencoder.self,
        HypersphericalAutoencoder.self,
        CategoricalAutoencoder.self,
        LadderAutoencoder.self,
        MaskedAutoencoder.self, PixelCNN.self, GatedPixelCNN.self, ConditionalPixelCNN.self,
        ConditionalAutoencoder.self,
        BetaAutoencoder.self,
        FactorAutoencoder.self,
        TotalCorrelationAutoencoder.self,
        DisentangledPriorAutoencoder.self,
        InvariantAutoencoder.self, ConditionalInvariantAutoencoder.self,
        SemiSupervisedInvariantAutoencoder.self, JointInvariantAutoencoder.self,
        RegressionInvariantAutoencoder.self,
        InfoAutoencoder.self,
        WassersteinAutoencoder.self,
        RegularizedAutoencoder.self,
        VectorQuantizedAutoencoder.self,
        FaceAutoencoder.self,
        AdversarialAutoencoder.self,
        GenerativeAdversarialNetwork.self,
        WassersteinAdversarialNetwork.self,
        CodeClassification.self,
        SemiSupervisedAutoencoder.self,
        StackedSemiSupervisedAutoencoder.self,
        DnCNN.self,
        Superresolution.self,
        Colourisation.self,
        TableAutoencoder.self,
        TableVariationalAutoencoder.self,
        ConditionalTableAutoencoder.self,
    ]

    /// The recipe with this name, now or earlier, with default options.
    public static func named(_ name: String) throws(UnknownRecipe) -> any Recipe {
        guard
            let recipe = all.first(where: { $0.name == name })
                ?? all.first(where: { $0.isCalled(name) })
        else {
            throw UnknownRecipe(name: name, known: all.map { $0.name })
        }
        return recipe.init()
    }
}

/// No recipe has the requested name.
public struct UnknownRecipe: Error, CustomStringConvertible {
    /// The requested name.
    public let name: String
    /// The name of the most similar recipe, if one is similar.
    public let nearest: String?
    private let known: [String]

    init(name: String, known: [String]) {
        self.name = name
        nearest = FileSupport.nearest(to: name, in: known)
        self.known = known
    }

    public var description: String {
        let names = known.joined(separator: ", ")
        return "no recipe is called \"\(name)\""
            + (nearest.map { ": did you mean \"\($0)\"?" } ?? ": expected one of \(names)")
    }
}

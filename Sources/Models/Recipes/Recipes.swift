import Autograd

/// The recipes of the zoo.
public enum Recipes {
    /// Every recipe, the simplest first.
    public static let all: [any Recipe.Type] = [
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
        NoiseRemoval.self,
        Superresolution.self,
        Colourisation.self,
        TableAutoencoder.self,
    ]

    /// The recipe of that name, with its defaults.
    public static func named(_ name: String) throws(UnknownRecipe) -> any Recipe {
        guard let recipe = all.first(where: { $0.name == name }) else {
            throw UnknownRecipe(name: name, known: all.map { $0.name })
        }
        return recipe.init()
    }
}

/// No recipe has the name asked for.
public struct UnknownRecipe: Error, CustomStringConvertible {
    public let name: String
    /// The name of a recipe that resembles it, if one does.
    public let nearest: String?
    private let known: [String]

    init(name: String, known: [String]) {
        self.name = name
        nearest = Autograd.nearest(to: name, in: known)
        self.known = known
    }

    public var description: String {
        let names = known.joined(separator: ", ")
        return "no recipe is called \"\(name)\""
            + (nearest.map { ": did you mean \"\($0)\"?" } ?? ": there is \(names)")
    }
}

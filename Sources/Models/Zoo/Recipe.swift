import Autograd

/// A variant with its sizes and schedule, under a name: what the command lists and trains.
public struct Recipe: Sendable {
    /// By which it is asked for, in lowercase.
    public let name: String
    /// What it is, in a line.
    public let summary: String
    /// The paper it comes from.
    public let citation: String
    /// The settings it is meant to be trained with.
    public let defaults: Settings
    /// The name of the data set it is meant for, where that is not just any.
    public let data: String?
    /// What else is measured of a trained model, by name: from the training samples, as a data set
    /// has them.
    public let measures:
        @Sendable (_ model: any AutoencoderModel, _ training: Tensor) -> [String: Double]
    /// How layers are trained before the whole, where they can be.
    public let pretraining: Pretraining?
    /// What it needs that samples of a shape (without the batch) are not, such as "pictures"; nil
    /// where they serve.
    public let requirement: @Sendable (_ settings: Settings, _ inputShape: [Int]) -> String?
    /// Makes the model, for samples of a shape (without the batch), and its objective.
    public let build:
        @Sendable (
            _ settings: Settings, _ inputShape: [Int], _ generator: inout RandomGenerator
        ) -> (model: any AutoencoderModel, objective: Objective)

    public init(
        name: String, summary: String, citation: String, defaults: Settings,
        data: String? = nil,
        measures:
            @escaping @Sendable (
                _ model: any AutoencoderModel, _ training: Tensor
            ) -> [String: Double] = { _, _ in [:] },
        pretraining: Pretraining? = nil,
        requirement:
            @escaping @Sendable (
                _ settings: Settings, _ inputShape: [Int]
            ) -> String? = { _, _ in nil },
        build:
            @escaping @Sendable (
                _ settings: Settings, _ inputShape: [Int], _ generator: inout RandomGenerator
            ) -> (model: any AutoencoderModel, objective: Objective)
    ) {
        self.name = name
        self.summary = summary
        self.citation = citation
        self.defaults = defaults
        self.data = data
        self.measures = measures
        self.pretraining = pretraining
        self.requirement = requirement
        self.build = build
    }

    /// The recipe of that name.
    public static func named(_ name: String) throws(UnknownRecipe) -> Recipe {
        guard let recipe = all.first(where: { $0.name == name }) else {
            throw UnknownRecipe(name: name, known: all.map(\.name))
        }
        return recipe
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

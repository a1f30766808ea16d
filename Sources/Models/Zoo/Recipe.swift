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
    /// Makes the model, for samples of a shape (without the batch), and its objective.
    public let build:
        @Sendable (
            _ settings: Settings, _ inputShape: [Int], _ generator: inout RandomGenerator
        ) -> (model: any AutoencoderModel, objective: Objective)

    public init(
        name: String, summary: String, citation: String, defaults: Settings,
        build:
            @escaping @Sendable (
                _ settings: Settings, _ inputShape: [Int], _ generator: inout RandomGenerator
            ) -> (model: any AutoencoderModel, objective: Objective)
    ) {
        self.name = name
        self.summary = summary
        self.citation = citation
        self.defaults = defaults
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
    /// The name of a recipe that is most like it.
    public let nearest: String

    init(name: String, known: [String]) {
        self.name = name
        nearest = known.min { editDistance(name, $0) < editDistance(name, $1) } ?? ""
    }

    public var description: String { "no recipe is called \"\(name)\"; nearest: \(nearest)" }
}

/// How many letters must be inserted, deleted or replaced to turn one word into the other.
private func editDistance(_ first: String, _ second: String) -> Int {
    let second = Array(second)
    var distances = Array(0...second.count)
    for (row, letter) in first.enumerated() {
        var diagonal = row
        distances[0] = row + 1
        for (column, other) in second.enumerated() {
            let replaced = diagonal + (letter == other ? 0 : 1)
            diagonal = distances[column + 1]
            distances[column + 1] = min(replaced, diagonal + 1, distances[column] + 1)
        }
    }
    return distances[second.count]
}

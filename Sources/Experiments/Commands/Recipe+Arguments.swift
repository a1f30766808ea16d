import Autograd
import FileSupport
import Models

extension Recipe {
    /// A copy with the options that a user gave to `tapestry train`.
    func choosing(given texts: [String: String]) throws(UsageError) -> Self {
        do {
            return try choosing(texts)
        } catch {
            switch error {
            case .unknown(let name, let known):
                let isOfOthers = Recipes.all.contains { other in
                    other.init().options.contains { $0.name == name }
                }
                guard !isOfOthers else {
                    let alternative =
                        nearest(to: name, in: known).map { "did you mean --\($0)?" }
                        ?? "it has " + known.map { "--" + $0 }.joined(separator: ", ")
                    throw UsageError(
                        "--\(name): the recipe \(Self.name) has no such option; \(alternative)")
                }
                throw UsageError(
                    unknown: "option", "--" + name,
                    known: (TrainCommand.options.map(\.name) + known + ["help"]).map { "--" + $0 })
            case .unfit(let name, let expected, let found):
                throw UsageError("--\(name) \(found.shortened): expected \(expected)")
            }
        }
    }
}

extension Recipes {
    /// Throws for an option that no recipe has.
    static func refuseStrangers(among names: some Sequence<String>) throws(UsageError) {
        let known = Set(all.flatMap { $0.init().options.map(\.name) })
        guard let stranger = names.sorted().first(where: { !known.contains($0) }) else { return }
        throw UsageError(
            unknown: "option", "--" + stranger,
            known: (TrainCommand.options.map(\.name) + known.sorted() + ["help"]).map { "--" + $0 })
    }
}

/// Traps if a recipe has an option with the name of an option of the command, which would hide it.
func requireOwnNames(_ recipe: some Recipe) {
    let known = Set(TrainCommand.options.map(\.name))
    if let option = recipe.options.first(where: { known.contains($0.name) }) {
        programmerError(
            "Recipe",
            "\(type(of: recipe)) has an option --\(option.name), like tapestry train: give it "
                + "another name")
    }
}

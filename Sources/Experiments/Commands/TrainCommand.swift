import FileSupport
import Foundation
import Models

enum TrainCommand: Command {
    static let name = "train"
    static let summary = "Trains a recipe and writes the results to a folder"
    static let operands = ["RECIPE"]
    static let options: [CommandOption] =
        [
            .data, .dataDirectory, .schema, .label, .labels, .masks, .condition, .testShare,
            .normal,
            .labelsKept, .turning, .binarization, .dequantization,
            .hiddenShare,
        ]
        + CommandOption.ofImageFolders
        + [.parameters, .partial, .keepEvery, .threads, .output, .resume, .quiet, .json]
    static let takesRecipeOptions = true
    static let details = """
        Every recipe also has options of its own: see tapestry help train RECIPE. The default data
        are those of the recipe, or else the bundled digits.
        Options of the recipe may have several values, as in --beta 1,2,4 --seed 0..4: then all
        combinations are trained, at most 1,000, each in a folder of its own in --output (default:
        runs/RECIPE-sweep-1, -2, …), and compared in sweep.csv and sweep.html. Semicolons separate
        values that contain commas: --hidden-sizes "256,128;64".
        Ctrl-C stops at the next batch and keeps the checkpoint; --resume --output DIR continues
        from there with bit-identical results, in a sweep with the runs that are left. A finished
        run can be continued with more --epochs; other options that affect the result cannot change.
        """

    static func run(_ arguments: Arguments) throws {
        try arguments.applyThreads()
        if arguments.operands.isEmpty {
            // The supposed value of an option that no recipe has may be the recipe's name.
            try Recipes.refuseStrangers(among: arguments.others.keys)
        }
        let recipe = try Recipes.asked(arguments.operand(0, "RECIPE"))
        requireOwnNames(recipe)
        let grid = try Grid(arguments.others, of: recipe)
        guard arguments.has(.resume) else {
            return try grid.swept.isEmpty
                ? train(begin(recipe, grid, arguments), recipe, arguments)
                : train(beginSweep(recipe, grid, arguments), recipe, arguments)
        }
        guard let path = arguments.string(.output) else {
            throw UsageError("--resume needs --output DIR, the run to resume")
        }
        if arguments.string(.parameters) != nil {
            throw UsageError("--parameters: a resumed run has its own")
        }
        if arguments.string(.keepEvery) != nil {
            throw UsageError("--keep-every: a resumed run keeps models as it began")
        }
        if Sweep.exists(at: path) {
            return try train(
                resumeSweep(recipe, grid, at: path, arguments), recipe, arguments)
        }
        if let option = grid.swept.first {
            throw FileError(
                path: path, expected: "a sweep, as --\(option.name) has several values",
                found: FileManager.default.fileExists(atPath: "\(path)/\(RunFile.configuration)")
                    ? "a single run" : "none")
        }
        try train(resume(recipe, grid.single, at: path, arguments), recipe, arguments)
    }

    static func work(
        _ recipe: some Recipe, in path: String, _ arguments: Arguments
    ) -> LongWork {
        let command = ["tapestry", name, recipe.name, "--resume", "--output", shellWord(path)]
        return LongWork(
            quiet: arguments.has(.quiet), resumedBy: command.joined(separator: " "))
    }

    /// The first of `runs/NAME-1`, `-2`, … that does not exist.
    static func newFolder(for name: String) -> String {
        var number = 1
        while FileManager.default.fileExists(atPath: "runs/\(name)-\(number)") { number += 1 }
        return "runs/\(name)-\(number)"
    }
}

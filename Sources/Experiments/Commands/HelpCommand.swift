import Datasets
import Models

enum HelpCommand: Command {
    static let name = "help"
    static let summary = "Shows how to use the program or one of its commands"
    static let operands = ["COMMAND", "RECIPE"]
    static let hasOptionalOperands = true

    static func run(_ arguments: Arguments) throws {
        guard let name = arguments.operands.first else {
            return try StandardStreams.write(overview)
        }
        guard arguments.operands.count > 1 else {
            return try StandardStreams.write(Program.command(named: name).help)
        }
        guard try Program.command(named: name) == TrainCommand.self else {
            throw UsageError("help \(name): takes no recipe; only help train does")
        }
        try StandardStreams.write(help(of: Recipes.asked(arguments.operands[1])))
    }

    /// The help of a recipe: its description and its options.
    static func help(of recipe: some Recipe) -> String {
        let type = type(of: recipe)
        let entries = recipe.options.map { option in
            let expected = option.name == "epochs" ? recipe.expectedEpochs : option.expected
            return (
                "--\(option.name) \(option.placeholder)",
                "\(option.help) (\(expected); default: \(option.text))"
            )
        }
        return """
            \(type.name): \(type.summary)
            \(type.citation)

            Usage: tapestry train \(type.name) [options]

            Data: \(type.data ?? DataSelection.standard) by default, others with --data
            Options of the recipe (see tapestry help train for those of the command; several values
            of an option, as in --seed 0..4, are a sweep):
            \(columns(entries))
            """
    }

    /// The help text of the program.
    static var overview: String {
        let commands = Program.commands.map { command in
            (([command.name] + command.shownOperands).joined(separator: " "), command.summary)
        }
        let options = [
            ("--help", "show this help, or that of a command"), ("--version", "show the version"),
        ]
        return """
            Trains autoencoders and analyses what they have learnt.

            Usage: tapestry COMMAND [options]

            Commands:
            \(columns(commands))
            Options:
            \(columns(options))
            To start:  tapestry train vae

            """
    }
}

import Datasets
import Models

enum HelpCommand: Command {
    static let name = "help"
    static let summary = "Tells how the program, or one of its commands, is used"
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
            throw UsageError("help \(name): takes no recipe, as only train does")
        }
        try StandardStreams.write(help(of: Recipes.asked(arguments.operands[1])))
    }

    /// The help of a recipe: what it is, and its options.
    static func help(of recipe: some Recipe) -> String {
        let type = type(of: recipe)
        let entries = recipe.options.map { option in
            (
                "--\(option.name) \(option.placeholder)",
                "\(option.help) (\(option.expected); default: \(option.text))"
            )
        }
        return """
            \(type.name): \(type.summary)
            \(type.citation)

            Usage: tapestry train \(type.name) [options]

            Data: \(type.data ?? DataSelection.standard), or others by --data
            Options of the recipe; for those of the command see tapestry help train:
            \(columns(entries))
            """
    }

    /// The help of the program.
    static var overview: String {
        let commands = Program.commands.map { command in
            (([command.name] + command.shownOperands).joined(separator: " "), command.summary)
        }
        return """
            Trains autoencoders and looks at what they have learnt.

            Usage: tapestry COMMAND [options]

            Commands:
            \(columns(commands))
            Options:
            \(columns([("--help", "show this help, or that of a command"), ("--version", "show the version")]))
            Begin with:  tapestry train vae

            """
    }
}

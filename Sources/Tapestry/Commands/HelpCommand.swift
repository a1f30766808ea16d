enum HelpCommand: Command {
    static let name = "help"
    static let summary = "Tells how the program, or one of its commands, is used"
    static let operands = ["COMMAND"]
    static let hasOptionalOperands = true

    static func run(_ arguments: Arguments) throws {
        guard let name = arguments.operands.first else {
            return try StandardStreams.write(overview)
        }
        try StandardStreams.write(Program.command(named: name).help)
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

import Foundation

/// The program `tapestry`: parses the command line, runs the command, and turns errors into one
/// line on standard error and an exit status.
///
/// Your own program can add recipes and run it:
///
/// ```swift
/// Recipes.add(BetaVAE.self)
/// exit(Program.run(Array(CommandLine.arguments.dropFirst())))
/// ```
public enum Program {
    static let version = "0.2.0"

    static let commands: [any Command.Type] = [
        ListCommand.self, TrainCommand.self, EvaluateCommand.self, ReconstructCommand.self,
        SampleCommand.self, DecodeCommand.self, InterpolateCommand.self, MorphCommand.self,
        FilmCommand.self,
        EditCommand.self, TraverseCommand.self, SurroundingsCommand.self,
        TransferCommand.self, CompleteCommand.self, ManifoldCommand.self, PlanesCommand.self,
        FiltersCommand.self,
        ClassifyCommand.self,
        MapCommand.self, ProbeCommand.self, DisentangleCommand.self, PosesCommand.self,
        FineTuneCommand.self,
        MicrographCommand.self, PatchesCommand.self, MapBackCommand.self, DiscoverCommand.self,
        EmbedCommand.self, CodesCommand.self,
        CompareCommand.self, TradeOffCommand.self, SpectrumCommand.self, EstimatesCommand.self,
        ApplyCommand.self,
        SchemaCommand.self, ScoreCommand.self, ImputeCommand.self, ReportCommand.self,
        HelpCommand.self,
    ]

    /// - Parameter words: the arguments after the program's name.
    /// - Returns: the exit status: 0 for success, 1 for a failure, 2 for invalid arguments, and 128
    ///   plus the signal's number (130 for Ctrl-C) if a signal ended the work.
    public static func run(_ words: [String]) -> Int32 {
        StandardStreams.prepare()
        Interrupt.prepare()
        do {
            try Environment.check()
            try dispatch(words)
            return 0
        } catch let error as UsageError {
            complain("\(error)")
            return 2
        } catch let interruption as Interruption {
            complain("\(interruption)")
            return 128 + interruption.signal
        } catch StandardStreams.Failure.readerIsGone {
            return 1
        } catch {
            complain("\(error)")
            return 1
        }
    }

    private static func dispatch(_ words: [String]) throws {
        switch words.first {
        case nil, "--help": try StandardStreams.write(HelpCommand.overview)
        case "--version": try StandardStreams.write("tapestry \(version)\n")
        case .some(let word):
            let command = try command(named: word)
            let arguments = try Arguments(
                Array(words.dropFirst()), options: command.options, operands: command.operands,
                isOpen: command.repeatsLastOperand, takesOthers: command.takesRecipeOptions)
            if arguments.has(.help) {
                try StandardStreams.write(command.help)
            } else {
                try command.run(arguments)
            }
        }
    }

    static func command(named name: String) throws(UsageError) -> any Command.Type {
        if let command = commands.first(where: { $0.name == name }) { return command }
        guard name.hasPrefix("-") else {
            throw UsageError(unknown: "command", name, known: commands.map { $0.name })
        }
        throw UsageError(unknown: "option", name, known: ["--help", "--version"])
    }

    /// Writes a message as one line to standard error.
    static func complain(_ message: String) {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        Terminal.write("tapestry: \(line)\n")
    }
}

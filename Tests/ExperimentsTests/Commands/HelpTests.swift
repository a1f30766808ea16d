import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

@Suite struct HelpTests {
    private let folder = TestFolder()

    @Test func aloneItPrintsItsHelp() throws {
        let outcome = try tapestry(in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        for command in Program.commands {
            #expect(outcome.output.contains("  \(command.name)"))
        }
        for words in ["--help", "help"] {
            #expect(try tapestry(words, in: folder).output == outcome.output)
        }
    }

    @Test(arguments: Program.commands.map { $0.name })
    func everyCommandHasHelp(name: String) throws {
        let command = try Program.command(named: name)
        let asked = try tapestry("help", name, in: folder)
        let option = try tapestry(name, "--help", in: folder)
        #expect(asked.status == 0 && asked.error.isEmpty)
        #expect(option.output == asked.output && option.status == 0)
        #expect(asked.output.contains("Usage: tapestry \(name)"))
        for option in command.options { #expect(asked.output.contains("--\(option.name)")) }
    }

    /// Epochs begin where the recipe does: at 0 only if layers are trained before.
    @Test(arguments: [("vae", 1), ("table", 1), ("stacked", 0), ("dbn", 0)])
    func epochsBeginWhereTheRecipeDoes(recipe: String, least: Int) throws {
        let help = try tapestry("help", "train", recipe, in: folder).output
        #expect(help.contains(/passes over the training\s+data/))
        let words = help.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(
            words.contains(
                "passes over the training data (a whole number from \(least) to 1000000; default"))
    }

    @Test func theVersionIsALine() throws {
        let outcome = try tapestry("--version", in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.output == "tapestry \(Program.version)\n")
    }

    @Test func listNamesRecipesAndDataSets() throws {
        let outcome = try tapestry("list", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        for recipe in Recipes.zoo {
            #expect(outcome.output.contains("  \(recipe.name) "))
            #expect(outcome.output.contains(recipe.summary))
        }
        for name in Dataset.names { #expect(outcome.output.contains("  \(name) ")) }
    }

    @Test func aReaderThatIsGoneIsNoComplaint() throws {
        let pipe = Pipe()
        try pipe.fileHandleForReading.close()
        let process = try ProgramProcess(
            ["list"], in: folder, output: pipe.fileHandleForWriting)
        let outcome = try process.outcome()
        #expect(outcome.status == 1)
        #expect(outcome.error.isEmpty)
    }

    @Test func aClosedOutputIsAFailure() throws {
        let outcome = try tapestry("list", in: folder, shell: #""$0" "$@" >&-"#)
        #expect(outcome.status == 1)
        #expect(
            outcome.complaints == [
                "tapestry: standard output: expected to write, found "
                    + "Bad file descriptor"
            ])
    }
}

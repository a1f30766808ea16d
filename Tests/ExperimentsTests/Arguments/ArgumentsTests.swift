import Autograd
import Datasets
import Models
import Testing

@testable import Experiments

@Suite struct ArgumentsTests {
    private static let epochs = CommandOption("epochs", "N", "")
    private static let learningRate = CommandOption("learning-rate", "X", "")
    private let options: [CommandOption] = [epochs, learningRate, .output, .quiet]

    private func parse(_ words: String..., operands: [String] = ["RUN"]) throws -> Arguments {
        try Arguments(words, options: options, operands: operands)
    }

    private func complaint(of body: () throws -> Any?) -> String? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? UsageError)?.description
        }
    }

    @Test func operandsAndOptionsComeInAnyOrder() throws {
        let arguments = try parse("--epochs", "3", "here", "--quiet", "--output=there=yes")
        #expect(arguments.operands == ["here"])
        #expect(try arguments.integer(Self.epochs, in: 1...9) == 3)
        #expect(arguments.has(.quiet))
        #expect(arguments.string(.output) == "there=yes")
        #expect(try arguments.number(Self.learningRate, expected: "") { _ in true } == nil)
    }

    @Test func numbersMayBeNegative() throws {
        let arguments = try parse("-3", "--learning-rate", "-1e-3")
        #expect(arguments.operands == ["-3"])
        #expect(try arguments.number(Self.learningRate, expected: "") { $0 < 0 } == -0.001)
    }

    @Test func helpIsAnOptionOfEveryCommand() throws {
        #expect(try parse("--help").has(.help))
    }

    @Test(arguments: [
        (["--epoch", "3"], #"unknown option "--epoch": did you mean "--epochs"?"#),
        (["-e", "3"], #"unknown option "-e": options have long names, such as --help"#),
        (["--quiet=yes"], "--quiet takes no value"),
        (["--epochs"], "--epochs needs a value: N"),
        (["--epochs", "--quiet"], "--epochs needs a value: N"),
        (["--epochs="], "--epochs needs a value: N"),
        (["--epochs", "1", "--epochs", "2"], "--epochs is given twice"),
        (["one", "two"], #"unexpected argument "two""#),
    ])
    func aLineSaysWhatIsWrong(words: [String], message: String) {
        #expect(
            complaint { try Arguments(words, options: options, operands: ["RUN"]) } == message)
    }

    @Test(arguments: ["0", "-1", "1.5", "1e3", "", "ten", "99999999999999999999"])
    func wholeNumbersAreChecked(text: String) throws {
        let arguments = try? parse("--epochs=\(text)")
        let message = complaint { try arguments?.integer(Self.epochs, in: 1...Int.max) }
        #expect(
            text.isEmpty
                ? arguments == nil
                : message == "--epochs \(text): expected a whole number of at least 1")
    }

    @Test(arguments: ["nan", "inf", "-inf", "1e999", "0x", "0", "-1"])
    func numbersAreChecked(text: String) throws {
        let arguments = try parse("--learning-rate=\(text)")
        let message = complaint {
            try arguments.number(Self.learningRate, expected: "a number above 0") { $0 > 0 }
        }
        #expect(message == "--learning-rate \(text): expected a number above 0")
        #expect(throws: OptionError.self) {
            try VariationalAutoencoder().choosing(["learning-rate": text])
        }
    }

    /// Where a command takes those of a recipe, options that it does not know have a value each.
    @Test func othersAreKept() throws {
        func parse(_ words: String...) throws -> Arguments {
            try Arguments(words, options: options, operands: ["RECIPE"], takesOthers: true)
        }
        let arguments = try parse("--beta", "-1", "vae", "--latent-size=3", "--quiet")
        #expect(arguments.others == ["beta": "-1", "latent-size": "3"])
        #expect(arguments.operands == ["vae"] && arguments.has(.quiet))
        #expect(complaint { try parse("--beta", "1", "--beta", "2") } == "--beta is given twice")
        #expect(complaint { try parse("--beta") } != nil)
    }

    @Test(arguments: ["chart.svg", "a/chart.PNG", ".svg"])
    func outputsMayEndInEitherCase(path: String) throws {
        let arguments = try parse("--output", path)
        #expect(try arguments.outputPath(.output, endingIn: [".svg", ".png"]) == path)
    }

    @Test(arguments: ["chart", "chart.pdf", "png", "chart.svg.gz"])
    func outputsOfOtherEndingsAreRefused(path: String) throws {
        let message = complaint {
            try parse("--output", path).outputPath(.output, endingIn: [".svg", ".png"])
        }
        #expect(message == "--output \(path): expected a name that ends in .svg or .png")
        #expect(try parse().outputPath(.output, endingIn: [".svg"]) == nil)
    }

    @Test func whatIsMissingIsNamed() throws {
        let arguments = try parse()
        #expect(complaint { try arguments.operand(0, "RUN") } == "RUN is missing")
    }

    /// What a run's configuration is told by makes the same configuration again.
    @Test func theCommandLineOfARunMakesItsOptionsAgain() throws {
        var recipe = VariationalAutoencoder()
        recipe.training.learningRate = 0.1 + 0.2
        recipe.training.batchSize = 17
        let configuration = try TrainingRun.Configuration(
            recipe: recipe, data: DataSelection("/a b/it's.npy"),
            samples: DataDescription(sampleShape: [4]), version: "")
        let line = commandLine(of: configuration, recipe)
        #expect(
            line == "tapestry train vae --data '/a b/it'\\''s.npy' --batch-size 17 "
                + "--learning-rate 0.30000000000000004")
        let words = line.split(separator: " ").suffix(4).map(String.init)
        let arguments = try Arguments(
            words, options: TrainCommand.options, operands: [], takesOthers: true)
        #expect(try VariationalAutoencoder().choosing(arguments.others) == recipe)
    }

    /// A recipe's own data need not be asked for; others must, also those that are the usual ones.
    @Test(arguments: [("colour-shapes", ""), ("digits", " --data digits")])
    func theCommandLineNamesDataWhereItMust(data: String, words: String) throws {
        let recipe = Superresolution()
        let configuration = try TrainingRun.Configuration(
            recipe: recipe, data: DataSelection(data),
            samples: DataDescription(sampleShape: [4, 4]), version: "")
        #expect(commandLine(of: configuration, recipe) == "tapestry train superresolve" + words)
    }
}

import Autograd
import Models
import Testing

@testable import tapestry

@Suite struct ArgumentsTests {
    private let options: [Option] = [.epochs, .learningRate, .output, .quiet]

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
        #expect(try arguments.integer(.epochs, in: 1...9) == 3)
        #expect(arguments.has(.quiet))
        #expect(arguments.string(.output) == "there=yes")
        #expect(try arguments.number(.learningRate, expected: "") { _ in true } == nil)
    }

    @Test func numbersMayBeNegative() throws {
        let arguments = try parse("-3", "--learning-rate", "-1e-3")
        #expect(arguments.operands == ["-3"])
        #expect(try arguments.number(.learningRate, expected: "") { $0 < 0 } == -0.001)
    }

    @Test func helpIsAnOptionOfEveryCommand() throws {
        #expect(try parse("--help").has(.help))
    }

    @Test(arguments: [
        (["--epoch", "3"], #"unknown option "--epoch": did you mean "--epochs"?"#),
        (["-e", "3"], #"unknown option "-e": options have long names, as --help"#),
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
        let message = complaint { try arguments?.integer(.epochs, in: 1...Int.max) }
        #expect(
            text.isEmpty
                ? arguments == nil
                : message == "--epochs \(text): expected a whole number of at least 1")
    }

    @Test(arguments: ["nan", "inf", "-inf", "1e999", "0x", "0", "-1"])
    func numbersAreChecked(text: String) throws {
        let arguments = try parse("--learning-rate=\(text)")
        #expect(
            complaint { try arguments.settings(changing: Recipe.all[0].defaults) }
                == "--learning-rate \(text): expected a number above 0")
    }

    @Test func whatIsMissingIsNamed() throws {
        let arguments = try parse()
        #expect(complaint { try arguments.operand(0, "RUN") } == "RUN is missing")
    }

    @Test func settingsChangeOnlyWhereAsked() throws {
        let base = Recipe.all[0].defaults
        let words = ["--epochs", "7", "--latent-size", "3", "--seed", "9", "--beta", "0"]
        let arguments = try Arguments(words, options: TrainCommand.options, operands: [])
        var expected = base
        expected.epochs = 7
        expected.latentSize = 3
        expected.seed = 9
        expected.beta = 0
        #expect(try arguments.settings(changing: base) == expected)
        #expect(
            try Arguments([], options: [], operands: []).settings(changing: base) == base)
    }

    /// What a run's configuration is told by makes the same configuration again.
    @Test func theCommandLineOfARunMakesItsSettingsAgain() throws {
        let recipe = Recipe.variationalAutoencoder
        var settings = recipe.defaults
        settings.learningRate = 0.1 + 0.2
        settings.batchSize = 17
        let configuration = Run.Configuration(
            recipe: recipe.name, settings: settings, data: "/a b/it's.npy", sampleShape: [4],
            version: "")
        let line = commandLine(of: configuration)
        #expect(
            line == "tapestry train vae --data '/a b/it'\\''s.npy' --batch-size 17 "
                + "--learning-rate 0.30000000000000004")
        let words = line.split(separator: " ").suffix(4).map(String.init)
        let arguments = try Arguments(words, options: TrainCommand.options, operands: [])
        #expect(try arguments.settings(changing: recipe.defaults) == settings)
    }

    /// A recipe's own data need not be asked for; others must, also those that are the usual ones.
    @Test(arguments: [("colour-shapes", ""), ("digits", " --data digits")])
    func theCommandLineNamesDataWhereItMust(data: String, words: String) {
        let recipe = Recipe.superresolve
        let configuration = Run.Configuration(
            recipe: recipe.name, settings: recipe.defaults, data: data, sampleShape: [4, 4],
            version: "")
        #expect(commandLine(of: configuration) == "tapestry train superresolve" + words)
    }
}

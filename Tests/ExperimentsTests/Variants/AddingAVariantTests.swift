import Autograd
import Datasets
import Experiments
import Foundation
import Models
import Testing

/// A variant of one's own, in one file and through the public interface, has all that those of the
/// zoo have.
@Suite struct AddingAVariantTests {
    private let folder = TestFolder()
    private var path: String { folder.path("run") }

    private static func small(epochs: Int = 2) throws -> AnnealedVAE {
        try AnnealedVAE().choosing(["epochs": "\(epochs)", "warm-up": "5", "beta": "0.5"])
    }

    private static func digits() throws -> Dataset { try Dataset.named("digits8x8") }

    @Test func optionsAreOneLineEach() throws {
        let options = AnnealedVAE().options
        #expect(options.prefix(2).map(\.name) == ["beta", "warm-up"])
        #expect(options[1].help == "steps until the divergence has its full weight")
        #expect(options[1].expected == "a whole number from 0 to 1000000")
        #expect(options.map(\.name).contains("learning-rate"))
        #expect(throws: OptionError.self) { try AnnealedVAE().choosing(["warm-up": "-1"]) }
    }

    @Test func itIsTrainedAndReported() throws {
        let experiment = try Experiment(Self.small(), on: Self.digits())
        let summary = try experiment.train(in: path)
        #expect(summary.epochs == 2 && summary.test["elbo"] != nil)
        let page = try folder.text("run/report.html")
        for part in ["annealed-vae on digits8x8", "Samples", "Latent space", "warm up", "0.5"] {
            #expect(page.contains(part), "\(part)")
        }
        for file in ["reconstructions.png", "samples.png", "latent.csv", "checkpoint.safetensors"] {
            #expect(folder.exists("run/\(file)"))
        }

        let model = try TrainingRun.open(at: path).model()
        let codes = (model as? any Encodes)?.encode(try Self.digits().test.batch(0..<3).input)
        #expect(codes?.shape == [3, 2])
        var generator = RandomGenerator(seed: 1)
        let samples = (model as? any Generates)?.sample(4, using: &generator)
        #expect(samples?.shape == [4, 8, 8])
    }

    /// The weight that is under way goes on where it was.
    @Test func itGoesOnToTheLastBit() throws {
        let whole = try Experiment(Self.small(), on: Self.digits())
        try whole.train(in: folder.path("whole"))
        var asked = 0
        #expect(throws: CancellationError.self) {
            let monitor = ProgressMonitor {
                asked += 1
                return asked > 3
            }
            try Experiment(Self.small(), on: Self.digits()).train(in: path, monitor: monitor)
        }
        try Experiment(Self.small(), on: Self.digits()).train(in: path)
        let file = "checkpoint.safetensors"
        #expect(try folder.bytes("run/\(file)") == folder.bytes("whole/\(file)"))
        // More epochs go on with it, others options do not.
        let more = try Experiment(Self.small(epochs: 3), on: Self.digits()).train(in: path)
        #expect(more.epochs == 3)
        #expect(throws: FileError.self) {
            try Experiment(AnnealedVAE(), on: Self.digits()).train(in: path)
        }
    }

    /// The commands know it as they know the zoo's.
    @Test func commandsTakeIt() throws {
        Recipes.add(AnnealedVAE.self)
        #expect(try Recipes.named("annealed-vae") is AnnealedVAE)
        let status = Program.run([
            "train", "annealed-vae", "--data", "digits8x8", "--warm-up", "3", "--epochs", "1",
            "--output", path, "--quiet", "--json",
        ])
        #expect(status == 0)
        #expect(try TrainingRun.open(at: path).recipe(as: AnnealedVAE.self).warmUp == 3)
        #expect(Program.run(["train", "annealed-vae", "--warm-up", "-3"]) == 2)
        #expect(Program.run(["sample", path, "--quiet"]) == 0)
    }

    /// A model of one's own, whose passes and codes need labels.
    @Test func aConditionalModel() throws {
        let recipe = try ConditionalVAERecipe().choosing(["epochs": "6"])
        let summary = try Experiment(recipe, on: Self.digits()).train(in: path)
        #expect(summary.test["elbo"]! > -40)
        #expect(folder.exists("run/samples.png") && folder.exists("run/latent.csv"))

        let model = try #require(try TrainingRun.open(at: path).model() as? ConditionalVAE)
        #expect(model.classes == 10)
        var (first, second) = (RandomGenerator(seed: 1), RandomGenerator(seed: 1))
        let threes = model.sample(
            20, given: Tensor(repeating: 3, shape: [20], dataType: .int32), using: &first)
        let sevens = model.sample(
            20, given: Tensor(repeating: 7, shape: [20], dataType: .int32), using: &second)
        #expect(abs(threes - sevens).mean().scalar > 0.02)

        for words in [
            ["sample", path, "--label", "3"], ["evaluate", path], ["reconstruct", path],
            ["embed", path], ["score", path], ["score", path, "--by", "neighbours"],
            ["evaluate", path, "--quality"],
        ] { #expect(Program.run(words + ["--quiet"]) == 0, "\(words)") }
        #expect(Program.run(["sample", path, "--label", "twelve", "--quiet"]) == 2)
        // It decodes no code without its label, and knows no samples without one.
        let file = folder.path("unlabelled.npy")
        try NPY.write(Tensor(repeating: 0.5, shape: [3, 8, 8]), to: file)
        for words in [
            ["interpolate", path], ["evaluate", path, "--data", file], ["score", path, file],
        ] {
            #expect(Program.run(words + ["--quiet"]) == 1, "\(words)")
        }
        let unlabelled = Dataset(
            name: "noise", training: Examples(Tensor.ones([4, 3])),
            test: Examples(Tensor.ones([2, 3])), classNames: [], source: "")
        let error = #expect(throws: FileError.self) { try Experiment(recipe, on: unlabelled) }
        #expect(error?.expected.contains("a label for each sample") == true)
    }

    @Test func optionsOfTheCommandAreTaken() async {
        struct Greedy: Recipe {
            static let name = "greedy"
            static let summary = ""
            static let citation = ""
            @Option("where to") var output = 3
            var training = TrainingOptions()
            func program(
                for data: DataDescription, using generator: inout RandomGenerator
            ) -> any TrainingProgram { AnnealedVAE().program(for: data, using: &generator) }
        }
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = try Experiment(Greedy(), on: Dataset.named("digits8x8")) }
        let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(text.contains("has an option --output, like tapestry train"))
    }

    /// The page in the documentation shows what stands here, line by line.
    @Test func thePageShowsThisCode() throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(
            contentsOf: root.appending(
                path: "Sources/Experiments/Experiments.docc/AddingAVariant.md"), encoding: .utf8)
        let tested = try ["AnnealedVAE.swift", "ConditionalVAE.swift", "AddingAVariantTests.swift"]
            .flatMap {
                try String(contentsOf: here.appending(path: $0), encoding: .utf8)
                    .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            }
        let blocks = page.components(separatedBy: "```swift\n").dropFirst().map { block in
            block.components(separatedBy: "```")[0].split(separator: "\n")
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(blocks.count == 6)
        for line in blocks.joined() {
            #expect(tested.contains(line), "not tested: \(line)")
        }
    }

    /// What the page's program does, in a function.
    private func program(_ words: [String]) throws -> Int32 {
        let experiment = try Experiment(AnnealedVAE(), on: Dataset.named("digits"))
        let summary = try experiment.train(in: "runs/annealed")
        print(summary.test["elbo"] ?? .nan)

        let model = try TrainingRun.open(at: "runs/annealed").model()
        if let model = model as? any Generates {
            var generator = RandomGenerator(seed: 1)
            print(model.sample(4, using: &generator))
        }

        Recipes.add(AnnealedVAE.self)
        exit(Program.run(Array(CommandLine.arguments.dropFirst())))
    }
}

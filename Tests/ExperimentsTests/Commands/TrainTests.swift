import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

@Suite struct TrainTests {
    @Test func aRunHoldsWhatWasAskedAndWhatCameOfIt() throws {
        let (folder, outcome) = TrainedFixture.made
        #expect(outcome.status == 0)
        #expect(
            try folder.names(in: "run") == [
                "config.json", "metrics.jsonl", "checkpoint.safetensors", "reconstructions.png",
                "samples.png", "traversals.png", "traversals.csv", "filters.png", "rates.csv",
                "units.csv", "latent.png", "latent.svg",
                "latent.csv",
                "principal.png", "principal.svg",
                "principal.csv",
                "loss.svg", "explorer.json",
                "report.html", "summary.json",
            ])
        let run = try TrainingRun.open(at: folder.path("run"))
        #expect(run.configuration.recipe == "vae")
        #expect(run.configuration.data == DataSelection("digits8x8"))
        let recipe = try run.recipe(as: VariationalAutoencoder.self)
        #expect(recipe.training.epochs == 2 && recipe.latentSize == 2)
        #expect(run.configuration.samples.sampleShape == [8, 8])
        let history = try run.history()
        #expect(history.map(\.epoch) == [1, 2])
        #expect(history[1].training["loss"]! < history[0].training["loss"]!)
        #expect(history[1].heldOut["loss"]! < history[0].heldOut["loss"]!)
    }

    @Test func picturesCanBeSeen() throws {
        let folder = TrainedFixture.made.folder
        // Tiles of 8 × 8 at eight times their size, ten in a row, four pixels between them.
        let width = 10 * 68 + 4
        let reconstructions = try PNG.read(folder.path("run/reconstructions.png"))
        #expect(reconstructions.width == width && reconstructions.height == 6 * 68 + 4 + 2 * 8)
        let samples = try PNG.read(folder.path("run/samples.png"))
        #expect(samples.width == width && samples.height == 6 * 68 + 4)
        let latent = try PNG.read(folder.path("run/latent.png"))
        // Many points in the colours of ten classes.
        #expect(Set(latent.pixels.chunks(of: 3)).count > 100)
        // An original stands in the picture pixel by pixel.
        let original = try Dataset.named("digits8x8").test.inputs[0]
        let pixels = original.elements(as: UInt8.self)
        for (index, pixel) in pixels.enumerated() {
            let (row, column) = (4 + index / 8 * 8 + 3, 4 + index % 8 * 8 + 3)
            #expect(reconstructions.pixels[(row * width + column) * 3] == pixel)
        }
    }

    @Test func jsonIsOneObjectAndNothingElse() throws {
        let outcome = TrainedFixture.made.outcome
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(object["run"] as? String == "run")
        #expect(object["recipe"] as? String == "vae")
        #expect(object["data"] as? String == "digits8x8")
        #expect(object["epochs"] as? Int == 2)
        #expect(object["trainingSamples"] as? Int == 1437)
        #expect(object["steps"] as? Int == 24)
        // 64·400+400 + 2·(400·2+2) + 2·400+400 + 400·64+64
        #expect(object["parameters"] as? Int == 54_468)
        for name in ["seconds", "samplesPerSecond"] {
            #expect(try #require(object[name] as? Double) > 0)
        }
        let test = try #require(object["test"] as? [String: Double])
        #expect(
            Set(test.keys) == [
                "loss", "negativeLogLikelihood", "kullbackLeibler", "squaredError", "elbo",
                "activeUnits",
            ])
        let bound = test["negativeLogLikelihood"]! + test["kullbackLeibler"]!
        #expect(abs(test["elbo"]! + bound) < 1e-9)
        let training = try #require(object["training"] as? [String: Double])
        #expect(Set(training.keys) == ["loss", "negativeLogLikelihood", "kullbackLeibler"])
        // Progress went elsewhere, in plain lines.
        #expect(outcome.error.split(separator: "\n").count == 2)
        #expect(outcome.error.hasPrefix("epoch 1/2  loss "))
        #expect(!outcome.error.contains("\r"))
    }

    @Test func theReportIsWhole() throws {
        let page = try TrainedFixture.made.folder.text("run/report.html")
        for part in [
            "Reconstructions", "Samples", "Loss", "Latent space", "Evidence lower bound",
            "encoder.logVariance", "Dense", "54,468", "digits8x8",
            "tapestry train vae --data digits8x8 --latent-size 2 --epochs 2",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        #expect(!page.contains("http://") || page.contains("http://www.w3.org/2000/svg"))
        #expect(!page.contains("https://"))
        #expect(page.contains("data:image/png;base64,"))
    }

    /// Parameters of another run, or of another program, to begin with: all of them, or those that
    /// both have.
    @Test func parametersOfAFileAreBegunWith() throws {
        let folder = TestFolder()
        try folder.copy("run", from: TrainedFixture.made.folder)
        func train(_ words: String...) throws -> ProgramOutcome {
            let all =
                [
                    "train", "vae", "--data", "digits8x8", "--epochs", "1", "--learning-rate",
                    "1e-12",
                ]
                + words
            return try ProgramProcess(all, in: folder).outcome()
        }
        let file = "run/checkpoint.safetensors"
        let same = try train("--latent-size", "2", "--parameters", file, "--output", "same")
        #expect(same.status == 0 && same.complaints.isEmpty)
        let (begun, known) = try (
            TrainingRun.open(at: folder.path("same")).model(),
            TrainingRun.open(at: folder.path("run")).model()
        )
        for (tensor, expected) in zip(begun.tensors, known.tensors) {
            #expect(abs(tensor - expected).max().scalar < 1e-6)
        }
        let page = try folder.text("same/report.html")
        #expect(page.contains("--parameters \(folder.path(file))"))

        let other = try train("--latent-size", "3", "--parameters", file, "--output", "other")
        #expect(other.status == 1 && !folder.exists("other"))
        #expect(other.error.contains("encoder.mean.weight"))
        let encoder = known.parameters.filter { $0.path.hasPrefix("encoder.") }
        var tensors = Dictionary(uniqueKeysWithValues: encoder.map { ($0.path, $0.tensor) })
        tensors["head.weight"] = Tensor.ones([2])
        try Safetensors(tensors).write(to: folder.path("part.safetensors"))
        let part = ["--latent-size", "2", "--parameters", "part.safetensors"]
        #expect(try train(part[0], part[1], part[2], part[3], "--output", "no").status == 1)
        let partial = try train(
            part[0], part[1], part[2], part[3], "--partial", "--output", "partial")
        #expect(partial.status == 0 && partial.complaints.count == 2)
        #expect(partial.error.contains("not in the file, initialised at random: \"decoder.head"))
        #expect(partial.error.contains("not in the model: \"head.weight\""))
        let alone = try train("--partial")
        #expect(alone.error == "tapestry: --partial: only with --parameters PATH\n")
    }

    /// Of a model that tells a bound on the likelihood, whose mean is that of the evaluation.
    @Test func samplesAreScoredByTheirLikelihood() throws {
        let folder = TestFolder()
        try folder.copy("run", from: TrainedFixture.made.folder)
        let outcome = try tapestry(
            "score", "run", "--by", "likelihood", "--quiet", "--output", "scores", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let table = try CSV.read(folder.path("scores/scores.csv"))
        let column = try #require(table.header.firstIndex(of: "score"))
        let scores = table.rows.compactMap { Double($0[column]) }
        let bound = try #require(
            try TrainingRun.open(at: folder.path("run")).history().last?.heldOut["elbo"])
        let mean = scores.reduce(0, +) / Double(scores.count)
        #expect(scores.count == 360 && abs(mean + bound) < 0.05 * abs(bound))
    }

    @Test func foldersAreNumberedAndQuietIsQuiet() throws {
        let folder = TestFolder()
        let pictures = Tensor(
            (0..<20 * 16).map { UInt8($0 % 256) }, shape: [20, 4, 4])
        try NPY.write(pictures, to: folder.path("tiny.npy"))
        // Fewer samples than the batch size of 128, and fewer than there are tiles.
        for number in 1...2 {
            let outcome = try tapestry(
                "train", "autoencoder", "--data", "tiny.npy", "--epochs", "1", "--latent-size",
                "3", "--quiet", in: folder)
            #expect(outcome.status == 0)
            #expect(outcome.error.isEmpty)
            #expect(outcome.output.contains("The run is in runs/autoencoder-\(number);"))
        }
        #expect(try folder.names(in: "runs") == ["autoencoder-1", "autoencoder-2"])
        // The data are found again from elsewhere.
        let elsewhere = TestFolder()
        let evaluated = try tapestry(
            "evaluate", folder.path("runs/autoencoder-1"), in: elsewhere)
        #expect(evaluated.status == 0)
        #expect(try folder.text("runs/autoencoder-1/report.html").contains("fitted to the codes"))
    }

    @Test func threadsDoNotMatter() throws {
        let folder = TestFolder()
        for threads in ["1", "2"] {
            let outcome = try tapestry(
                "train", "vae", "--data", "digits8x8", "--epochs", "1", "--threads", threads,
                "--output", "run\(threads)", "--quiet", in: folder)
            #expect(outcome.status == 0)
        }
        try expectEqualTensors(folder.path("run1"), folder.path("run2"))
    }

    /// Numbers that are no grey values need no option.
    @Test(arguments: ["autoencoder", "vae"])
    func anyNumbersAreTrainedOn(recipe: String) throws {
        let folder = TestFolder()
        let rows = (0..<60).map { "\(1000 + 3 * $0),\(0.001 * Double($0 % 7) - 0.5)" }
        try folder.write("size,share\n" + rows.joined(separator: "\n"), to: "points.csv")
        let training = try tapestry(
            "train", recipe, "--data", "points.csv", "--hidden-sizes", "8", "--latent-size", "1",
            "--epochs", "2", "--output", "run", in: folder)
        #expect(training.status == 0, "\(training.error)")
        let note = "columns are standardised, with a Gaussian likelihood"
        #expect(training.error.contains(note))
        #expect(try folder.text("run/report.html").contains(note))
    }

    /// Layers that are trained one by one see the same scaled numbers as the whole.
    @Test(arguments: [
        ["stacked"], ["deep", "--pretraining", "autoencoders"],
        ["deep", "--pretraining", "boltzmann"],
    ])
    func layersAreTrainedOnAnyNumbers(recipe: [String]) throws {
        let folder = TestFolder()
        let rows = (0..<60).map { "\(1000 + 3 * $0),\(0.001 * Double($0 % 7) - 0.5)" }
        try folder.write("size,share\n" + rows.joined(separator: "\n"), to: "points.csv")
        let words =
            ["train"] + recipe + [
                "--data", "points.csv", "--hidden-sizes", "6", "--latent-size", "2",
                "--pretraining-epochs", "2", "--epochs", "2", "--output", "run", "--quiet",
            ]
        let training = try ProgramProcess(words, in: folder).outcome()
        #expect(training.status == 0, "\(training.error)")
        let written = try tapestry("reconstruct", "run", "--output", "rows.csv", in: folder)
        #expect(written.status == 0)
        let table = try CSV.readNumbers(folder.path("rows.csv"))
        #expect(table.header == ["size", "share"])
        // In the units of the data, however little was learned.
        #expect(table.values[.all, 0].min().scalar > 500)
    }

    @Test func whatARecipeMeasuresBesidesIsTold() throws {
        let folder = TestFolder()
        let training = try tapestry(
            "train", "linear", "--data", "rings", "--latent-size", "1", "--epochs", "1", "--quiet",
            "--output", "run", in: folder)
        #expect(training.status == 0)
        #expect(training.output.contains("Diagnostics:\n  Largest principal angle  "))
        let evaluation = try tapestry("evaluate", "run", "--json", in: folder)
        let answer = try #require(
            JSONSerialization.jsonObject(with: Data(evaluation.output.utf8)) as? [String: Any])
        let measures = try #require(answer["diagnostics"] as? [String: Double])
        #expect((0...Double.pi / 2).contains(measures["largestPrincipalAngle"] ?? -1))
    }

    /// What layers took that were trained one by one counts, and is told in place of no epochs.
    @Test func layersTrainedOneByOneCount() throws {
        let folder = TestFolder()
        let training = try tapestry(
            "train", "dbn", "--data", "digits8x8", "--hidden-sizes", "12", "--latent-size", "8",
            "--pretraining-epochs", "2", "--output", "run", "--quiet", in: folder)
        #expect(training.status == 0)
        #expect(
            training.output.contains("On 360 test samples, after 2 epochs of each of 2 layers:"))
        let summary = try JSONDecoder().decode(
            RunSummary.self, from: Data(folder.bytes("run/summary.json")))
        let layers = try #require(summary.layers)
        #expect(layers.map(\.epochs) == [2, 2] && layers.allSatisfy { $0.seconds > 0 })
        #expect(summary.epochs == 0 && summary.seconds == layers[0].seconds + layers[1].seconds)
        #expect(
            abs(summary.samplesPerSecond * summary.seconds - 4 * 1437) < 1e-6 * 4 * 1437)
        let run = try TrainingRun.open(at: folder.path("run"))
        #expect(try run.layers() == layers)
        let page = try folder.text("run/report.html")
        #expect(page.contains("trained for 2 epochs of each of 2 layers on 1,437 samples."))
        #expect(!page.contains("0 epochs") && !page.contains("of 0"))
        #expect(try TrainingRun.open(at: TrainedFixture.made.folder.path("run")).layers().isEmpty)
    }

    @Test(
        arguments: [
            ([], 1, nil, "one epoch"), ([], 3, nil, "3 epochs"), ([], 1, 5, "1 of 5 epochs"),
            ([], 1, 1, "1 of 1 epoch"),
            ([20, 20, 20], 0, nil, "20 epochs of each of 3 layers"),
            ([20, 20, 20], 0, 0, "20 epochs of each of 3 layers"),
            ([1, 1], 1, 4, "one epoch of each of 2 layers, then 1 of 4 epochs of the whole model"),
            ([10], 5, nil, "10 epochs of one layer, then 5 epochs of the whole model"),
            ([3, 2], 0, nil, "3, 2 epochs of 2 layers"),
        ] as [([Int], Int, Int?, String)])
    func trainingInWords(layers: [Int], epochs: Int, plan: Int?, words: String) {
        let layers = layers.map { TrainedLayer(epochs: $0, seconds: 1) }
        #expect(layers.description(epochs: epochs, of: plan) == words)
    }

    @Test func theSeedMatters() throws {
        let folder = TestFolder()
        let outcome = try tapestry(
            "train", "vae", "--data", "digits8x8", "--epochs", "2", "--latent-size", "2",
            "--seed", "1", "--output", "run", "--quiet", in: folder)
        #expect(outcome.status == 0)
        let name = "model.encoder.mean.weight"
        let mine = try Safetensors(contentsOf: folder.path("run/checkpoint.safetensors"))
        let other = try Safetensors(
            contentsOf: TrainedFixture.made.folder.path("run/checkpoint.safetensors"))
        let tensors = (try #require(mine.tensors[name]), try #require(other.tensors[name]))
        #expect(!tensors.0.isIdentical(to: tensors.1))
    }
}

/// Parameters, moments and step count of two runs are equal to the last bit.
func expectEqualTensors(
    _ first: String, _ second: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let first = try Safetensors(contentsOf: first + "/checkpoint.safetensors").tensors
    let second = try Safetensors(contentsOf: second + "/checkpoint.safetensors").tensors
    #expect(!first.isEmpty, sourceLocation: sourceLocation)
    #expect(first.keys.sorted() == second.keys.sorted(), sourceLocation: sourceLocation)
    for (name, tensor) in first {
        #expect(
            second[name].map { tensor.isIdentical(to: $0) } == true, "\(name)",
            sourceLocation: sourceLocation)
    }
}

extension Array {
    fileprivate func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}

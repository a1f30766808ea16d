import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Likelihoods and scales that fit the data.
@Suite struct OutputOptionsTests {
    /// Points near a line, in columns of very different sizes: a date in seconds, a share, a
    /// constant.
    private static let points: Tensor = {
        var generator = RandomGenerator(seed: 4)
        let place = generator.normal([600, 1], dataType: .float64)
        let noise = generator.normal([600, 2], dataType: .float64)
        return concatenated(
            [
                1e6 + 1e4 * (place + 0.1 * noise[.all, 0..<1]),
                1e-3 * (place - 0.1 * noise[.all, 1..<2]) - 0.5,
                Tensor.ones([600, 1]).cast(to: .float64) * 7,
            ], axis: 1
        ).cast(to: .float32)
    }()

    private static func dataset(_ inputs: Tensor) -> Dataset {
        Dataset(
            name: "points", training: Examples(inputs), test: Examples(inputs), classNames: [],
            source: "drawn")
    }

    @Test func numbersAreMeasured() throws {
        let numbers = try #require(SampleNumbers(of: Examples(Self.points)))
        let values = Self.points.cast(to: .float64)
        let mean = values.mean(axes: [0])
        let deviation = sqrt(square(values - mean).mean(axes: [0])).elements(as: Double.self)
        for column in 0..<3 {
            let expected = mean[column].scalar
            #expect(abs(numbers.means[column] - expected) <= 1e-9 * abs(expected))
            let spread = column < 2 ? deviation[column] : 1
            #expect(abs(numbers.deviations[column] - spread) <= 1e-9 * spread)
            #expect(numbers.least[column] == values[.all, column].min().scalar)
            #expect(numbers.greatest[column] == values[.all, column].max().scalar)
        }
        #expect(!numbers.areShares)

        let grey = try #require(SampleNumbers(of: Examples(bars().reshaped([50, 3, 4]))))
        #expect(grey.means.count == 1 && grey.areShares)
        let coloured = Tensor.range(48).reshaped([2, 3, 2, 4])
        let channels = try #require(SampleNumbers(of: Examples(coloured)))
        #expect(channels.means == [15.5, 23.5, 31.5] && channels.least == [0, 8, 16])
        // Bytes, the same as rounded numbers, and others.
        #expect(grey.areBytes == true && numbers.areBytes == false)
        let shares = bars().cast(to: .float32) / 255
        #expect(SampleNumbers(of: Examples(shares))?.areBytes == true)
        #expect(SampleNumbers(of: Examples(shares * 0.999))?.areBytes == false)
        #expect(SampleNumbers(of: Examples(Tensor([1, .nan] as [Float], shape: [2, 1]))) == nil)
    }

    @Test(arguments: [
        ("auto", "auto", false, "columns are standardised, with a Gaussian likelihood"),
        ("auto", "auto", true, nil),
        (
            "bernoulli", "auto", false,
            "columns are scaled from their range to 0 to 1, with a Bernoulli likelihood"
        ),
        ("gaussian", "auto", true, "samples are learned unscaled, with a Gaussian likelihood"),
        ("auto", "none", false, "samples are learned unscaled, with a Gaussian likelihood"),
        ("auto", "standard", true, "columns are standardised, with a Gaussian likelihood"),
        (
            "auto", "range", false,
            "columns are scaled from their range to 0 to 1, with a Bernoulli likelihood"
        ),
    ])
    func whatFitsIsChosen(likelihood: String, scale: String, areShares: Bool, note: String?) throws
    {
        let recipe = try DenseAutoencoder().choosing(["likelihood": likelihood, "scale": scale])
        let inputs = areShares ? sigmoid(Self.points / 1e6) : Self.points
        let data = DataDescription(Self.dataset(inputs))
        #expect(recipe.notes(on: data) == [note].compactMap { $0 })
        #expect(recipe.requirement(of: data) == nil)
        let wrong = try recipe.choosing(["likelihood": "bernoulli", "scale": "standard"])
        #expect(wrong.requirement(of: data)?.contains("--likelihood gaussian") == true)
    }

    /// Every choice lowers the loss of unseen samples, by the likelihood that was chosen and nothing
    /// else.
    @Test(arguments: [
        ["likelihood": "continuous-bernoulli"], ["likelihood": "discretized-logistic"],
        ["likelihood": "laplace"], ["likelihood": "student-t"], ["sigma": "learned"],
        ["sigma": "optimal"], ["sigma": "predicted"], ["sigma": "0.1"],
    ])
    func chosenLikelihoodsAreLearned(options: [String: String]) throws {
        let data = Self.dataset(bars(400).reshaped([400, 3, 4]))
        let description = DataDescription(data)
        let recipe = try VariationalAutoencoder().choosing(
            options.merging(["hidden-sizes": "16", "latent-size": "2", "learning-rate": "0.01"]) {
                own, _ in own
            })
        #expect(recipe.requirement(of: description) == nil)
        #expect(recipe.notes(on: description).count == 1)
        var generator = RandomGenerator(seed: 8)
        func train(_ program: some TrainingProgram) throws {
            let before = try program.metrics(on: data.test)
            var trainer = Trainer(program, plan: TrainingPlan(epochs: 8, batchSize: 50))
            try trainer.train(on: data.training)
            let after = try trainer.program.metrics(on: data.test)
            // A noise of 40 of 256 levels is left: at most log 40 nats, and log 40/255 with densities.
            let loss = try (#require(before["loss"]), #require(after["loss"]))
            #expect(loss.1 < loss.0 - 1, "\(loss)")
            let squares = try (
                #require(before["squaredError"]), #require(after["squaredError"])
            )
            #expect(squares.1 < 0.7 * squares.0, "\(squares)")
            // Bits where values have probabilities; log₂ 40 = 5.3 of them are the noise.
            #expect(
                (after["bitsPerDimension"] != nil)
                    == options.values.contains("discretized-logistic"))
            if let bits = after["bitsPerDimension"], let elbo = after["elbo"] {
                #expect(abs(bits + elbo / (12 * log(2))) < 1e-4 && 5.3...8 ~= bits, "\(bits)")
            }
        }
        try train(recipe.program(for: description, using: &generator))
    }

    /// What does not fit is refused, with what would be the nearest; what fits is not.
    @Test func whatDoesNotFitIsRefused() throws {
        let bytes = Self.dataset(bars().cast(to: .float32) / 255)
        let shares = Self.dataset(sigmoid(Self.points / 1e6))
        func refusal(_ dataset: Dataset, _ likelihood: String, _ scale: String = "auto") throws
            -> String?
        {
            try VariationalAutoencoder().choosing(["likelihood": likelihood, "scale": scale])
                .requirement(of: DataDescription(dataset))
        }
        #expect(try refusal(bytes, "discretized-logistic") == nil)
        #expect(
            try refusal(shares, "discretized-logistic")
                == "8-bit values, multiples of 1/255 from 0 to 1, "
                + "or --likelihood continuous-bernoulli")
        #expect(
            try refusal(Self.dataset(Self.points), "discretized-logistic")?
                .hasSuffix("--likelihood gaussian") == true)
        #expect(
            try refusal(bytes, "discretized-logistic", "range")?.contains("unscaled") == true)
        #expect(
            try refusal(shares, "continuous-bernoulli", "standard")?
                .contains("--likelihood gaussian") == true)
        #expect(try refusal(Self.dataset(Self.points), "continuous-bernoulli") == nil)
        for likelihood in ["laplace", "student-t"] {
            #expect(try refusal(Self.dataset(Self.points), likelihood) == nil)
        }
        let options: [any Recipe] = [VariationalAutoencoder(), DenseAutoencoder()]
        for (texts, recipe) in [
            (["sigma": "optimal", "likelihood": "laplace"], options[0]),
            (["sigma": "0"], options[0]),
            (["sigma": "predicted"], options[1]),
        ] {
            #expect(throws: OptionError.self) { try recipe.choosing(texts) }
        }
    }

    /// A run's options and numbers of before there were these choices.
    @Test func earlierRunsHaveTheirDefaults() throws {
        let old = #"{"output": {"likelihood": "gaussian", "scale": "none"}}"#
        let json = try JSONDecoder().decode(JSONValue.self, from: Data(old.utf8))
        let recipe = try VariationalAutoencoder(json)
        #expect(recipe.output.sigma == .automatic && recipe.output.likelihood == .gaussian)
        let numbers = #"{"least": [0], "greatest": [1], "means": [0.5], "deviations": [1]}"#
        let read = try JSONDecoder().decode(SampleNumbers.self, from: Data(numbers.utf8))
        #expect(read.areBytes == nil && read.areShares)
        for text in ["auto", "learned", "optimal", "predicted", "0.25"] {
            let chosen = try VariationalAutoencoder().choosing(["sigma": text])
            #expect(chosen.output.sigma.optionText == text)
            #expect(try VariationalAutoencoder(chosen.encoded()) == chosen)
        }
    }

    /// Each learns the line from numbers that no likelihood of grey values would take.
    @Test(arguments: Recipes.zoo.filter { $0.init() is any AnyNumbersRecipe }.map { $0.name })
    func anyNumbersAreLearned(name: String) throws {
        var recipe: any Recipe = try Recipes.named(name)
        recipe = try recipe.small(latentSize: 2, hiddenSizes: name == "deep" ? [] : [16])
            .choosing(["learning-rate": "0.01"])
        // Its codes are meant to say less than it takes.
        if name == "beta-vae" { recipe = try recipe.choosing(["beta": "1"]) }
        let isOfImages =
            name.hasSuffix("convolutional") || name.hasSuffix("rvae") || name == "vq-vae"
        let inputs = isOfImages ? Self.points.reshaped([100, 1, 3, 6]) : Self.points
        var data = DataDescription(Self.dataset(inputs))
        data.classes = 3
        let batch = Batch.labelled(inputs)
        guard recipe.requirement(of: data) == nil else {
            Issue.record("\(name): \(recipe.requirement(of: data) ?? "")")
            return
        }
        var generator = RandomGenerator(seed: 5)
        func train(_ program: some TrainingProgram) throws {
            var trainer = Trainer(
                program, plan: TrainingPlan(epochs: isOfImages ? 2 : 60, batchSize: 50))
            try trainer.train(on: Examples(inputs, labels: batch.labels))
            let model = try #require(trainer.model as? any Reconstructs)
            let result = model.reconstruct(batch)
            #expect(result.allFinite && result.shape == inputs.shape)
            // What has no encoder, or layers that are trained before, reconstructs nothing.
            guard !isOfImages, !["stacked", "naive-vae", "m1-m2"].contains(name) else {
                return
            }
            let spread = square(inputs - inputs.mean(axes: [0])).mean(axes: [0])
            let error = square(result - inputs).mean(axes: [0]) / spread
            // Of what varies at least half is explained; the constant column stays what it is.
            #expect(error[0].scalar < 0.5 && error[1].scalar < 0.5, "\(error)")
            #expect(abs(result[.all, 2] - 7).max().scalar < 1)
        }
        try train(recipe.program(for: data, using: &generator))
    }

    @Test func likelihoodsAreOfSamplesInTheirOwnUnits() throws {
        var generator = RandomGenerator(seed: 6)
        let data = DataDescription(Self.dataset(Self.points))
        let recipe = try VariationalAutoencoder().choosing([
            "hidden-sizes": "8", "latent-size": "2",
        ])
        let numbers = try #require(data.numbers)
        let built = recipe.program(for: data, using: &generator).model
        let model = try #require(built as? any Scores)
        var standard = data
        standard.numbers = nil
        let samples = Self.points[0..<5]
        let scale = SampleScale(
            shift: Tensor(numbers.means), unit: Tensor(numbers.deviations))
        // A Gaussian model of standardised numbers with the same parameters.
        let plain = try recipe.choosing(["likelihood": "gaussian", "scale": "none"])
            .program(for: standard, using: &generator).model
        var unscaled = try #require(plain as? any Scores)
        try withTemporaryDirectory { folder in
            let path = folder.appending(path: "parameters.safetensors").path
            try built.save(to: path)
            try unscaled.load(from: path)
        }
        var (first, second) = (generator, generator)
        let own = model.logLikelihood(of: Batch(samples), using: &first)
        let scaled = unscaled.logLikelihood(of: Batch(scale.scaled(samples)), using: &second)
        let factor = numbers.deviations.reduce(0) { $0 + log($1) }
        #expect(abs(own - (scaled - factor)).max().scalar < 1e-3)
        #expect(abs(scale.unscaled(scale.scaled(samples)) - samples).max().scalar < 0.1)
    }
}

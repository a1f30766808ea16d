import Autograd
import Datasets
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Outputs that start at the mean of the samples.
@Suite struct StartsAtMeanTests {
    /// Dark at the top and bright at the bottom, with some pixels that are always black or white.
    private static func samples(_ shape: [Int], count: Int = 40) -> Examples {
        var generator = RandomGenerator(seed: 81)
        let level = Tensor.range(shape.reduce(1, *)).reshaped(shape) / Double(shape.reduce(1, *))
        let noise = generator.uniform([count] + shape, from: -0.4, to: 0.4)
        return Examples(clamp(level + noise, from: 0, through: 1))
    }

    @Test func meansAreThoseOfTargets() {
        let inputs = Tensor([0, 255, 51, 51, 102, 204] as [UInt8], shape: [3, 2])
        let mean = Examples(inputs).mean()
        #expect(
            closeness(of: numbers(mean), to: [51.0 / 255, 170.0 / 255], tolerance: 1e-15).passes)
        let targets = Tensor([1.0, 2, 6], shape: [3, 1])
        #expect(Examples(inputs, targets: targets).mean().elements(as: Double.self) == [3])
        // In parts as well.
        let many = Self.samples([100, 100])
        let whole = many.inputs.cast(to: .float64).mean(axes: [0])
        #expect(closeness(of: many.mean(), to: whole, tolerance: 1e-12).passes)
    }

    /// What a code of zeros is decoded to by a recipe's model, which has no other biases yet.
    private func start(
        _ recipe: any Recipe, _ samples: Examples
    ) throws -> (found: Tensor, model: any AutoencoderModel) {
        var generator = RandomGenerator(seed: 82)
        let data = DataDescription(
            sampleShape: samples.shape, numbers: SampleNumbers(of: samples))
        let built = recipe.program(for: data, using: &generator).model
        var model = try #require(built as? any AutoencoderModel & StartsAtMean)
        model.startOutput(atMeanOf: samples)
        return (model.decode(.zeros([1, 2]))[0].cast(to: .float64), model)
    }

    @Test(arguments: [
        ("bernoulli", "auto"), ("gaussian", "auto"), ("gaussian", "predicted"),
        ("gaussian", "optimal"), ("laplace", "auto"), ("student-t", "auto"),
    ])
    func zerosAreDecodedToTheMean(likelihood: String, sigma: String) throws {
        let samples = Self.samples([5, 6])
        let recipe = try VariationalAutoencoder().choosing([
            "likelihood": likelihood, "sigma": sigma, "latent-size": "2",
        ])
        let (found, model) = try start(recipe, samples)
        let mean = samples.mean()
        #expect(mean.min().scalar < 0.2 && mean.max().scalar > 0.8)
        #expect(abs(found - mean).max().scalar < 1e-6)
        // Codes that say something change it.
        #expect(abs(model.decode(.ones([1, 2]))[0].cast(to: .float64) - found).max().scalar > 1e-3)
    }

    /// Means of 0 and 1 have no logit.
    @Test func probabilitiesAreLimited() throws {
        let samples = Examples(Tensor([0, 1, 0, 1] as [Float], shape: [2, 2]))
        for likelihood in ["bernoulli", "continuous-bernoulli"] {
            let recipe = try VariationalAutoencoder().choosing([
                "likelihood": likelihood, "latent-size": "2",
            ])
            let found = try start(recipe, samples).found.elements(as: Double.self)
            let expected = likelihood == "bernoulli" ? [0.001, 0.999] : [0.144, 0.856]
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-3 }, "\(found)")
        }
    }

    /// Behind a convolution each channel has one bias; scaled samples start at their own mean, too.
    @Test(arguments: ["bernoulli", "gaussian"], ["none", "standard", "range"])
    func channelsStartAtTheirMeans(likelihood: String, scale: String) throws {
        let samples = Self.samples([3, 6, 4])
        let recipe = try VariationalAutoencoder().choosing([
            "network": "convolutional", "channels": "4", "likelihood": likelihood, "scale": scale,
            "latent-size": "2",
        ])
        guard likelihood == "gaussian" || scale != "standard" else { return }
        let found = try start(recipe, samples).found
        let means = samples.mean().mean(axes: [1, 2], keepingAxes: true)
        #expect(abs(found - means).max().scalar < 1e-5)
    }

    /// Every recipe of an autoencoder that is trained as a whole does so, or says that it does not.
    @Test(arguments: Recipes.zoo.filter { $0.init() is any AnyNumbersRecipe }.map { $0.name })
    func recipesStartOrRefuse(name: String) throws {
        let recipe = try Recipes.named(name).small(latentSize: 2, hiddenSizes: [5])
            .choosing(["output-bias": "mean"])
        // As many as there are pseudo-inputs.
        let samples = Self.samples([6, 6], count: 500)
        let dataset = Dataset(
            name: "levels", training: samples, test: samples, classNames: [], source: "drawn")
        func configuration<R: Recipe>(_ recipe: R) throws -> TrainingRun.Configuration {
            var samples = DataDescription(dataset)
            samples.classes = 2
            return try TrainingRun.Configuration(
                recipe: recipe, data: DataSelection("levels"), samples: samples, version: "0")
        }
        let plain = try Blueprint(configuration(recipe.choosing(["output-bias": "zero"])))
        guard plain.model is any StartsAtMean, !(recipe is any PretrainedRecipe) else {
            let error = #expect(throws: OptionError.self) {
                try Blueprint(configuration(recipe))
            }
            #expect(error.map { "\($0)" }?.contains("zero with the recipe \(name)") == true)
            return
        }
        let blueprint = try Blueprint(configuration(recipe))
        func parameters(_ program: any TrainingProgram) -> [Tensor] {
            program.model.parameters.map(\.tensor)
        }
        let before = parameters(blueprint.program)
        let after = parameters(blueprint.startingProgram(on: samples))
        // The biases of the output alone.
        let changed = zip(before, after).filter { !$0.isIdentical(to: $1) }
        #expect(changed.count == 1 && changed.allSatisfy { $0.0.rank == 1 })
        let unchanged = parameters(plain.startingProgram(on: samples))
        #expect(zip(before, unchanged).allSatisfy { $0.isIdentical(to: $1) })
    }

    @Test func mistakesTrap() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var decoder = BernoulliDecoder(Reshape([2, 2]))
            decoder.startOutput(at: .zeros([2, 2]))
        }
        #expect(message(of: result).contains("has no biases to start at a mean"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            var decoder = GaussianDecoder(Dense(2, 4, using: &generator))
            decoder.startOutput(at: .zeros([3]))
        }
        #expect(message(of: result).contains("3 means for an output of 4 biases"))
    }
}

import Autograd
import Foundation
import Models
import Testing

@Suite struct ZooTests {
    @Test func recipesAreFoundByName() throws {
        #expect(try Recipe.named("vae").name == "vae")
        let names = Recipe.all.map(\.name)
        #expect(Set(names).count == names.count)
        let error = #expect(throws: UnknownRecipe.self) { try Recipe.named("autoencodr") }
        #expect(error?.nearest == "autoencoder")
        #expect(error?.description.contains("autoencodr") == true)
        let other = #expect(throws: UnknownRecipe.self) { try Recipe.named("vea") }
        #expect(other?.nearest == "vae")
    }

    @Test func settingsOutOfRangeAreNamed() throws {
        let usual = Recipe.autoencoder.defaults
        try usual.validate()
        let mistakes: [(String, (inout Settings) -> Void)] = [
            ("epochs", { $0.epochs = 0 }),
            ("batchSize", { $0.batchSize = 0 }),
            ("learningRate", { $0.learningRate = .nan }),
            ("latentSize", { $0.latentSize = -1 }),
            ("hiddenSizes", { $0.hiddenSizes = [16, 0] }),
            ("beta", { $0.beta = -.infinity }),
            ("penalty", { $0.penalty = -1 }),
            ("activeComponents", { $0.activeComponents = $0.latentSize + 1 }),
            ("evaluatedComponents", { $0.evaluatedComponents = $0.latentSize + 1 }),
            ("evaluatedComponents", { $0.evaluatedComponents = 0 }),
            ("factor", { $0.factor = 1 }),
        ]
        for (name, spoil) in mistakes {
            var settings = usual
            spoil(&settings)
            let error = #expect(throws: SettingsError.self) { try settings.validate() }
            #expect(error?.name == name)
        }
    }

    @Test func settingsAreReadAsWritten() throws {
        var settings = Recipe.variationalAutoencoder.defaults
        settings.beta = 0.1
        settings.seed = .max
        settings.reconstruction = .crossEntropy
        settings.schedule = .cosine
        settings.corruption = .masking(0.3)
        settings.activeComponents = 3
        settings.evaluatedComponents = 5
        settings.factor = 4
        let data = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(Settings.self, from: data) == settings)
    }

    @Test func evaluationInBatchesIsTheMeanOverSamples() throws {
        var generator = RandomGenerator(seed: 21)
        var settings = Recipe.autoencoder.defaults
        settings.latentSize = 2
        settings.hiddenSizes = [5]
        let (model, objective) = Recipe.autoencoder.build(settings, [3, 3], &generator)
        let model64 = model.cast(to: .float64)
        let input = generator.uniform([10, 3, 3], dataType: .float64)
        let whole = model64.evaluate(objective, on: input, batchSize: 10)
        let parts = model64.evaluate(objective, on: input, batchSize: 4)
        #expect(abs(whole.total - parts.total) < 1e-12)
        let expected = meanSquaredError(model64.reconstruct(input), input).scalar
        #expect(abs(try #require(parts["squaredError"]) - expected) < 1e-12)
        #expect(parts["no such term"] == nil)
        let others = model64.evaluate(objective, on: input, targets: 1 - input, batchSize: 3)
        let against = meanSquaredError(model64.reconstruct(input), 1 - input).scalar
        #expect(abs(others.total - against) < 1e-12)
    }

    @Test func evaluationOfNothingTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            let (model, objective) = Recipe.autoencoder.build(
                Recipe.autoencoder.defaults, [2], &generator)
            _ = model.evaluate(objective, on: .zeros([0, 2]))
        }
        #expect(message(of: result).contains("inputs of shape [0, 2]"))
    }

    @Test func networksWithoutHiddenLayersAreBuilt() {
        var generator = RandomGenerator(seed: 22)
        for recipe in Recipe.all {
            var settings = recipe.defaults
            settings.hiddenSizes = []
            let shape = recipe.requirement(settings, [2, 3]) == nil ? [2, 3] : [3, 2, 4]
            let (model, _) = recipe.build(settings, shape, &generator)
            #expect(model.reconstruct(generator.uniform([4] + shape)).shape == [4] + shape)
        }
    }

    @Test func newSamplesAreDrawnFromThePrior() throws {
        var generator = RandomGenerator(seed: 23)
        let recipe = Recipe.variationalAutoencoder
        let built = recipe.build(recipe.defaults, [4, 5], &generator)
        let model = try #require(built.model as? any GenerativeModel)
        var (first, second) = (generator, generator)
        let samples = model.sample(6, using: &first)
        #expect(samples.shape == [6, 4, 5])
        #expect(samples.isIdentical(to: model.decode(second.normal([6, 20]))))

        let plain = Recipe.autoencoder.build(Recipe.autoencoder.defaults, [4, 5], &generator)
        #expect(!(plain.model is any GenerativeModel), "a plain autoencoder has no prior")
    }
}

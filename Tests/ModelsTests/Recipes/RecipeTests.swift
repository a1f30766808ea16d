import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Testing

@testable import Models

@Suite struct ZooTests {
    @Test func recipesAreFoundByName() throws {
        #expect(try Recipes.named("vae").name == "vae")
        let names = Recipes.zoo.map { $0.name }
        #expect(Set(names).count == names.count)
        let error = #expect(throws: UnknownRecipe.self) { try Recipes.named("autoencodr") }
        #expect(error?.nearest == "autoencoder")
        #expect(error?.description.contains("autoencodr") == true)
        let other = #expect(throws: UnknownRecipe.self) { try Recipes.named("vea") }
        #expect(other?.nearest == "vae")
    }

    @Test(arguments: [
        ("autoencoder", "epochs", "0"), ("autoencoder", "batch-size", "0"),
        ("autoencoder", "learning-rate", "nan"), ("autoencoder", "latent-size", "-1"),
        ("autoencoder", "hidden-sizes", "16,0"), ("vae", "beta", "-inf"),
        ("sparse", "penalty", "-1"), ("k-sparse", "active-components", "257"),
        ("k-sparse", "evaluated-components", "257"), ("k-sparse", "evaluated-components", "0"),
        ("vq-vae", "codes", "1"),
        ("vq-vae", "codebook-decay", "1"), ("vq-vae", "restart-share", "-0.1"),
        ("superresolve", "factor", "1"), ("m2", "hidden-sizes", "none"),
        ("m2", "labelled-share", "0.91"), ("m1-m2", "upper-sizes", "none"),
        ("table", "corruption", "gaussian:0.1"),
        ("deep", "pretraining-epochs", "3"), ("rbm", "chains", "some"),
        ("deep", "optimizer", "adm"), ("vae", "clip-norm", "0"), ("vae", "average-decay", "1"),
    ])
    func optionsOutOfRangeAreNamed(recipe: String, name: String, text: String) throws {
        let usual = try Recipes.named(recipe)
        try usual.validate()
        let error = #expect(throws: OptionError.self) { try usual.choosing([name: text]) }
        guard case .unfit(name, let expected, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!expected.isEmpty)
    }

    @Test func unknownOptionsAreNamed() throws {
        let error = #expect(throws: OptionError.self) {
            try VariationalAutoencoder().choosing(["latent-sise": "3"])
        }
        #expect(
            error?.description == "no option is called latent-sise: did you mean latent-size?")
    }

    /// Every option of every recipe tells what it means, and which values make sense.
    @Test func optionsAreExplained() throws {
        for recipe in Recipes.zoo.map({ $0.init() }) {
            let names = recipe.options.map(\.name)
            #expect(Set(names).count == names.count, "\(recipe.name)")
            for option in recipe.options {
                #expect(!option.help.isEmpty && !option.expected.isEmpty, "\(option.name)")
                // What it says can be chosen.
                let chosen = try recipe.choosing([option.name: option.text])
                #expect(try chosen.encoded() == recipe.encoded())
            }
        }
    }

    @Test func optionsAreReadAsWritten() throws {
        let recipe = try VariationalAutoencoder().choosing([
            "beta": "0.1", "seed": "9223372036854775807", "schedule": "cosine",
            "hidden-sizes": "none", "clip-norm": "2.5", "epochs": "7", "patience": "none",
        ])
        #expect(recipe.training.seed == .max && recipe.hiddenSizes == [])
        let data = try JSONEncoder().encode(recipe.encoded())
        let json = try JSONDecoder().decode(JSONValue.self, from: data)
        #expect(try VariationalAutoencoder(json) == recipe)
        #expect(Bool(optionText: "true") == true && Bool(optionText: "yes") == nil)
        #expect(true.optionText == "true" && String(optionText: "a b")?.optionText == "a b")
        // What is not there has its default, and what is not known is refused.
        #expect(try VariationalAutoencoder(.object(["beta": .integer(2)])).latentSize == 20)
        #expect(throws: OptionError.self) {
            try VariationalAutoencoder(.object(["bet": .integer(2)]))
        }
    }

    @Test func evaluationInBatchesIsTheMeanOverSamples() throws {
        var generator = RandomGenerator(seed: 21)
        let output = OutputOptions().chosen(for: DataDescription(sampleShape: [3, 3]))
        let model64 = DenseAutoencoder.model([9, 5, 2], output, using: &generator)
            .cast(to: .float64)
        let objective = model64.objective(Reconstruction(.squaredError))
        let input = generator.uniform([10, 3, 3], dataType: .float64)
        func loss(_ samples: Examples, batchSize: Int) throws -> Double {
            let metrics = try model64.metrics(of: objective, on: samples, batchSize: batchSize)
            #expect(metrics["loss"] == metrics["squaredError"])
            return try #require(metrics["loss"])
        }
        let whole = try loss(Examples(input), batchSize: 10)
        let parts = try loss(Examples(input), batchSize: 4)
        #expect(abs(whole - parts) < 1e-12)
        let expected = meanSquaredError(model64.reconstruct(input), input).scalar
        #expect(abs(parts - expected) < 1e-12)
        let others = try loss(Examples(input, targets: 1 - input), batchSize: 3)
        let against = meanSquaredError(model64.reconstruct(input), 1 - input).scalar
        #expect(abs(others - against) < 1e-12)
    }

    @Test func networksWithoutHiddenLayersAreBuilt() throws {
        var generator = RandomGenerator(seed: 22)
        // A ladder has as many hidden layers as codes, and it is the first one that classes speak to; those
        // of faces are convolutions. Models of pixels reconstruct nothing, and adversaries have no encoder.
        let others = [
            "ladder-vae", "m2", "semi-supervised-rvae", "joint-rvae", "face-vae", "made",
            "pixelcnn", "gated-pixelcnn", "conditional-pixelcnn", "gan", "wgan-gp",
        ]
        for recipe in try Recipes.zoo.filter({ !others.contains($0.name) }).map({
            try $0.init().small(latentSize: 4, hiddenSizes: [])
        }) {
            let grey = DataDescription(sampleShape: [2, 3], classes: 3)
            let shape = recipe.requirement(of: grey) == nil ? [2, 3] : [3, 2, 4]
            let model = try #require(
                recipe.model(shape, using: &generator) as? any Reconstructs)
            let batch = Batch.labelled(generator.uniform([4] + shape))
            #expect(model.reconstruct(batch).shape == [4] + shape)
        }
    }

    @Test func newSamplesAreDrawnFromThePrior() throws {
        var generator = RandomGenerator(seed: 23)
        let built = VariationalAutoencoder().model([4, 5], using: &generator)
        let model = try #require(built as? any Generates & Decodes)
        #expect(model.codePrior == .standardNormal)
        var (first, second) = (generator, generator)
        let samples = model.sample(6, using: &first)
        #expect(samples.shape == [6, 4, 5])
        #expect(samples.isIdentical(to: model.decode(second.normal([6, 20]))))

        let plain = DenseAutoencoder().model([4, 5], using: &generator)
        #expect(!(plain is any Generates), "a plain autoencoder has no prior")
    }
}

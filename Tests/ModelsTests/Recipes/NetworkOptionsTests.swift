import Autograd
import Datasets
import ModelTestSupport
import Models
import TestSupport
import Testing

/// The convolutional network that recipes share.
@Suite struct NetworkOptionsTests {
    /// Without those that are told something of each sample, whose dense layers see more, the one whose
    /// decoder is none of the network, and those without an encoder.
    static let recipes = Recipes.zoo.map { $0.init() }
        .filter { !($0 is any ConditionalRecipe) && !($0 is any PoseRecipe) }
        .filter { !($0 is any AdversarialRecipe) }
        .filter { $0.options.contains { $0.name == "network" } }
        .map { ConvolutionalRecipe(recipe: $0) }

    struct ConvolutionalRecipe: Sendable, CustomTestStringConvertible {
        let recipe: any Recipe
        var testDescription: String { recipe.name }

        func program(_ shape: [Int], _ options: [String: String] = [:]) throws
            -> any TrainingProgram
        {
            let small = ["network": "convolutional", "channels": "3,5", "latent-size": "2"]
            let chosen = try recipe.choosing(
                small.merging(["hidden-sizes": "6"]) { $1 }.merging(options) { $1 })
            let data = DataDescription(sampleShape: shape)
            #expect(chosen.requirement(of: data) == nil)
            try data.validate(for: chosen)
            var generator = RandomGenerator(seed: 61)
            return chosen.program(for: data, using: &generator)
        }
    }

    @Test func theRelativesShareIt() {
        let names = Set(Self.recipes.map(\.recipe.name))
        #expect(names.isSuperset(of: ["rae", "wae", "vae", "info-vae"]))
    }

    /// Grey and in colour, of any sides from four on.
    @Test(arguments: recipes, [[4, 4], [8, 8], [28, 28], [3, 32, 32], [3, 9, 6], [2, 7, 5]])
    func imagesKeepTheirShape(_ variant: ConvolutionalRecipe, shape: [Int]) throws {
        var generator = RandomGenerator(seed: 62)
        let images = generator.uniform([3] + shape)
        for sizes in ["6", "none"] {
            let program = try variant.program(shape, ["hidden-sizes": sizes])
            let model = try #require(program.model as? any AutoencoderModel)
            #expect(model.encode(images).shape == [3, 2])
            #expect(model.reconstruct(images).shape == [3] + shape)
        }
    }

    /// The parameters of all are those of the same layers, for 28 × 28 images.
    @Test func layersAreTheSame() throws {
        let body = ["0", "1", "2.layers.0"].map { "encoder.body.layers.\($0)" }
        let head = ["0.layers.0", "0.layers.1", "1", "2"].map { "decoder.head.layers.\($0)" }
        let shapes = [[3, 1, 4, 4], [5, 3, 4, 4], [6, 245]]
        for variant in Self.recipes {
            let model = try variant.program([28, 28]).model
            let weights = model.parameters.filter { $0.path.hasSuffix(".weight") }
            let found = weights.filter { body.contains(String($0.path.dropLast(7))) }
            #expect(found.map(\.tensor.shape) == shapes, "\(variant.recipe.name)")
            let last = weights.filter { head.contains(String($0.path.dropLast(7))) }
            #expect(
                last.map(\.tensor.shape) == [[6, 2], [245, 6], [5, 3, 4, 4], [3, 1, 4, 4]],
                "\(variant.recipe.name)")
        }
    }

    /// Every element of the image depends on the code, and the code on every element.
    @Test(arguments: [[7, 6], [2, 5, 9]]) func nothingIsLeftOut(shape: [Int]) throws {
        let model = try #require(
            Self.recipes[0].program(shape, ["channels": "8,8"]).model as? any AutoencoderModel)
        var generator = RandomGenerator(seed: 63)
        let images = generator.uniform([1] + shape)
        let slope = gradient(at: images) { square(model.encode($0)).sum() }
        #expect((slope .!= 0).all().scalar == 1)
        let codes = generator.normal([1, 2])
        let change = abs(model.decode(codes) - model.decode(codes + 0.5))
        #expect((change .!= 0).all().scalar == 1)
    }

    /// Penalties, posteriors and likelihoods work through convolutions; so does a predicted scale.
    @Test(arguments: [
        ("rae", ["penalty": "l2"]), ("rae", ["penalty": "jacobian", "weight": "0.3"]), ("wae", [:]),
        ("vae", ["likelihood": "bernoulli"]), ("vae", ["sigma": "predicted"]), ("info-vae", [:]),
    ])
    func gradientsAreRight(name: String, options: [String: String]) throws {
        let variant = try #require(Self.recipes.first { $0.recipe.name == name })
        var generator = RandomGenerator(seed: 64)
        let program = try #require(variant.program([5, 6], options) as? any Judged)
        let check = program.checkGradients(generator.uniform([3, 5, 6], dataType: .float64))
        #expect(check.passes, "\(check)")
    }

    /// The penalty estimates the norm of the Jacobian through transposed convolutions.
    @Test func jacobianPenaltyIsThatOfTheDecoder() throws {
        var generator = RandomGenerator(seed: 66)
        let variant = try #require(Self.recipes.first { $0.recipe.name == "rae" })
        func check(_ model: some AutoencoderModel) throws {
            let images = generator.uniform([2, 6, 6])
            var context = PassContext.evaluation(RandomGenerator(seed: 1))
            func penalty<Output: HasDecoder>(_ output: Output) -> [Double] {
                let pass = ForwardPass(output, of: Batch(images), in: &context)
                return numbers(DecoderJacobianPenalty(projections: 3000)(pass))
            }
            let passed = model.pass(images, in: &context).output
            let output = try #require(passed as? any HasDecoder)
            let codes = model.encode(images)
            for (index, found) in penalty(output).enumerated() {
                let exact = square(jacobian(at: codes[index..<index + 1]) { model.decode($0) })
                    .sum().scalar
                // The deviation of an estimate is at most √2 of it.
                #expect(abs(found / exact - 1) < 5 * (2.0 / 3000).squareRoot())
            }
        }
        let model = try variant.program(
            [6, 6], ["penalty": "jacobian", "channels": "8,8", "hidden-sizes": "16"]
        ).model
        let autoencoder = try #require(model as? any AutoencoderModel)
        try check(autoencoder)
    }

    @Test(arguments: ["rae", "wae", "vae", "info-vae"])
    func eightImagesAreLearnedByHeart(name: String) throws {
        var generator = RandomGenerator(seed: 67)
        let images = (generator.uniform([8, 8, 8]) .> 0.5).cast(to: .float32)
        let variant = try #require(Self.recipes.first { $0.recipe.name == name })
        let options = ["channels": "8,16", "hidden-sizes": "32", "latent-size": "4"]
        let program = try #require(variant.program([8, 8], options) as? any Judged)
        let losses = program.losses(on: images, steps: 400)
        let fraction = try #require(losses.last) / losses[0]
        #expect(fraction < 0.5)
    }

    // MARK: What does not fit

    @Test func otherDataAreRefused() throws {
        let recipe = try WassersteinAutoencoder().choosing(["network": "convolutional"])
        for (shape, channels) in [
            ([784], "32,64"), ([3, 6], "8,8"), ([7, 30], "4,4,4"), ([], "8"),
        ] {
            let chosen = try recipe.choosing(["channels": channels])
            let data = DataDescription(sampleShape: shape)
            #expect(throws: Never.self) {
                if !shape.isEmpty { try data.validate(for: chosen) }
            }
            #expect(
                chosen.requirement(of: data)?.hasPrefix("images with sides of at least") == true)
            #expect(WassersteinAutoencoder().requirement(of: data) == nil)
        }
        #expect(recipe.requirement(of: DataDescription(sampleShape: [4, 4])) == nil)
        for wrong in [
            ["channels": "8"], ["network": "convolutional", "channels": "none"],
            ["network": "convolutional", "channels": "8,5000"], ["network": "deep"],
        ] {
            #expect(throws: OptionError.self) { try WassersteinAutoencoder().choosing(wrong) }
        }
        // Too many weights between convolutions and the first dense layer.
        let wide = try recipe.choosing(["channels": "4096", "hidden-sizes": "65536"])
        #expect(throws: OptionError.self) {
            try DataDescription(sampleShape: [64, 64]).validate(for: wide)
        }
    }

    /// A run's options of before there was a choice.
    @Test func earlierRunsAreDense() throws {
        let old = JSONValue.object(["latentSize": .integer(3)])
        let recipe = try RegularizedAutoencoder(old)
        #expect(recipe.network == NetworkOptions() && recipe.latentSize == 3)
        let chosen = try recipe.choosing(["network": "convolutional", "channels": "8,16"])
        #expect(try RegularizedAutoencoder(chosen.encoded()) == chosen)
    }
}

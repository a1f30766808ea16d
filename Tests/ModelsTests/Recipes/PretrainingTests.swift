import Autograd
import Datasets
import ModelTestSupport
import Models
import Testing

/// What holds for every recipe whose layers are trained one by one.
@Suite struct PretrainingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let recipe: any PretrainedRecipe
        let kind: String?
        var testDescription: String { recipe.name + (kind.map { " by \($0)" } ?? "") }

        static let all = Recipes.zoo.compactMap { $0.init() as? any PretrainedRecipe }
            // Its layers are not stacked into one network.
            .filter { $0.name != "m1-m2" }
            .flatMap { recipe in
                recipe.options.contains { $0.name == "pretraining" }
                    ? Pretraining.allCases.map { Case(recipe: recipe, kind: $0.rawValue) }
                    : [Case(recipe: recipe, kind: nil)]
            }
    }

    @Test(arguments: Case.all) func layersMakeUpTheWhole(_ test: Case) throws {
        var texts = ["latent-size": "4", "hidden-sizes": "9,5", "batch-size": "8"]
        texts["pretraining"] = test.kind
        if test.kind != "none" { texts["pretraining-epochs"] = "3" }
        let recipe = try test.recipe.choosing(texts)
        let data = DataDescription(sampleShape: [3, 4])
        var generator = RandomGenerator(seed: 1)
        let stages = recipe.stages(for: data, using: &generator)
        guard test.kind != "none" else {
            #expect(stages.isEmpty && recipe.leastEpochs == 1)
            return
        }
        #expect(recipe.leastEpochs == 0)
        #expect(
            stages.map { [$0.sizes.outputs, $0.sizes.inputs] } == [[9, 12], [5, 9], [4, 5]])
        #expect(stages.allSatisfy { $0.training.epochs == 3 })

        let images = Examples(bars(40).reshaped([40, 3, 4]))
        var samples = images
        var layers: [any TiedLayer] = []
        for stage in stages {
            func train(_ program: some TrainingProgram) throws -> any TiedLayer {
                var trainer = Trainer(program, plan: stage.training.plan(samples: 40))
                try trainer.train(on: samples, heldOut: samples)
                return try #require(trainer.model as? any TiedLayer)
            }
            let layer = try train(stage.program)
            let before = try #require(stage.program.model as? any TiedLayer)
            #expect(!layer.weight.isIdentical(to: before.weight))
            samples = try samples.encoded(by: layer)
            layers.append(layer)
        }
        let program = recipe.assemble(layers, for: data)
        let whole = try #require(program.model as? any AutoencoderModel)
        let built = recipe.model([3, 4], using: &generator)
        #expect(type(of: whole) == type(of: built))
        #expect(whole.parameters.map(\.path) == built.parameters.map(\.path))
        #expect(whole.parameters.map(\.tensor.shape) == built.parameters.map(\.tensor.shape))
        // The whole goes up as the layers did.
        let pixels = images.batch(0..<40).input
        #expect(abs(whole.encode(pixels) - samples.inputs).max().scalar < 1e-5)
        #expect(whole.reconstruct(pixels).shape == [40, 3, 4])
    }
}

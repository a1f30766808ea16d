import Autograd
import Models
import Testing

/// What holds for every recipe whose layers are trained one by one.
@Suite struct PretrainingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let recipe: Recipe
        let kind: Pretraining.Kind?
        var testDescription: String { recipe.name + (kind.map { " by \($0.rawValue)" } ?? "") }

        static let all = Recipe.all.filter { $0.pretraining != nil }.flatMap { recipe in
            recipe.defaults.pretraining == nil
                ? [Case(recipe: recipe, kind: nil)]
                : Pretraining.Kind.allCases.map { Case(recipe: recipe, kind: $0) }
        }
    }

    @Test(arguments: Case.all) func layersMakeUpTheWhole(_ test: Case) throws {
        var settings = test.recipe.defaults
        settings.latentSize = 4
        settings.hiddenSizes = [9, 5]
        settings.pretraining = test.kind
        settings.pretrainingEpochs = 3
        try settings.validate()
        var generator = RandomGenerator(seed: 1)
        let pretraining = try #require(test.recipe.pretraining)
        let stages = pretraining.stages(settings, [3, 4], &generator)
        guard test.kind != .nothing else {
            #expect(stages.isEmpty)
            return
        }
        #expect(stages.map(\.model.weight.shape) == [[9, 12], [5, 9], [4, 5]])
        #expect(stages.allSatisfy { $0.epochs == 3 })

        var samples = try Samples(bars(40).reshaped([40, 3, 4]))
        var layers: [any TiedLayer] = []
        for stage in stages {
            func train(_ layer: some TiedLayer) throws -> any TiedLayer {
                var trainer = Trainer(
                    layer, objective: stage.objective,
                    optimizer: stage.optimizer.optimizer(
                        for: layer, learningRate: stage.learningRate),
                    plan: TrainingPlan(epochs: stage.epochs, batchSize: 8))
                try trainer.train(on: samples, heldOut: samples)
                return trainer.model
            }
            let layer = try train(stage.model)
            #expect(!layer.weight.isIdentical(to: stage.model.weight))
            samples = try samples.encoded(by: layer)
            layers.append(layer)
        }
        let whole = pretraining.assemble(layers, settings, [3, 4])
        let built = test.recipe.build(settings, [3, 4], &generator).model
        #expect(type(of: whole) == type(of: built))
        #expect(whole.parameters.map(\.path) == built.parameters.map(\.path))
        #expect(whole.parameters.map(\.tensor.shape) == built.parameters.map(\.tensor.shape))
        // The whole goes up as the layers did.
        let pixels = try Samples(bars(40).reshaped([40, 3, 4])).batch(0..<40, as: .float32)
        #expect(abs(whole.encode(pixels) - samples.values).max().scalar < 1e-5)
        #expect(whole.reconstruct(pixels).shape == [40, 3, 4])
    }
}

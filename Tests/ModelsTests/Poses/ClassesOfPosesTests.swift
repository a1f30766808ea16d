import Autograd
import Datasets
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// Models of images by a class, a pose and a content.
@Suite struct ClassesOfPosesTests {
    typealias Model = Scaled<
        ClassVariableModel<
            PoseEncoder<Sequential>, PosePrior, CoordinateDecoder
        >
    >

    private func joint(_ options: [String: String] = [:]) throws -> JointInvariantAutoencoder {
        try JointInvariantAutoencoder().choosing(
            [
                "classes": "3", "hidden-sizes": "16", "decoder-sizes": "12,12", "pixels": "1",
                "latent-size": "1",
            ].merging(options) { $1 })
    }

    private func model(of recipe: some Recipe) throws -> Model {
        var generator = RandomGenerator(seed: 4)
        let data = DataDescription(sampleShape: [8, 8], classes: 3)
        return try #require(recipe.program(for: data, using: &generator).model as? Model)
    }

    private let images: Tensor = {
        var generator = RandomGenerator(seed: 5)
        return generator.uniform([6, 8, 8])
    }()

    @Test func labelsAreNotLookedAtWhereClassesAreFound() throws {
        let found = try model(of: joint())
        let told = try model(
            of: SemiSupervisedInvariantAutoencoder().choosing([
                "hidden-sizes": "16", "decoder-sizes": "12,12", "pixels": "1", "latent-size": "1",
            ]))
        func loss(_ model: Model, labels: [Int32]?) -> Double {
            var context = PassContext.training(RandomGenerator(seed: 1))
            let pass = model.pass(
                Batch(images, labels: labels.map { Tensor($0) }), in: &context)
            return model.objective(Reconstruction() + KullbackLeibler())(pass).total.scalar
        }
        #expect(loss(found, labels: nil) == loss(found, labels: [0, 1, 2, 0, 1, 2]))
        #expect(loss(told, labels: nil) != loss(told, labels: [0, 1, 2, 0, 1, 2]))
        let labelled = Batch(images, labels: Tensor([0, 1, 2, 0, 1, 2] as [Int32]))
        #expect(found.encode(labelled).isIdentical(to: found.encode(images)))
        #expect(!told.encode(labelled).isIdentical(to: told.encode(images)))
        #expect(found.hasFoundClasses && !told.hasFoundClasses)
    }

    /// One class of each image is drawn in a step in place of three, and what it costs is learned from.
    @Test func classesMayBeRelaxed() throws {
        let relaxed = try model(of: joint(["relaxation": "0.5"]))
        let objective = relaxed.objective(Reconstruction() + KullbackLeibler())
        let (_, gradients) = valueWithGradient(at: relaxed) { model in
            var context = PassContext.training(RandomGenerator(seed: 1))
            let pass = model.pass(Batch(images), in: &context)
            #expect(pass.code.shape == [12, 4])
            return objective(pass).total
        }
        let slopes = gradients.model.classifier.tensors.map { abs($0).max().scalar }
        #expect((slopes.min() ?? 0) > 0)
        #expect(throws: OptionError.self) { try joint(["relaxation": "-1"]) }
    }

    /// Of each class an image has a code in every turn, and all count as they are likely together.
    @Test func turnsAreOfEachClass() throws {
        let model = try model(of: joint())
        var context = PassContext.training(RandomGenerator(seed: 1))
        let pass = model.pass(Batch(images), in: &context)
        #expect(pass.code.shape == [36, 4] && pass.draws.count == 6)
        let marks = pass.output.latentVariables[0].code
        for kind in 0..<3 {
            let share = pass.draws.mean(marks[.all, kind])
            #expect(abs(share - softmax(pass.output.logits)[.all, kind]).max().scalar < 1e-5)
        }
        let bound = pass.draws.mean(pass.output.logWeights(of: pass.target))
        #expect(bound.shape == [6] && bound.elements(as: Float.self).allSatisfy(\.isFinite))
        #expect(model.encode(images).shape == [6, 4])
    }

    @Test func codesArePosesAndContents() throws {
        let model = try model(of: joint(["resizing": "0.2"]))
        // An angle, two numbers of a shift, one of a size, and a content.
        let codes = model.encode(images)
        #expect(codes.shape == [6, 5] && model.poseLayout.count == 4)
        #expect(model.condition.size == 3)
        let zeros = Tensor([0, 0, 0, 0, 0, 0] as [Int32])
        let ones = Tensor([1, 1, 1, 1, 1, 1] as [Int32])
        let decoded = model.decode(codes, given: zeros)
        #expect(decoded.shape == [6, 8, 8])
        #expect(!decoded.isIdentical(to: model.decode(codes, given: ones)))
        var generator = RandomGenerator(seed: 2)
        #expect(model.sample(6, given: ones, using: &generator).shape == [6, 8, 8])
    }

    @Test func anglesMayBeNormalOrNone() throws {
        var generator = RandomGenerator(seed: 4)
        let data = DataDescription(sampleShape: [8, 8], classes: 3)
        for (angle, count) in [("normal", 3), ("none", 2)] {
            let program = try joint(["angle": angle]).program(for: data, using: &generator)
            let model = try #require(program.model as? any HasPoses & Classifies)
            #expect(model.poseLayout.count == count)
            #expect(model.encode(Batch(images)).shape == [6, count + 1])
            #expect(model.logits(of: Batch(images)).shape == [6, 3])
        }
    }

    /// Bars and rings in any orientation.
    private func things(_ count: Int) -> Examples {
        var generator = RandomGenerator(seed: 6)
        let side = 10
        var pixels: [Float] = []
        for index in 0..<count {
            let turn = generator.uniform([2], dataType: .float64) * (2 * Double.pi)
            let (c, s) = (cos(turn)[0].scalar, sin(turn)[0].scalar)
            for place in 0..<side * side {
                let x = Double(place % side) - 4.5
                let y = Double(place / side) - 4.5
                let radius = (x * x + y * y).squareRoot()
                let isBar = abs(-s * x + c * y) < 1.2 && abs(c * x + s * y) < 4.2
                let isRing = abs(radius - 3) < 1
                pixels.append((index % 2 == 0 ? isBar : isRing) ? 1 : 0)
            }
        }
        return Examples(
            Tensor(pixels, shape: [count, side, side]),
            labels: Tensor((0..<count).map { Int32($0 % 2) }))
    }

    @Test func classesAreFound() throws {
        let examples = things(200)
        var recipe = try joint([
            "classes": "2", "shift": "0", "learning-rate": "0.01", "epochs": "30",
            "batch-size": "20", "hidden-sizes": "32",
        ])
        recipe.training.seed = 1
        var generator = RandomGenerator(seed: 7)
        let data = DataDescription(sampleShape: [10, 10], classes: 2)
        let program = try #require(
            recipe.program(for: data, using: &generator)
                as? SingleObjective<Model, ChosenOptimizer>)
        var trainer = Trainer(
            program, plan: TrainingPlan(epochs: 30, batchSize: 20, seed: 1))
        try trainer.train(on: examples, heldOut: examples)
        let told = trainer.model.logits(of: examples.inputs).argmax().elements(as: Int32.self)
        let right = told.indices.count { told[$0] == Int32($0 % 2) }
        #expect(max(right, 200 - right) > 190, "\(right)")
    }
}

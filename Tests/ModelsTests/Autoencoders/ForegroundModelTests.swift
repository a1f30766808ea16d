import Autograd
import Datasets
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// Faces before a background.
@Suite struct ForegroundModelTests {
    private typealias Program = SingleObjective<
        ForegroundModel<GaussianEncoder<Sequential>, Sequential>, ChosenOptimizer
    >

    private func program(_ shape: [Int], channels: String = "8,8") throws -> Program {
        var generator = RandomGenerator(seed: 3)
        let recipe = try FaceAutoencoder().choosing(["hidden-sizes": channels, "latent-size": "4"])
        return try #require(
            recipe.program(for: DataDescription(sampleShape: shape), using: &generator) as? Program)
    }

    private func images(_ shape: [Int], seed: UInt64 = 1) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return generator.uniform(shape)
    }

    /// The loss sees the face alone: the output is the input outside the true mask, and what is
    /// decoded inside it.
    @Test(arguments: [[12, 16], [3, 12, 16]]) func errorsAreOfTheMaskAlone(shape: [Int]) throws {
        let program = try program(shape)
        var batch = Batch(images([5] + shape))
        batch.region = (images([5, 12, 16], seed: 2) .> 0.6).cast(to: .float32)
        let region = try #require(batch.region)
        let inside = (shape.count == 3 ? region.expandingAxis(1) : region).broadcast(
            to: [5] + shape)
        var context = PassContext.training(RandomGenerator(seed: 1))
        let pass = program.model.pass(batch, in: &context)
        let mean = pass.likelihood.mean
        #expect(abs((1 - inside) * (mean - batch.input)).max().scalar == 0)
        #expect(abs(inside * (mean - batch.input)).max().scalar > 0.1)
        let squared = Reconstruction<ForegroundOutput>(.squaredError)(pass)
        let expected = (inside * square(mean - batch.input)).flattened().sum(axes: [1])
        #expect(closeness(of: squared, to: expected, tolerance: 1e-5).passes)
        let names = program.objective(pass).terms.map(\.name)
        #expect(
            names == [
                "squaredError", "maskCrossEntropy", "structuralDissimilarity", "kullbackLeibler",
            ])
        // Where nothing is a face there is nothing to learn of images.
        batch.region = Tensor.zeros([5, 12, 16])
        let nothing = program.model.pass(batch, in: &context)
        #expect(Reconstruction<ForegroundOutput>(.squaredError)(nothing).max().scalar == 0)
    }

    @Test func withoutMasksAFaceIsInTheMiddle() throws {
        let program = try program([20, 30])
        var context = PassContext.training(RandomGenerator(seed: 1))
        let pass = program.model.pass(Batch(images([2, 20, 30])), in: &context)
        let mask = pass.trueMask[1]
        #expect(mask == centredEllipse(Size2D(height: 20, width: 30)))
        // The area of an ellipse, π a b, and its symmetry.
        #expect(abs(mask.mean().scalar - 0.25 * .pi * 0.9 * 0.8) < 0.02)
        #expect(mask[10, 15].scalar == 1 && mask[0, 15].scalar == 0 && mask[10, 2].scalar == 0)
        #expect(mask == mask.reversed(axis: 0).reversed(axis: 1))
    }

    /// In use the predicted mask decides, also where the true one is known.
    @Test func reconstructionsTakeThePredictedMask() throws {
        let program = try program([12, 16])
        var batch = Batch(images([3, 12, 16]))
        let plain = program.model.reconstruct(batch)
        batch.region = Tensor.zeros([3, 12, 16])
        #expect(program.model.reconstruct(batch).isIdentical(to: plain))
        let code = program.model.encode(batch)
        // Between grey and input, by as much as the mask lets through.
        let (black, white) = (
            program.model.decode(code, onto: Tensor.zeros([3, 12, 16])),
            program.model.decode(code, onto: Tensor.ones([3, 12, 16]))
        )
        let outside = white - black
        #expect(outside.min().scalar > 0 && outside.max().scalar < 1)
        #expect(
            closeness(of: plain, to: black + outside * batch.input, tolerance: 1e-5).passes)
        #expect(
            closeness(of: program.model.decode(code), to: black + 0.5 * outside, tolerance: 1e-5)
                .passes)
    }

    /// It finds where a bright square is, of which the masks tell, before backgrounds that differ.
    @Test func itLearnsMasksAndFaces() throws {
        var program = try program([12, 16])
        var generator = RandomGenerator(seed: 5)
        var pixels = 0.5 * generator.uniform([32, 12, 16])
        var masks = Tensor.zeros([32, 12, 16])
        for index in 0..<32 {
            let (row, column) = (index % 4 * 2, index / 4)
            masks[index, row..<row + 5, column..<column + 6] = Tensor.ones([5, 6])
            pixels[index, row..<row + 5, column..<column + 6] = Tensor(
                repeating: 0.9, shape: [5, 6])
        }
        var batch = Batch(pixels)
        batch.region = masks
        var optimizer = Adam(for: program.model, learningRate: 0.005)
        var context = PassContext.training(RandomGenerator(seed: 1))
        func overlap(_ model: Program.Model) -> Double {
            var context = PassContext.evaluation
            return model.additionalMetrics(of: model.pass(batch, in: &context))[0].value
        }
        let before = overlap(program.model)
        for _ in 0..<150 {
            let (_, gradients) = valueWithGradient(at: program.model) {
                program.objective($0.pass(batch, in: &context)).total
            }
            optimizer.update(&program.model, along: gradients)
        }
        #expect(before < 0.5 && overlap(program.model) > 0.8)
    }

    @Test func masksOfAnotherSizeTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 3)
            let model = ForegroundModel(
                encoder: GaussianEncoder(
                    Sequential([]), features: 256, latentSize: 2, using: &generator),
                head: Dense(2, 512, using: &generator), sampleShape: [16, 16])
            var batch = Batch(Tensor.zeros([1, 16, 16]))
            batch.region = Tensor.zeros([1, 8, 8])
            var context = PassContext.evaluation
            _ = model(batch, in: &context)
        }
        #expect(message(of: result).contains("masks of shape [1, 8, 8], expected [1, 16, 16]"))
    }

    @Test func otherSamplesAreRefused() {
        let recipe = FaceAutoencoder()
        for shape in [[784], [1, 28], [2, 28, 28]] {
            #expect(recipe.requirement(of: DataDescription(sampleShape: shape)) != nil)
        }
        #expect(recipe.requirement(of: DataDescription(sampleShape: [3, 64, 64])) == nil)
        #expect(recipe.notes(on: DataDescription(sampleShape: [3, 64, 64])).isEmpty)
        // Three convolutions need 8 pixels, and structures are compared from 11 on.
        #expect(recipe.notes(on: DataDescription(sampleShape: [7, 28])).count == 2)
        #expect(recipe.notes(on: DataDescription(sampleShape: [8, 10])).count == 1)
    }
}

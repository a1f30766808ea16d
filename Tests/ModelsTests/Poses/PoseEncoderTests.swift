import Autograd
import Datasets
import Distributions
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// An encoder of poses, which looks at images in several turns.
@Suite struct PoseEncoderTests {
    private static let side = 9

    private let images: Tensor = {
        var generator = RandomGenerator(seed: 5)
        return generator.uniform([5, side, side])
    }()

    private func encoder(_ turns: Int) -> PoseEncoder<MultilayerPerceptron> {
        var generator = RandomGenerator(seed: 4)
        let body = MultilayerPerceptron(
            [Self.side * Self.side, 16], outputActivation: .tanh, using: &generator)
        let base = GaussianEncoder(body, features: 16, latentSize: 4, using: &generator)
        return PoseEncoder(
            base: base, features: 16, of: [Self.side, Self.side], turns: turns, hasShifts: true,
            using: &generator)
    }

    private func recipe(_ options: [String: String]) throws -> InvariantAutoencoder {
        try InvariantAutoencoder().choosing(
            ["hidden-sizes": "32", "decoder-sizes": "24,24", "pixels": "1", "shift": "0"]
                .merging(options) { $1 })
    }

    @Test func everyTurnIsDrawnAndCounts() {
        let encoder = encoder(3)
        let posterior = encoder(images)
        #expect(encoder.latentSize == 5 && posterior.shape == [5, 5])
        var generator = RandomGenerator(seed: 1)
        let draw = encoder.draw(2, from: posterior, using: &generator)
        #expect(draw.code.shape == [30, 5] && draw.draws.count == 6)
        let sums = draw.draws.mean(Tensor.ones([30]))
        #expect(abs(sums - 1).max().scalar < 1e-6)
        // The codes of the likeliest turns.
        let likeliest = posterior.logits.argmax().elements(as: Int32.self)
        let centre = encoder.centre(of: posterior)
        for (index, turn) in likeliest.enumerated() {
            #expect(centre[index].isIdentical(to: posterior.components.mean[index, Int(turn)]))
        }
    }

    /// The divergence of contents alone is the mean over the turns, in closed form.
    @Test func contentsCostAsTheTurnsAreLikely() throws {
        var generator = RandomGenerator(seed: 2)
        let program = try recipe(["turns": "3"]).program(
            for: DataDescription(sampleShape: [Self.side, Self.side]), using: &generator)
        typealias Model = Scaled<
            LatentVariableModel<PoseEncoder<ChosenNetwork>, PosePrior, CoordinateDecoder>
        >
        let model = try #require(program.model as? Model)
        var context = PassContext.training(RandomGenerator(seed: 3))
        let pass = model.pass(Batch(images), in: &context)
        let layout = model.poseLayout
        let found = PartDivergence(of: .content, layout)(pass)
        let posterior = model.model.encoder(images)
        let contents = posterior.components.second
        let standard = Normal.standard([2], dataType: .float32)
        let each = try #require(contents.base.divergence(from: standard)).sum(axes: [2])
        let expected = (softmax(posterior.logits) * each).sum(axes: [1])
        #expect(abs(found - expected).max().scalar < 1e-4)
    }

    /// A bar with a knob at its side, in any orientation: moments do not tell its ends apart, so that one
    /// turn sees half of them upside down.
    @Test func anglesAreFound() throws {
        var generator = RandomGenerator(seed: 6)
        let side = 10
        let turns = generator.uniform([240], from: -.pi, to: .pi)
        let shape = (0..<side * side).map { place -> Float in
            let (x, y) = (place % side, place / side)
            return (x == 4 && 1...8 ~= y) || (4...5 ~= y && 5...6 ~= x) ? 1 : 0
        }
        let images = affinelyWarped(
            Tensor(shape, shape: [1, 1, side, side]).repeated(240, axis: 0),
            by: rotationMatrices(by: turns)
        ).reshaped([240, side, side])
        func error(turns count: Int) throws -> Double {
            let recipe = try recipe([
                "turns": "\(count)", "learning-rate": "0.01", "turned-codes": "0",
                "latent-size": "1",
            ])
            var generator = RandomGenerator(seed: 7)
            let program = recipe.program(
                for: DataDescription(sampleShape: [side, side]), using: &generator)
            func trained<P: TrainingProgram>(_ program: P) throws -> Tensor {
                var trainer = Trainer(
                    program, plan: TrainingPlan(epochs: 15, batchSize: 20, seed: 1))
                try trainer.train(on: Examples(images), heldOut: nil)
                let model = try #require(trainer.model as? any Encodes)
                return model.encode(Batch(images))[.all, 0]
            }
            // Up to an angle that is the same for all.
            let apart = try trained(program) - turns
            return 1 - (square(sin(apart).mean()) + square(cos(apart).mean())).scalar
        }
        let (several, one) = try (error(turns: 2), error(turns: 1))
        #expect(several < 0.1 && one > 0.5, "\(several) \(one)")
    }

    /// An encoder of images of four pixels to an angle and three others.
    private func smallEncoder(using generator: inout RandomGenerator) -> PoseEncoder<
        MultilayerPerceptron
    > {
        let base = GaussianEncoder(
            MultilayerPerceptron([4, 8], using: &generator), features: 8, latentSize: 3,
            using: &generator)
        return PoseEncoder(base: base, features: 8, of: [2, 2], turns: 1, using: &generator)
    }

    /// The posterior of an angle on a circle has a closed divergence from one that is alike everywhere.
    @Test func anglesCostWhatTheySay() {
        var generator = RandomGenerator(seed: 2)
        let encoder = smallEncoder(using: &generator)
        #expect(encoder.latentSize == 4)
        let posterior = encoder(generator.normal([6, 4]))
        var context = PassContext.evaluation
        let prior = PosePrior()(for: encoder, in: &context)
        #expect(posterior.shape == [6, 4] && prior.shape == [4])
        let alone = posterior.components
        let angles = alone.first
        let expected =
            log(2 * Double.pi) - (angles.base.entropy ?? .zeros([1]))
        let found = angles.divergence(
            from: (prior as? Joined<Independent<VonMises>, Independent<Normal>>)!.first)
        #expect(found.map { abs($0 - expected.squeezed(axes: [2])).max().scalar < 1e-4 } == true)
        #expect(alone.divergence(from: prior) != nil)
    }

    /// Where things lie around one angle, codes of other angles cost more.
    @Test func anglesMayLieAroundOne() {
        var generator = RandomGenerator(seed: 3)
        let encoder = smallEncoder(using: &generator)
        var context = PassContext.evaluation
        let prior = PosePrior(deviation: 0.5)(for: encoder, in: &context)
        // The normal numbers are the same; of angles all but the concentration 4 falls out.
        let codes = Tensor([0, 0.5, -0.2, 1, 2, 0.5, -0.2, 1] as [Float], shape: [2, 4])
        let apart = prior.logProbability(of: codes)
        #expect(abs((apart[0] - apart[1]).scalar - 4 * (1 - cos(2))) < 1e-4)
    }

    /// The encoder says of a turned image a turned angle and a turned shift, and
    /// the same of all else, before it has learnt anything.
    @Test(arguments: [0, 2])
    func uprightImagesAreAlike(conditions: Int) {
        var generator = RandomGenerator(seed: 4)
        let side = 33
        let body = MultilayerPerceptron(
            [side * side + conditions, 16], outputActivation: .tanh, using: &generator)
        let base = GaussianEncoder(body, features: 16, latentSize: 4, using: &generator)
        let encoder = PoseEncoder(
            base: base, features: 16, of: [side, side], hasShifts: true, using: &generator)
        // Spots of different sizes, away from the border.
        let points = pixelCoordinates(height: side, width: side)
        let image = zip([(0.3, 0.1), (-0.2, 0.2), (-0.1, -0.4)], [1.0, 0.6, 0.3]).reduce(
            Tensor.zeros([side * side])
        ) { sum, spot in
            let place = Tensor([Float(spot.0.0), Float(spot.0.1)])
            return sum + spot.1 * exp(-square(points - place).sum(axes: [1]) * 30)
        }.reshaped([1, 1, side, side])
        func code(turnedBy angle: Double) -> [Double] {
            let turned = affinelyWarped(
                image, by: rotationMatrices(by: Tensor([Float(angle)])), border: .clamped)
            let told = Tensor([Float](repeating: 0.5, count: conditions), shape: [1, conditions])
            let input =
                conditions == 0
                ? turned.reshaped([1, side, side])
                : concatenated([turned.flattened(), told], axis: 1)
            return encoder.centre(of: encoder(input)).elements(as: Float.self).map { Double($0) }
        }
        let before = code(turnedBy: 0)
        #expect(abs(before[1]) + abs(before[2]) > 0.05)
        for angle in [0.4, 1.7, -2.6] {
            let after = code(turnedBy: angle)
            let turn = (after[0] - before[0] - angle).remainder(dividingBy: 2 * .pi)
            #expect(abs(turn) < 0.03, "\(turn)")
            // To the right and downwards.
            let right = before[1] * cos(angle) + before[2] * sin(angle)
            let down = before[2] * cos(angle) - before[1] * sin(angle)
            #expect(abs(after[1] - right) < 0.03 && abs(after[2] - down) < 0.03)
            #expect(zip(after[3...], before[3...]).allSatisfy { abs($0 - $1) < 0.03 })
        }
    }
}

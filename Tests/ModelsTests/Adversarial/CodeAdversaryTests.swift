import Autograd
import Datasets
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// Autoencoders whose codes a critic compares with draws of a prior.
@Suite struct CodeAdversaryTests {
    private static func numbers(_ x: Tensor) -> [Double] {
        x.cast(to: .float64).elements(as: Double.self)
    }

    /// Ten clusters of the same size around a circle, longer along the radius than across.
    @Test func mixturesHaveTenParts() {
        var generator = RandomGenerator(seed: 1)
        let points = Self.numbers(CodeTarget.mixture.sample(20_000, size: 2, using: &generator))
        var (counts, along, across) = ([Int](repeating: 0, count: 10), 0.0, 0.0)
        for index in 0..<20_000 {
            let (x, y) = (points[2 * index], points[2 * index + 1])
            // Sound: from -5 to 5.
            let part = Int((atan2(y, x) / (0.2 * .pi)).rounded())
            let angle = 0.2 * .pi * Double(part)
            counts[(part + 10) % 10] += 1
            along += pow(x * cos(angle) + y * sin(angle) - 2, 2) / 20_000
            across += pow(-x * sin(angle) + y * cos(angle), 2) / 20_000
        }
        #expect(counts.allSatisfy { abs($0 - 2000) < 200 }, "\(counts)")
        #expect(abs(along.squareRoot() - 0.5) < 0.03 && abs(across.squareRoot() - 0.15) < 0.02)
    }

    /// All lie on the spiral, in all of its parts.
    @Test func swissRollsAreSpirals() {
        var generator = RandomGenerator(seed: 2)
        let points = Self.numbers(CodeTarget.swissRoll.sample(1000, size: 2, using: &generator))
        var radii: [Double] = []
        for index in 0..<1000 {
            let (x, y) = (points[2 * index], points[2 * index + 1])
            let radius = hypot(x, y)
            radii.append(radius)
            let turn = 4 * Double.pi * radius / 3
            #expect(abs(x - radius * cos(turn)) < 1e-4 && abs(y - radius * sin(turn)) < 1e-4)
        }
        // Evenly by the square of the radius.
        let inner = radii.count { $0 < 3 / 2.0.squareRoot() }
        #expect(abs(inner - 500) < 80 && radii.allSatisfy { $0 <= 3 })
    }

    @Test func codesOfOtherSizesAreRefused() async throws {
        #expect(throws: OptionError.self) {
            try AdversarialAutoencoder().choosing(["code-prior": "mixture"])
        }
        _ = try AdversarialAutoencoder().choosing(["code-prior": "mixture", "latent-size": "2"])
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 3)
            _ = CodeTarget.swissRoll.sample(2, size: 3, using: &generator)
        }
        #expect(message(of: result).contains("codes of 3 numbers for a swiss-roll"))
    }

    private static func trainer(
        epochs: Int, prior: String = "normal", seed: UInt64 = 4
    ) throws -> Trainer<Alternating<Model>> {
        let recipe = try AdversarialAutoencoder().choosing([
            "latent-size": "2", "hidden-sizes": "16", "critic-sizes": "16", "code-prior": prior,
            "learning-rate": "0.003", "batch-size": "25", "epochs": "\(epochs)",
        ])
        var generator = RandomGenerator(seed: seed)
        let program = recipe.program(
            for: DataDescription(sampleShape: [12]), using: &generator)
        return Trainer(
            try #require(program as? Alternating<Model>),
            plan: recipe.training.plan(samples: 100))
    }

    private typealias Model = CodeAdversary<
        Scaled<
            Autoencoder<DeterministicEncoder<ChosenNetwork>, ChosenDecoder<ChosenNetwork>>
        >, MultilayerPerceptron
    >

    /// Three turns, each of its own part; codes come to be spread like the prior.
    @Test func codesComeToThePrior() throws {
        let samples = Examples(bars(100))
        var trainer = try Self.trainer(epochs: 400)
        func spread(_ model: Model) -> Double {
            let codes = model.encode(samples.batch(0..<100))
            return square(codes).mean().scalar.squareRoot()
        }
        try trainer.train(on: samples, heldOut: samples)
        let record = try #require(trainer.history.last)
        let names = ["autoencoder", "critic", "encoder"].flatMap {
            [$0 + "Loss", $0 + "GradientNorm"]
        }
        #expect(Set(record.training.keys) == Set(names + ["loss", "crossEntropy"]))
        #expect(
            Set(record.heldOut.keys).isSuperset(of: [
                "loss", "crossEntropy", "squaredError", "criticLoss", "encoderLoss",
            ]))
        let first = try #require(trainer.history.first?.heldOut["loss"])
        let last = try #require(record.heldOut["loss"])
        #expect(last < 0.8 * first, "\(first) to \(last)")
        #expect(0.6...1.5 ~= spread(trainer.model), "\(spread(trainer.model))")
    }

    @Test(arguments: ["normal", "mixture", "swiss-roll"], [1, 2, 5])
    func itIsResumedToTheBit(prior: String, batches: Int) throws {
        let (samples, folder) = (Examples(bars(100)), TemporaryFolder())
        var whole = try Self.trainer(epochs: 2, prior: prior)
        try whole.train(on: samples, heldOut: samples)
        var stopped = try Self.trainer(epochs: 2, prior: prior)
        var asked = 0
        #expect(throws: CancellationError.self) {
            try stopped.train(
                on: samples, heldOut: samples,
                monitor: ProgressMonitor {
                    asked += 1
                    return asked > batches
                })
        }
        try stopped.save(to: folder.file("checkpoint"))
        var resumed = try Self.trainer(epochs: 2, prior: prior, seed: 9)
        try resumed.resume(from: folder.file("checkpoint"))
        try resumed.train(on: samples, heldOut: samples)
        #expect(isIdentical(resumed.program, whole.program))
        #expect(resumed.history.withoutTimes == whole.history.withoutTimes)
    }

    /// Each of the three learns by the gradient of its own loss.
    @Test func gradientsAreRight() throws {
        let program = try Self.trainer(epochs: 1).program
        let model = program.model.cast(to: .float64)
        let batch = Batch(bars(5).cast(to: .float64) / 255)
        let critic = gradientCheck(at: model.critic, mode: .directional()) { critic in
            var (moved, context) = (model, PassContext.training(RandomGenerator(seed: 6)))
            moved.critic = critic
            return moved.tellingLoss(for: batch, in: &context)
        }
        #expect(critic.passes, "\(critic)")
        let encoder = gradientCheck(at: model.model.model.encoder, mode: .directional()) {
            encoder in
            var (moved, context) = (model, PassContext.training(RandomGenerator(seed: 6)))
            moved.model.model.encoder = encoder
            return moved.foolingLoss(for: batch, in: &context)
        }
        #expect(encoder.passes, "\(encoder)")
    }
}

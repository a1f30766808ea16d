import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct CorruptionTests {
    private let half = Tensor(repeating: 0.5, shape: [200, 50])

    private func corrupted(_ corruption: some Corruption, seed: UInt64 = 1) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return corruption(half, using: &generator)
    }

    private func fraction(_ mask: Tensor) -> Double { mask.cast(to: .float32).mean().scalar }

    @Test func gaussianNoiseHasItsDeviation() {
        let noise = corrupted(GaussianNoise(standardDeviation: 0.4)) - half
        #expect(abs(noise.mean().scalar) < 0.02)
        #expect(abs(noise.variance().scalar.squareRoot() - 0.4) < 0.01)
        let clipped = corrupted(GaussianNoise(standardDeviation: 0.4, clippedTo: 0...1))
        #expect(clipped.min().scalar == 0)
        #expect(clipped.max().scalar == 1)
        // A tenth of a normal distribution lies beyond 1.25 standard deviations on each side.
        #expect(abs(fraction(clipped .== 1) - 0.1056) < 0.015)
    }

    @Test func maskingLosesItsPart() {
        let masked = corrupted(MaskingNoise(fraction: 0.3))
        #expect(abs(fraction(masked .== 0) - 0.3) < 0.02)
        #expect(fraction(masked .== 0) + fraction(masked .== 0.5) == 1)
        #expect(fraction(corrupted(MaskingNoise(fraction: 0)) .== 0.5) == 1)
        #expect(fraction(corrupted(MaskingNoise(fraction: 1)) .== 0) == 1)
    }

    @Test func saltAndPepperAreEquallyMany() {
        let peppered = corrupted(SaltAndPepperNoise(fraction: 0.4))
        #expect(abs(fraction(peppered .== 0) - 0.2) < 0.015)
        #expect(abs(fraction(peppered .== 1) - 0.2) < 0.015)
        #expect(abs(fraction(peppered .== 0.5) - 0.6) < 0.02)
    }

    @Test func everyCallDrawsAnew() {
        var generator = RandomGenerator(seed: 3)
        let noise = MaskingNoise(fraction: 0.5)
        let first = noise(half, using: &generator)
        #expect(!first.isIdentical(to: noise(half, using: &generator)))
        #expect(corrupted(noise, seed: 4).isIdentical(to: corrupted(noise, seed: 4)))
    }

    @Test func settingsAreReadAsWritten() throws {
        let all: [CorruptionSetting] = [.gaussian(0.4), .masking(0.25), .saltAndPepper(1)]
        for setting in all {
            #expect(CorruptionSetting(setting.description) == setting)
            let data = try JSONEncoder().encode([setting])
            #expect(try JSONDecoder().decode([CorruptionSetting].self, from: data) == [setting])
        }
        for text in [
            "", "gaussian", "gaussian:", "gaussian:-1", "gaussian:nan", "gaussian:inf",
            "masking:1.5", "salt-and-pepper:2", "salt:0.1", "masking:0.1:2",
        ] {
            #expect(CorruptionSetting(text) == nil, "\(text)")
        }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([CorruptionSetting].self, from: Data(#"["masking:7"]"#.utf8))
        }
    }

    /// A corruption of one's own around a model of another kind: what is seen is corrupted, what
    /// is to be reconstructed is not, and samples are made up as before.
    @Test func anyModelCanBeMadeDenoising() throws {
        struct Negating: Corruption {
            func callAsFunction(
                _ samples: Tensor, using generator: inout RandomGenerator
            ) -> Tensor { -samples }
        }
        var generator = RandomGenerator(seed: 5)
        let vae = VariationalAutoencoder().model([4, 5], using: &generator)
        func denoising(_ model: some AutoencoderModel & Generates) {
            let denoising = Denoising(model, from: Negating())
            let input = generator.uniform([3, 4, 5])
            var context = PassContext.training(RandomGenerator(seed: 6))
            let pass = denoising.pass(input, in: &context)
            let output = pass.output as? any HasEncoder
            #expect(output?.encoderInput.isIdentical(to: -input) == true)
            #expect(pass.input.isIdentical(to: input))
            #expect(pass.target.isIdentical(to: input))
            #expect(denoising.encode(input).isIdentical(to: model.encode(input)))
            var (first, second) = (generator, generator)
            #expect(
                denoising.sample(2, using: &first)
                    .isIdentical(to: model.sample(2, using: &second)))
        }
        let model = try #require(vae as? any AutoencoderModel & Generates)
        denoising(model)
    }

    /// Beside the error of noisy samples an evaluation tells that of clean ones: what the same
    /// model has without noise.
    @Test func theErrorOfCleanSamplesIsMeasuredToo() throws {
        var generator = RandomGenerator(seed: 7)
        let model = Autoencoder(
            encoder: DeterministicEncoder(MultilayerPerceptron([12, 3], using: &generator)),
            decoder: BernoulliDecoder(MultilayerPerceptron([3, 12], using: &generator)))
        let noise = GaussianNoise(standardDeviation: 2)
        let samples = Examples(generator.uniform([30, 12]))
        let objective = model.objective(Reconstruction(.squaredError))
        let plain = try model.metrics(of: objective, on: samples, batchSize: 8)
        let noisy = try Denoising(model, from: noise)
            .metrics(of: objective, on: samples, batchSize: 8)
        #expect(noisy["cleanSquaredError"] == plain["squaredError"])
        #expect(try #require(noisy["squaredError"]) > 1.05 * plain["squaredError"]!)
        #expect(noisy["loss"] == noisy["squaredError"])
        #expect(plain["cleanSquaredError"] == nil)
    }

    /// The elements of a row are not all of a kind.
    @Test func noSquaredErrorIsMeasuredOfTables() throws {
        var generator = RandomGenerator(seed: 7)
        let program = TableAutoencoder().program(
            for: DataDescription(sampleShape: [5]), using: &generator)
        let metrics = try program.metrics(on: Examples(generator.uniform([30, 5])))
        #expect(metrics.keys.allSatisfy { !$0.lowercased().contains("squarederror") })
    }

    @Test(arguments: [-0.1, 1.5]) func fractionsAreChecked(fraction: Double) async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [fraction] in
            _ = MaskingNoise(fraction: fraction)
        }
        #expect(message(of: result).contains("MaskingNoise: a fraction of \(fraction)"))
    }
}

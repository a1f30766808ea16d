import Autograd
import Datasets
import ModelTestSupport
import Models
import Synchronization
import Testing

@Suite struct ReconstructionErrorTests {
    @Test func errorsAreThoseOfThePasses() throws {
        var generator = RandomGenerator(seed: 2)
        let plain = try small(DenseAutoencoder()).autoencoder([6], using: &generator)
        let inputs = generator.uniform([9, 6])
        let samples = Examples(inputs)
        let errors = try plain.reconstructionErrors(of: samples, draws: 5, batchSize: 4)
        #expect(errors.shape == [9, 1])
        let direct = squaredError(plain.reconstruct(inputs), inputs)
        #expect(abs(errors.reshaped([9]) - direct).max().scalar < 1e-6)

        // With noise the draws are averaged.
        let noisy = try small(DenoisingAutoencoder()).autoencoder([6], using: &generator)
        let few = try noisy.reconstructionErrors(of: samples, draws: 1, seed: 1)
        let other = try noisy.reconstructionErrors(of: samples, draws: 1, seed: 2)
        #expect(!few.isIdentical(to: other))
        let many = try [1, 2].map {
            try noisy.reconstructionErrors(of: samples, draws: 400, seed: $0)
        }
        #expect(
            abs(many[0] - many[1]).max().scalar < abs(few - other).max().scalar)
        #expect(
            try noisy.reconstructionErrors(of: samples, draws: 3, seed: 1)
                .isIdentical(to: noisy.reconstructionErrors(of: samples, draws: 3, seed: 1)))
    }

    private func smallAutoencoder() -> some AutoencoderModel {
        var generator = RandomGenerator(seed: 3)
        return Autoencoder(
            encoder: DeterministicEncoder(MultilayerPerceptron([6, 2], using: &generator)),
            decoder: BernoulliDecoder(MultilayerPerceptron([2, 6], using: &generator)))
    }

    /// Draws that leave a sample as it is do not pass for a model without randomness.
    @Test func rareCorruptionsAreNotMissed() throws {
        /// Loses everything, one time in ten.
        struct Seldom: Corruption {
            func callAsFunction(
                _ samples: Tensor, using generator: inout RandomGenerator
            ) -> Tensor { generator.uniform([]).scalar < 0.1 ? samples * 0 : samples }
        }
        let model = smallAutoencoder()
        var generator = RandomGenerator(seed: 4)
        let sample = generator.uniform([1, 6])
        func error(of input: Tensor) -> Double {
            squaredError(model.reconstruct(input), sample)[0].scalar
        }
        let found = try Denoising(model, from: Seldom())
            .reconstructionErrors(of: Examples(sample), draws: 400)[0].scalar
        let (clean, lost) = (error(of: sample), error(of: sample * 0))
        // Four standard deviations to each side.
        #expect(abs((found - clean) / (lost - clean) - 0.1) < 0.06)
    }

    @Test func whereNothingIsRandomOnePassIsMade() throws {
        final class Counter: Sendable { let count = Mutex(0) }
        struct Counting: Corruption {
            let counter = Counter()
            func callAsFunction(
                _ samples: Tensor, using generator: inout RandomGenerator
            ) -> Tensor {
                counter.count.withLock { $0 += 1 }
                return samples
            }
        }
        let counting = Counting()
        var generator = RandomGenerator(seed: 4)
        let samples = Examples(generator.uniform([9, 6]))
        _ = try Denoising(smallAutoencoder(), from: counting)
            .reconstructionErrors(of: samples, draws: 5, batchSize: 4)
        #expect(counting.counter.count.withLock { $0 } == 3)
    }

    private func small(_ recipe: some Recipe) throws -> any Recipe {
        try recipe.small(latentSize: 2, hiddenSizes: [8])
    }
}

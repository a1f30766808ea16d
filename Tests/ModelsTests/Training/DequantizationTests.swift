import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Noise between 8-bit values, and the bits that a density of them is worth.
@Suite struct DequantizationTests {
    private static let pixels = bars().reshaped([50, 3, 4])

    private static func dataset(_ inputs: Tensor) -> Dataset {
        Dataset(
            name: "bars", training: Examples(inputs), test: Examples(inputs), classNames: [],
            source: "drawn")
    }

    /// Bytes and the same as rounded numbers: each value stays within its level, by the generator.
    @Test func valuesAreWithinTheirLevels() throws {
        let levels = Self.pixels.cast(to: .float64)
        for inputs in [Self.pixels, Self.pixels.cast(to: .float32) / 255] {
            let samples = try Self.dataset(inputs).dequantized(.uniform).training
            func drawn(_ seed: UInt64) -> Batch {
                var generator = RandomGenerator(seed: seed)
                return samples[Array(0..<50)].batch(
                    at: Array(0..<50), as: .float64, using: &generator)
            }
            let noise = drawn(1).input * 256 - levels
            #expect(noise.min().scalar >= 0 && noise.max().scalar < 1)
            #expect(abs(noise.mean().scalar - 0.5) < 0.05)
            #expect(drawn(1).input.isIdentical(to: drawn(1).target) && drawn(1).levels == 256)
            #expect(drawn(1)[2..<5].levels == 256)
            #expect(drawn(1).input.isIdentical(to: drawn(1).input))
            #expect(!drawn(1).input.isIdentical(to: drawn(2).input))
            // Without a generator nothing is drawn.
            let plain: Batch = samples.batch(at: [0], as: .float64)
            #expect(plain.levels == nil)
        }
    }

    @Test func otherNumbersAreRefused() {
        var values = [Float](repeating: 1, count: 8)
        for (wrong, found) in [(0.5, "0.5 in sample 2"), (1.2, "1.2"), (-1, "-1.0 in sample 2")] {
            values[5] = Float(wrong)
            let data = Self.dataset(Tensor(values, shape: [2, 4]))
            let error = #expect(throws: FileError.self) { try data.dequantized(.uniform) }
            #expect(error?.found.hasPrefix(found) == true, "\(error?.found ?? "")")
        }
    }

    /// Numbers are measured as they will be.
    @Test func numbersAreThoseWithNoise() throws {
        let plain = Self.pixels.reshaped([50, 12])
        let samples = try Self.dataset(plain).dequantized(.uniform).training
        let numbers = try #require(SampleNumbers(of: samples))
        #expect(numbers.areBytes == false && numbers.areShares)
        var generator = RandomGenerator(seed: 1)
        let drawn = concatenated(
            (0..<400).map { _ in
                samples.batch(at: Array(0..<50), as: .float64, using: &generator).input
            })
        let found = try #require(SampleNumbers(of: Examples(drawn)))
        for column in 0..<12 {
            #expect(abs(numbers.means[column] - found.means[column]) < 1e-4)
            #expect(abs(numbers.deviations[column] / found.deviations[column] - 1) < 1e-2)
            #expect(numbers.least[column] <= found.least[column])
            #expect(numbers.greatest[column] >= found.greatest[column])
        }
    }

    /// Whatever the scale, the bits are those of the same density; 8 where all levels are alike.
    @Test func bitsAreThoseOfLevels() throws {
        let data = try Self.dataset(Self.pixels).dequantized(.uniform)
        let description = DataDescription(data)
        func bits(_ options: [String: String]) throws -> [String: Double] {
            var generator = RandomGenerator(seed: 3)
            let recipe = try VariationalAutoencoder().choosing(
                options.merging(["latent-size": "2", "hidden-sizes": "4"]) { own, _ in own })
            return try recipe.program(for: description, using: &generator).metrics(on: data.test)
        }
        let unscaled = try bits(["likelihood": "gaussian", "sigma": "0.25"])
        let elbo = try #require(unscaled["elbo"])
        let found = try #require(unscaled["bitsPerDimension"])
        #expect(abs(found - (8 - elbo / (12 * log(2)))) < 1e-4)
        // The decoder gives nearly 0, so that standardised numbers have a normal density.
        let scaled = try bits(["likelihood": "gaussian", "sigma": "1", "scale": "standard"])
        let deviation = try #require(description.numbers?.deviations.first)
        let (bound, own) = try (#require(scaled["elbo"]), #require(scaled["bitsPerDimension"]))
        #expect(abs(own - (8 + log2(deviation) - bound / (12 * log(2)))) < 1e-4)
        // Without noise, without a density or with one that is fitted to the batch there are none.
        #expect(try bits(["likelihood": "bernoulli"])["bitsPerDimension"] == nil)
        #expect(try bits(["sigma": "optimal"])["bitsPerDimension"] == nil)
        let chosen = try VariationalAutoencoder().choosing(["likelihood": "discretized-logistic"])
        #expect(chosen.requirement(of: description) != nil)
    }

    /// A uniform density of all levels costs 8 bits, whatever they are.
    @Test func uniformDensitiesCostEightBits() throws {
        let data = try Self.dataset(Self.pixels).dequantized(.uniform)
        var generator = RandomGenerator(seed: 4)
        let built = try VariationalAutoencoder()
            .choosing(["likelihood": "continuous-bernoulli", "latent-size": "2"])
            .program(for: DataDescription(data), using: &generator)
        func bits<Program: TrainingProgram>(_ program: Program) throws -> Double? {
            var program = program
            // All parameters 0: logits of 0, and posteriors as the prior.
            program.model = program.model.replacingTensors(
                with: program.model.tensors.map { .zeros(like: $0) })
            return try program.metrics(on: data.test)["bitsPerDimension"]
        }
        let found = try bits(built)
        #expect(abs((found ?? 0) - 8) < 1e-5)
    }
}

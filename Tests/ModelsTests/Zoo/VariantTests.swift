import Autograd
import Datasets
import ModelTestSupport
import Models
import TestSupport
import Testing

/// What holds for every variant of the zoo. A new recipe adds its line to `expectations`.
@Suite struct VariantTests {
    /// A recipe as the argument of a test.
    struct Variant: Sendable, CustomTestStringConvertible {
        let recipe: any Recipe
        var testDescription: String { recipe.name }

        static let all = Recipes.zoo.map { Variant(recipe: $0.init()) }

        /// The shape of square samples that serve: grey images, or else in colour.
        func shape(side: Int) -> [Int] {
            let grey = DataDescription(sampleShape: [side, side], classes: 10)
            return recipe.requirement(of: grey) == nil ? [side, side] : [3, side, side]
        }

        func program(side: Int, seed: UInt64) -> any TrainingProgram {
            var generator = RandomGenerator(seed: seed)
            return recipe.program(
                for: DataDescription(sampleShape: shape(side: side), classes: 10),
                using: &generator)
        }

        /// With a small model for samples of 6 × 6.
        func tiny(seed: UInt64 = 31) throws -> any TrainingProgram {
            let small = try recipe.small(latentSize: 4, hiddenSizes: [16])
            return Variant(recipe: small).program(side: 6, seed: seed)
        }
    }

    @Test(arguments: Variant.all) func hasTheParametersExpected(_ variant: Variant) throws {
        let expectation = try #require(Self.expectations[variant.recipe.name])
        try variant.recipe.validate()
        let model = variant.program(side: 28, seed: 0).model
        #expect(model.parameterCount == expectation.parameterCount)
        #expect(model.parameters.map(\.path) == expectation.parameters)
        #expect(model.parameters.allSatisfy { $0.tensor.isFinite.all().scalar == 1 })
    }

    @Test(arguments: Variant.all) func savesAndLoadsTheSameBits(_ variant: Variant) throws {
        func check(_ model: some Module, _ other: some Module) throws {
            let folder = TemporaryFolder()
            try model.save(to: folder.file("model"))
            var loaded = other
            #expect(
                !zip(loaded.allTensors, model.allTensors).allSatisfy { $0.1.isIdentical(to: $1.1) })
            try loaded.load(from: folder.file("model"))
            #expect(loaded.allTensors.map(\.path) == model.allTensors.map(\.path))
            #expect(
                zip(loaded.allTensors, model.allTensors).allSatisfy { $0.1.isIdentical(to: $1.1) })
        }
        try check(variant.tiny().model, variant.tiny(seed: 32).model)
    }

    @Test(arguments: Variant.all) func refusesTheFileOfAnotherModel(_ variant: Variant) throws {
        let folder = TemporaryFolder()
        func save(_ model: some Module) throws {
            try model.save(to: folder.file("other"))
        }
        func load(into model: some Module) throws {
            var loaded = model
            #expect(throws: FileError.self) { try loaded.load(from: folder.file("other")) }
            #expect(
                zip(loaded.allTensors, model.allTensors).allSatisfy { $0.1.isIdentical(to: $1.1) })
        }
        // Variants that differ in their objective alone have the same parameters.
        let own = try variant.tiny().model
        for other in try Variant.all.map({ try $0.tiny().model })
        where !other.allTensors.elementsEqual(
            own.allTensors, by: { $0.path == $1.path && $0.tensor.shape == $1.tensor.shape })
        {
            try save(other)
            try load(into: own)
        }
    }

    @Test(arguments: Variant.all, [1, 7])
    func hasShapesForAnyBatch(_ variant: Variant, batch: Int) throws {
        let program = try variant.tiny()
        var generator = RandomGenerator(seed: 1)
        let input = generator.uniform([batch] + variant.shape(side: 6))
        let expectation = try #require(Self.expectations[variant.recipe.name])
        let codeSize = 4 + expectation.besides
        try #require(program as? any Judged).checkShapes(input, codeSize: codeSize)
        if let model = program.model as? any Reconstructs {
            #expect(model.reconstruct(.labelled(input)).shape == input.shape)
        }
        guard let model = program.model as? any Encodes else { return }
        // A vector of as many numbers as the latent size, or a map with as many at each place.
        let codes = model.encode(.labelled(input))
        #expect(codes.shape.prefix(2) == [batch, codeSize])
        // A sample's code does not depend on the others of its batch.
        let alone = model.encode(.labelled(input[0..<1]))
        #expect(abs(alone - codes[0..<1]).max().scalar < 1e-5)
    }

    /// Those whose loss is a function of the parameters, and tells how good the model is.
    static let withALoss = Variant.all.filter { expectations[$0.recipe.name]?.fraction != nil }

    /// Not those whose draws are found by rejection: their derivative is that of the distribution, not of
    /// the same random numbers. Nor what learns of codes without teaching the encoder, or through choices that
    /// have none.
    static let smooth = withALoss.filter {
        !["hyperspherical-vae", "m1", "vq-vae"].contains($0.recipe.name)
            && !$0.recipe.name.hasSuffix("rvae")
    }

    @Test(arguments: smooth) func hasRightGradients(_ variant: Variant) throws {
        let program = try #require(variant.tiny() as? any Judged)
        let input = RandomGenerator.uniform(seed: 2, [3] + variant.shape(side: 6))
        let result = program.checkGradients(input.cast(to: .float64))
        #expect(result.passes, "\(result)")
    }

    @Test(arguments: withALoss) func learnsEightSamplesByHeart(_ variant: Variant) throws {
        let program = try variant.tiny()
        // What sees neighbourhoods alone cannot tell noise from pixels that have nothing in common.
        let seesAll = program.model is any Encodes
        let shape = [8] + variant.shape(side: seesAll ? 6 : 2)
        let pixels = (RandomGenerator.uniform(seed: 3, shape) .> 0.5).cast(to: .float32)
        let samples = seesAll ? pixels : repeated(pixels, 3)
        let losses = try #require(program as? any Judged).losses(on: samples, steps: 600)
        let fraction = try #require(losses.last) / losses[0]
        #expect(
            fraction < (try #require(Self.expectations[variant.recipe.name]?.fraction)),
            "\(fraction)")
    }

    /// Images of which every pixel has become a square.
    private func repeated(_ images: Tensor, _ factor: Int) -> Tensor {
        let (sides, rest) = (images.shape.suffix(2), Array(images.shape.dropLast(2)))
        let (height, width) = (sides[sides.startIndex], sides[sides.startIndex + 1])
        let repeated = Upsampling2D(Size2D(factor))(images.reshaped([-1, 1, height, width]))
        return repeated.reshaped(rest + [height * factor, width * factor])
    }

    @Test(arguments: Variant.all) func repeatsToTheLastBit(_ variant: Variant) throws {
        let samples = RandomGenerator.uniform(seed: 3, [8] + variant.shape(side: 6))
        func run(seed: UInt64) throws -> [Double] {
            let program = try #require(variant.tiny(seed: seed) as? any Judged)
            return program.losses(on: samples, steps: 3)
        }
        let first = try run(seed: 5)
        #expect(try run(seed: 5) == first)
        #expect(try run(seed: 6) != first)
    }
}

extension RandomGenerator {
    fileprivate static func uniform(seed: UInt64, _ shape: [Int]) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return generator.uniform(shape)
    }
}

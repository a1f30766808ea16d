import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

/// Errors of reconstructions other than the likelihood and the square.
@Suite struct ReconstructionTests {
    private static func images(_ shape: [Int], seed: UInt64 = 71) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return generator.uniform(shape, dataType: .float64)
    }

    // MARK: The logarithm of the hyperbolic cosine

    @Test func logCoshIsThatOfItsDefinition() {
        let differences = [-3, -0.5, -1e-3, 0, 0.2, 1, 7]
        let prediction = Tensor(differences, shape: [1, 7])
        let found = logCoshError(prediction, .zeros(like: prediction)).scalar
        #expect(abs(found - differences.reduce(0) { $0 + log(cosh($1)) }) < 1e-12)
        // Where a hyperbolic cosine overflows it is the absolute value less log 2.
        for type in [DataType.float32, .float64] {
            let far = Tensor([1e4, -1e30, 1e30], shape: [3, 1]).cast(to: type)
            let error = logCoshError(far, .zeros(like: far))
            #expect(
                (abs(error / (abs(far).flattened(fromAxis: 0) - log(2.0)) - 1) .< 1e-7).all().scalar
                    == 1)
            let slope = gradient(at: far) { logCoshError($0, .zeros(like: far)).sum() }
            #expect(numbers(slope) == [1, -1, 1])
        }
    }

    /// Of the first and the second order, also where there is no difference.
    @Test func logCoshHasRightGradients() {
        let target = Self.images([2, 5])
        for prediction in [target, Self.images([2, 5], seed: 72) * 6 - 3] {
            let check = gradientCheck(at: prediction, target, order: 2) { logCoshError($0, $1) }
            #expect(check.passes, "\(check)")
        }
    }

    // MARK: Structure

    /// Of as many scales as images have room for.
    @Test(arguments: [([11, 12], 1), ([28, 28], 2), ([3, 32, 40], 2), ([1, 44, 44], 3)])
    func dissimilarityAdaptsToImages(shape: [Int], scales: Int) {
        let (x, y) = (Self.images([2] + shape), Self.images([2] + shape, seed: 73))
        let channels = shape.count == 3 ? shape : [1] + shape
        let weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333].prefix(scales)
        let similarity = multiScaleStructuralSimilarity(
            (0.7 * x + 0.3 * y).reshaped([2] + channels), x.reshaped([2] + channels),
            weights: weights.map { $0 / weights.reduce(0, +) })
        let found = structuralDissimilarity(0.7 * x + 0.3 * y, x)
        let elements = Double(shape.reduce(1, *))
        #expect(abs(found - elements * (1 - similarity)).max().scalar < 1e-9 * elements)
        #expect(found.shape == [2] && found.min().scalar > 0)
        #expect(abs(structuralDissimilarity(x, x)).max().scalar < 1e-9 * elements)
    }

    @Test func dissimilarityHasRightGradients() {
        let truth = Self.images([2, 24, 23])
        let images = 0.8 * truth + 0.2 * Self.images([2, 24, 23], seed: 74)
        let check = gradientCheck(at: images, mode: .directional()) {
            structuralDissimilarity($0, truth)
        }
        #expect(check.passes, "\(check)")
        // What is opposed has the greatest value, and a slope that is a number.
        let (value, slope) = valueWithGradient(at: 1 - truth) {
            structuralDissimilarity($0, truth).sum()
        }
        #expect(value.scalar == 2 * 24 * 23 && (slope .== 0).all().scalar == 1)
    }

    @Test func mistakesTrap() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = structuralDissimilarity(.zeros([2, 10, 20]), .zeros([2, 10, 20])) }
        #expect(message(of: result).contains("with at least 11 × 11 pixels"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = logCoshError(.zeros([2, 3]), .zeros([2, 1])) }
        #expect(message(of: result).contains("a prediction of shape [2, 3]"))
    }

    // MARK: As an option

    static let recipes = Recipes.zoo.filter { recipe in
        recipe.init().options.contains { $0.name == "reconstruction" }
    }

    @Test func theRelativesHaveTheOption() {
        #expect(Set(Self.recipes.map { $0.name }).isSuperset(of: ["rae", "wae"]))
    }

    /// The objective has the term that was asked for, and lowers it.
    @Test(arguments: recipes.map { $0.name }, ["log-cosh", "ms-ssim"])
    func chosenErrorsAreLearned(name: String, choice: String) throws {
        let recipe = try Recipes.named(name).small(latentSize: 4, hiddenSizes: [16])
            .choosing(["reconstruction": choice, "learning-rate": "0.01", "scale": "none"])
        var generator = RandomGenerator(seed: 75)
        // Three blurred patterns.
        let patterns = generator.uniform([3, 4, 4])
        let images = Upsampling2D(Size2D(3))(
            concatenated([patterns, patterns, patterns]).reshaped([9, 1, 4, 4])
        ).reshaped([9, 12, 12])
        let data = DataDescription(sampleShape: [12, 12])
        #expect(recipe.requirement(of: data) == nil)
        func train(_ program: some TrainingProgram) throws {
            let term = choice == "ms-ssim" ? "structuralDissimilarity" : "logCosh"
            let before = try #require(program.metrics(on: Examples(images))[term])
            var trainer = Trainer(program, plan: TrainingPlan(epochs: 80, batchSize: 9))
            try trainer.train(on: Examples(images))
            let after = try #require(trainer.program.metrics(on: Examples(images))[term])
            #expect(after < 0.7 * before, "\(before) \(after)")
        }
        try train(recipe.program(for: data, using: &generator))
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let recipe = try WassersteinAutoencoder().choosing(["reconstruction": "ms-ssim"])
        for shape in [[784], [10, 28], [3, 28, 9]] {
            let data = DataDescription(sampleShape: shape)
            #expect(
                recipe.requirement(of: data)?.hasPrefix("images of at least 11 × 11 pixels") == true
            )
            #expect(
                try recipe.choosing(["reconstruction": "log-cosh"]).requirement(of: data) == nil)
        }
        let data = DataDescription(sampleShape: [11, 11])
        #expect(recipe.requirement(of: data) == nil)
        #expect(try recipe.choosing(["scale": "range"]).requirement(of: data) == nil)
        #expect(try recipe.choosing(["scale": "standard"]).requirement(of: data) != nil)
        for wrong in [
            ["sigma": "0.1"], ["sigma": "learned"], ["likelihood": "laplace"],
            ["likelihood": "discretized-logistic"],
        ] {
            let error = #expect(throws: OptionError.self) { try recipe.choosing(wrong) }
            #expect(error.map { "\($0)" }?.contains("with --reconstruction ms-ssim") == true)
        }
        #expect(throws: OptionError.self) {
            try recipe.choosing(["reconstruction": "structure"])
        }
    }
}

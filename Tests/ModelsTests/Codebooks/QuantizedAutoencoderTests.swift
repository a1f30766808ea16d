import Autograd
import Datasets
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// The recipe vq-vae and its model.
@Suite struct QuantizedAutoencoderTests {
    private typealias Model = QuantizedAutoencoder<
        Sequential, VectorQuantizer, GaussianDecoder<Sequential>
    >

    private static let data = Dataset(
        name: "bars", training: Examples(bars().reshaped([50, 3, 4])),
        test: Examples(bars(20, seed: 4).reshaped([20, 3, 4])), classNames: [], source: "drawn")

    private static func recipe(_ options: [String: String] = [:]) throws
        -> VectorQuantizedAutoencoder
    {
        let small = [
            "hidden-sizes": "6", "latent-size": "3", "codes": "8", "batch-size": "14",
            "learning-rate": "0.01",
        ]
        return try VectorQuantizedAutoencoder().choosing(small.merging(options) { $1 })
    }

    /// The blueprint of a run on the bars.
    private static func blueprint(_ recipe: VectorQuantizedAutoencoder) throws -> Blueprint {
        try Blueprint(
            TrainingRun.Configuration(
                recipe: recipe, data: DataSelection("bars"), samples: DataDescription(data),
                version: "0"))
    }

    private static func program(_ options: [String: String] = [:]) throws -> any TrainingProgram {
        try blueprint(recipe(options)).startingProgram(on: data.training)
    }

    // MARK: Gradients

    /// The loss whose choices are fixed has the gradient that the objective has, of all parameters.
    @Test func gradientsAreThoseOfTheSurrogate() throws {
        var generator = RandomGenerator(seed: 31)
        var model = Model(
            encoder: Sequential {
                Convolution2D(1, 3, kernel: 3, stride: 2, padding: 1, using: &generator)
            },
            quantizer: VectorQuantizer(codes: 4, size: 3, learning: .gradient, using: &generator),
            decoder: GaussianDecoder(
                Sequential {
                    TransposedConvolution2D(3, 1, kernel: 2, stride: 2, using: &generator)
                },
                scale: .fixed(1))
        ).cast(to: .float64)
        let images = generator.uniform([3, 1, 4, 4], dataType: .float64)
        model.startCodebook(at: Batch(images), using: &generator)
        let objective = model.objective(
            Reconstruction(.squaredError) + CodebookLoss() + 0.25 * CommitmentLoss())
        var context = PassContext.evaluation
        let known = model(Batch(images), in: &context).quantized
        let rows = known.indices.reshaped([-1])
        func code(_ vectors: Tensor) -> Tensor {
            vectors.reshaped([3, 2, 2, 3]).transposed([0, 3, 1, 2])
        }
        func surrogate(_ model: Model) -> Tensor {
            let encoded = model.encoder(images)
            let nearest = code(model.quantizer.codes.gathered(at: rows))
            let decoded = model.decoder(encoded + (known.nearest - known.encoded)).mean
            return
                (squaredError(decoded, images) + squaredError(nearest, known.encoded)
                + 0.25 * squaredError(encoded, known.nearest)).mean()
        }
        let check = gradientCheck(at: model) { surrogate($0) }
        #expect(check.passes, "\(check)")
        let expected = valueWithGradient(at: model) { surrogate($0) }
        let found = valueWithGradient(at: model) { model in
            var context = PassContext.evaluation
            return objective(model.pass(images, in: &context)).total
        }
        #expect(abs(found.value - expected.value).scalar < 1e-12)
        for (own, other) in zip(found.gradient.parameters, expected.gradient.parameters) {
            #expect(
                closeness(of: own.tensor, to: other.tensor, tolerance: 1e-10).passes, "\(own.path)")
        }
    }

    // MARK: Training

    @Test(arguments: [
        ["codebook": "averages"], ["codebook": "gradient"],
        ["codebook": "gradient", "code-gradient": "rotation"],
        ["codebook": "averages", "code-gradient": "rotation", "restart-share": "0"],
    ])
    func barsAreLearned(options: [String: String]) throws {
        func train(_ program: some TrainingProgram) throws {
            let before = try program.metrics(on: Self.data.test)
            var trainer = Trainer(program, plan: TrainingPlan(epochs: 25, batchSize: 14, seed: 1))
            try trainer.train(on: Self.data.training, heldOut: Self.data.test)
            let after = try #require(trainer.history.last?.heldOut)
            let errors = try (#require(before["squaredError"]), #require(after["squaredError"]))
            #expect(errors.1 < 0.5 * errors.0, "\(errors)")
            #expect((after["codebookLoss"] != nil) == (options["codebook"] == "gradient"))
            let perplexity = try #require(after["perplexity"])
            let used = try #require(after["codesUsed"])
            #expect(1...8 ~= perplexity && perplexity <= 8 * used + 1e-9 && used <= 1)
        }
        try train(Self.program(options))
    }

    /// Whether by gradient or by averages, with averaged weights or without, from any batch on.
    @Test(arguments: [
        ["codebook": "averages"], ["codebook": "averages", "average-decay": "0.9"],
        ["codebook": "gradient", "average-decay": "0.9"],
    ])
    func aResumedRunIsTheSame(options: [String: String]) throws {
        let recipe = try Self.recipe(options.merging(["epochs": "3"]) { $1 })
        func check<Program: TrainingProgram>(_ program: Program, _ other: Program) throws {
            let folder = TemporaryFolder()
            let plan = recipe.training.plan(samples: 50)
            var whole = Trainer(program, plan: plan)
            try whole.train(on: Self.data.training, heldOut: Self.data.test)
            try whole.save(to: folder.file("whole"))
            var begun = Trainer(program, plan: plan)
            var asked = 0
            #expect(throws: CancellationError.self) {
                let monitor = ProgressMonitor {
                    asked += 1
                    return asked > 8
                }
                try begun.train(
                    on: Self.data.training, heldOut: Self.data.test, monitor: monitor)
            }
            try begun.save(to: folder.file("begun"))
            // Another codebook, which the checkpoint replaces.
            var resumed = Trainer(other, plan: plan)
            try resumed.resume(from: folder.file("begun"))
            try resumed.train(on: Self.data.training, heldOut: Self.data.test)
            try resumed.save(to: folder.file("resumed"))
            #expect(try read(folder.file("resumed")) == read(folder.file("whole")))
            #expect(isIdentical(resumed.model, whole.model))
            let codes = try #require((whole.model as? any HasCodebook)?.codebook)
            let latest = try #require((whole.program.model as? any HasCodebook)?.codebook)
            // The averaged encoder has an averaged codebook.
            #expect(codes.isIdentical(to: latest) == (recipe.training.averageDecay == nil))
        }
        func open<Program: TrainingProgram>(_ program: Program) throws {
            let other = try #require(try Self.blueprint(recipe).program as? Program)
            try check(program, other)
        }
        try open(Self.blueprint(recipe).startingProgram(on: Self.data.training))
    }

    /// Those of the first batch, in which each code stands for a vector.
    @Test func theCodebookStartsAtCodes() throws {
        let blueprint = try Self.blueprint(Self.recipe(["batch-size": "50"]))
        let started = blueprint.startingProgram(on: Self.data.training)
        let again = blueprint.startingProgram(on: Self.data.training)
        let model = try #require(started.model as? any HasCodebook)
        let other = try #require(again.model as? any HasCodebook)
        #expect(model.codebook.isIdentical(to: other.codebook))
        var usage = CodeUsage(codes: 8)
        usage.add(model.indices(of: Self.data.training.batch(0..<50)))
        #expect(usage.usedCodes == 8)
    }

    // MARK: Symbols

    @Test func symbolsAreDecoded() throws {
        let model = try #require(try Self.program().model as? any HasCodebook & Reconstructs)
        let batch = Self.data.test.batch(0..<5)
        let indices = model.indices(of: batch)
        #expect(indices.shape == [5, 2, 2] && indices.dataType == .int32)
        #expect(model.codebook.shape == [8, 3])
        let made = model.decode(indices: indices)
        #expect(made.isIdentical(to: model.reconstruct(batch)) && made.shape == [5, 3, 4])
        #expect(model.decode(model.encode(batch)).isIdentical(to: made))
        let vectors = model.codebook.gathered(at: indices.reshaped([-1]))
        #expect(
            model.encode(batch).transposed([0, 2, 3, 1]).reshaped([-1, 3]).isIdentical(to: vectors))
    }

    @Test func theGridIsThatOfKeras() {
        var generator = RandomGenerator(seed: 32)
        let model = VectorQuantizedAutoencoder().model([28, 28], using: &generator)
        let indices = (model as? any HasCodebook)?.indices(of: Batch(Tensor.zeros([2, 28, 28])))
        #expect(indices?.shape == [2, 7, 7])
        let odd = VectorQuantizedAutoencoder().model([3, 9, 6], using: &generator)
        #expect(
            (odd as? any Reconstructs)?.reconstruct(Tensor.zeros([2, 3, 9, 6])).shape
                == [2, 3, 9, 6])
    }

    // MARK: Bad input

    @Test func whatDoesNotFitIsRefused() throws {
        func refusal(_ shape: [Int], _ options: [String: String], samples: Int? = nil) throws
            -> String?
        {
            var data = DataDescription(sampleShape: shape)
            if let samples {
                data.numbers = SampleNumbers(of: Examples(Tensor.zeros([samples] + shape)))
            }
            return try VectorQuantizedAutoencoder().choosing(options).requirement(of: data)
        }
        #expect(
            try refusal([3, 8], [:])
                == "images with sides of at least 4 pixels for --hidden-sizes 32,64")
        #expect(try refusal([784], [:])?.hasPrefix("images with sides") == true)
        #expect(
            try refusal([28, 28], ["hidden-sizes": "4,4,4,4,4"])?.contains("32 pixels") == true)
        #expect(try refusal([1, 1], ["hidden-sizes": "none", "codes": "100"]) == nil)
        let tooMany =
            "a first batch (--batch-size) of at least 32 training samples, whose 4 vectors each "
            + "are as many as --codes 128"
        #expect(try refusal([8, 8], [:], samples: 31) == tooMany)
        #expect(try refusal([8, 8], [:], samples: 32) == nil)
        #expect(try refusal([8, 8], ["patience": "2"], samples: 34) == tooMany)
        #expect(try refusal([8, 8], ["batch-size": "31"], samples: 500) == tooMany)
    }
}

import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct SparsityTests {
    private func pass(code: Tensor) -> ForwardPass<
        AutoencoderOutput<PointMass, Independent<Normal>>
    > {
        var context = PassContext.evaluation
        let output = AutoencoderOutput(
            posterior: PointMass(code), code: code,
            likelihood: Independent(Normal(mean: code, scale: 1)),
            encoderInput: code, encode: { $0 }, decode: { $0 }, decoderParameters: { [] })
        return ForwardPass(output, of: Batch(code), in: &context)
    }

    @Test func theGreatestAreKept() {
        let codes = Tensor(rows: [[3, -1, 2, 2], [-4, -3, -2, -1]] as [[Double]])
        var training = PassContext.training(RandomGenerator(seed: 1))
        let layer = TopK(2, evaluationCount: 3)
        #expect(
            layer(codes, in: &training).elements(as: Double.self) == [3, 0, 2, 0, 0, 0, -2, -1])
        #expect(layer(codes).elements(as: Double.self) == [3, 0, 2, 2, 0, -3, -2, -1])
        let gradient = gradient(at: codes) { codes in
            var context = PassContext.training(RandomGenerator(seed: 1))
            return square(layer(codes, in: &context)).sum()
        }
        #expect(gradient.elements(as: Double.self) == [6, 0, 4, 0, 0, 0, -4, -2])
    }

    /// The recipe keeps as many as it is told in training, and as it is told afterwards.
    @Test(arguments: [(nil, 2), (5, 5)] as [(Int?, Int)])
    func theRecipeKeepsOthersAfterTraining(evaluated: Int?, expected: Int) {
        var generator = RandomGenerator(seed: 5)
        let recipe = changed(KSparseAutoencoder()) {
            ($0.latentSize, $0.activeComponents, $0.evaluatedComponents) = (8, 2, evaluated)
        }
        let model = recipe.autoencoder([3, 3], using: &generator)
        let samples = generator.uniform([4, 3, 3])
        func counts(_ codes: Tensor) -> [Float] {
            (codes .!= 0).cast(to: .float32).sum(axes: [1]).elements()
        }
        var training = PassContext.training(generator)
        let output = model(Batch(samples), in: &training) as? any HasCode
        #expect(output.map { counts($0.code) } == [2, 2, 2, 2])
        #expect(counts(model.encode(samples)) == [Float](repeating: Float(expected), count: 4))
    }

    @Test func moreThanThereAreTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = TopK(5)(.ones([2, 4]))
        }
        #expect(message(of: result).contains("cannot keep 5 components of shape [2, 4]"))
    }

    @Test func ratesAreComparedWithTheTarget() {
        let codes = Tensor(rows: [[0.1, 0.6], [0.3, 0.2]] as [[Double]])
        let values = RateDivergence(target: 0.2)(pass(code: codes))
        // The first component is on at the target rate; the second at 0.4.
        let expected = 0.2 * log(0.2 / 0.4) + 0.8 * log(0.8 / 0.6)
        for value in values.elements(as: Double.self) { #expect(abs(value - expected) < 1e-5) }
        #expect(values.shape == [2])
    }

    @Test(arguments: [0.0, 1]) func componentsThatNeverChangeArePulledBack(rate: Double) {
        let codes = Tensor(repeating: rate, shape: [4, 3], dataType: .float64)
        let (value, gradient) = valueWithGradient(at: codes) { codes in
            RateDivergence(target: 0.05)(pass(code: codes)).mean()
        }
        #expect(value.allFinite)
        #expect(gradient.allFinite)
        #expect((rate == 0 ? gradient.max() : -gradient.min()).scalar < 0)
    }

    @Test func sparseCodesAreSparse() throws {
        var generator = RandomGenerator(seed: 8)
        let samples = (generator.uniform([32, 5, 5]) .> 0.5).cast(to: .float32)
        func shareOfZeros(penalty: Double) throws -> Double {
            let recipe = changed(SparseAutoencoder()) {
                ($0.latentSize, $0.penalty) = (40, penalty)
                ($0.training.epochs, $0.training.learningRate) = (300, 0.01)
            }
            var generator = RandomGenerator(seed: 9)
            let program = recipe.program(
                for: DataDescription(sampleShape: [5, 5]), using: &generator)
            func train(_ program: some TrainingProgram) throws -> Double {
                var trainer = Trainer(program, plan: recipe.training.plan(samples: 32))
                try trainer.train(on: Examples(samples))
                let model = try #require(trainer.model as? any Encodes)
                return (model.encode(samples) .== 0).cast(to: .float32).mean().scalar
            }
            return try train(program)
        }
        #expect(try shareOfZeros(penalty: 0.3) > shareOfZeros(penalty: 0) + 0.1)
    }
}

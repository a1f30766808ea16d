import Autograd
import Foundation
import Models
import Testing

@Suite struct SparsityTests {
    private func pass(code: Tensor) -> Pass {
        var context = Context.evaluation
        return Pass(
            input: code, target: code, posterior: Point(code), code: code,
            output: Gaussian(mean: code, scale: 1), in: &context, encode: { $0 })
    }

    @Test func theGreatestAreKept() {
        let codes = Tensor(rows: [[3, -1, 2, 2], [-4, -3, -2, -1]] as [[Double]])
        var training = Context.training(RandomGenerator(seed: 1))
        let layer = KeepingGreatest(2, evaluationCount: 3)
        #expect(
            layer(codes, in: &training).elements(as: Double.self) == [3, 0, 2, 0, 0, 0, -2, -1])
        #expect(layer(codes).elements(as: Double.self) == [3, 0, 2, 2, 0, -3, -2, -1])
        let gradient = gradient(at: codes) { codes in
            var context = Context.training(RandomGenerator(seed: 1))
            return square(layer(codes, in: &context)).sum()
        }
        #expect(gradient.elements(as: Double.self) == [6, 0, 4, 0, 0, 0, -4, -2])
    }

    /// The recipe keeps as many as it is told in training, and as it is told afterwards.
    @Test(arguments: [(nil, 2), (5, 5)] as [(Int?, Int)])
    func theRecipeKeepsOthersAfterTraining(evaluated: Int?, expected: Int) {
        var generator = RandomGenerator(seed: 5)
        var settings = Recipe.kSparse.defaults
        (settings.latentSize, settings.activeComponents) = (8, 2)
        settings.evaluatedComponents = evaluated
        let (model, _) = Recipe.kSparse.build(settings, [3, 3], &generator)
        let samples = generator.uniform([4, 3, 3])
        func counts(_ codes: Tensor) -> [Float] {
            (codes .!= 0).cast(to: .float32).sum(axes: [1]).elements()
        }
        var training = Context.training(generator)
        #expect(counts(model.pass(samples, in: &training).code) == [2, 2, 2, 2])
        #expect(counts(model.encode(samples)) == [Float](repeating: Float(expected), count: 4))
    }

    @Test func moreThanThereAreTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = KeepingGreatest(5)(.ones([2, 4]))
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
        func shareOfZeros(penalty: Double) -> Double {
            var settings = Recipe.sparse.defaults
            (settings.latentSize, settings.penalty) = (40, penalty)
            var generator = RandomGenerator(seed: 9)
            let (model, objective) = Recipe.sparse.build(settings, [5, 5], &generator)
            func train(_ model: some AutoencoderModel) -> Double {
                var model = model
                var optimizer = Adam(for: model, learningRate: 0.01)
                for _ in 0..<300 {
                    let gradients = gradient(at: model) {
                        var context = Context.training(RandomGenerator(seed: 1))
                        return objective($0.pass(samples, in: &context)).total
                    }
                    optimizer.update(&model, along: gradients)
                }
                return (model.encode(samples) .== 0).cast(to: .float32).mean().scalar
            }
            return train(model)
        }
        #expect(shareOfZeros(penalty: 0.3) > shareOfZeros(penalty: 0) + 0.1)
    }
}

import Autograd
import Datasets
import Distributions
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// A number as a latent variable: known, or drawn.
@Suite struct NumberVariableModelTests {
    typealias Model = NumberVariableModel<
        GaussianEncoder<MultilayerPerceptron>, StandardNormalPrior,
        BernoulliDecoder<MultilayerPerceptron>
    >

    static let model: Model = {
        var generator = RandomGenerator(seed: 71)
        return Model(
            regressor: MultilayerPerceptron([5, 4, 2], activation: .tanh, using: &generator),
            encoder: GaussianEncoder(
                MultilayerPerceptron([6, 4], using: &generator), features: 4, latentSize: 3,
                using: &generator),
            prior: StandardNormalPrior(),
            decoder: BernoulliDecoder(
                MultilayerPerceptron([4, 4, 5], activation: .tanh, using: &generator)),
            numbers: ConditionNumbers(mean: 30, deviation: 4)
        ).cast(to: .float64)
    }()

    static let samples: Tensor = {
        var generator = RandomGenerator(seed: 72)
        return generator.uniform([3, 5], dataType: .float64)
    }()

    private func pass(
        _ numbers: [Double]?, of model: Model = model, training: Bool = true
    ) -> ForwardPass<Model.Output> {
        let generator = RandomGenerator(seed: 73)
        var context = training ? PassContext.training(generator) : .evaluation(generator)
        return model.pass(
            Batch(Self.samples, condition: numbers.map { Tensor($0) }), in: &context)
    }

    private func bound(_ pass: ForwardPass<Model.Output>) -> [Double] {
        (Reconstruction<Model.Output>()(pass) + KullbackLeibler<Model.Output>()(pass))
            .elements(as: Double.self)
    }

    /// The bound written out with the codes that the pass drew.
    private func expected(_ pass: ForwardPass<Model.Output>, known: [Double?]) -> [Double] {
        func divergence(_ mean: Tensor, _ variance: Tensor) -> Double {
            0.5 * (square(mean) + variance - log(variance) - 1).sum().scalar
        }
        let outputs = Self.model.regressor(Self.samples)
        var context = PassContext.evaluation
        return known.indices.map { row in
            let x = Self.samples[row..<row + 1]
            let number = known[row].map { Tensor([($0 - 30) / 4], shape: [1, 1]) }
            let y = number ?? pass.latentVariables[0].code[row..<row + 1]
            let q = Self.model.encoder(concatenated([x, y], axis: 1), in: &context)
            let p = sigmoid(
                Self.model.decoder.head(
                    concatenated([pass.code[row..<row + 1], y], axis: 1)))
            let likelihood = (x * log(p) + (1 - x) * log(1 - p)).sum().scalar
            let ofNumber =
                known[row] == nil ? divergence(outputs[row, 0], exp(outputs[row, 1])) : 0
            return divergence(q.mean, q.variance) + ofNumber - likelihood
        }
    }

    @Test func knownNumbersAreTakenAndOthersDrawn() {
        let known = [27.0, .nan, 36]
        let found = pass(known)
        let drawn = pass(nil)
        #expect(found.latentVariables[0].code[0, 0].scalar == -0.75)
        #expect(found.latentVariables[0].code[2, 0].scalar == 1.5)
        #expect(
            found.latentVariables[0].code[1, 0].scalar == drawn.latentVariables[0].code[1, 0].scalar
        )
        for (pass, told) in [(found, [27, nil, 36] as [Double?]), (drawn, [nil, nil, nil])] {
            for (own, other) in zip(bound(pass), expected(pass, known: told)) {
                // The variance is softly bounded.
                #expect(abs(own - other) < 1e-6)
            }
        }
    }

    @Test func nothingIsToldInEvaluation() {
        #expect(bound(pass([27, 28, 36], training: false)) == bound(pass(nil, training: false)))
        let batch = Batch(Self.samples, condition: Tensor([27.0, .nan, 36]))
        let expected = Self.model.expectedNumbers(of: batch).elements(as: Double.self)
        let outputs = Self.model.regressor(Self.samples)
        for row in 0..<3 { #expect(abs(expected[row] - 30 - 4 * outputs[row, 0].scalar) < 1e-12) }
        // A code is that of the number that is known, else of the expected one.
        let codes = Self.model.encode(batch)
        let others = Self.model.encode(Batch(Self.samples))
        #expect(codes[1].isIdentical(to: others[1]) && !codes[0].isIdentical(to: others[0]))
        let decoded = Self.model.decode(codes, given: Tensor([27.0, expected[1], 36]))
        #expect(decoded.isIdentical(to: Self.model.reconstruct(batch)))
    }

    @Test func errorsAreThoseOfKnownNumbers() {
        let known = [27.0, .nan, 36]
        let term = KnownNumbers<Model.Output>()(pass(known)).elements(as: Double.self)
        let outputs = Self.model.regressor(Self.samples)
        for (row, number) in [(0, -0.75), (2, 1.5)] {
            let density = Normal(mean: outputs[row, 0], logVariance: outputs[row, 1])
            let expected = -density.logProbability(of: Tensor([number])[0]).scalar
            // Two of three are known.
            #expect(abs(term[row] - 1.5 * expected) < 1e-6)
        }
        #expect(term[1] == 0)
        #expect(KnownNumbers<Model.Output>()(pass(nil)).elements(as: Double.self) == [0, 0, 0])

        var metric = NumberError<Model.Output>()
        #expect(metric.value.isNaN)
        metric.add(pass(known, training: false))
        let errors = [(0, 27.0), (2, 36)].map { 30 + 4 * outputs[$0.0, 0].scalar - $0.1 }
        let root = (errors.reduce(0) { $0 + $1 * $1 } / 2).squareRoot()
        #expect(abs(metric.value - root) < 1e-9)
    }

    /// Missing numbers, which are not a number, do not spoil gradients.
    @Test func gradientsAreRight() {
        let batch = Batch(Self.samples, condition: Tensor([27.0, .nan, 36]))
        let objective = Self.model.objective(
            Reconstruction() + KullbackLeibler() + 2 * KnownNumbers())
        let result = gradientCheck(at: Self.model, mode: .directional()) { model in
            var context = PassContext.training(RandomGenerator(seed: 73))
            return objective(model.pass(batch, in: &context)).total
        }
        #expect(result.passes, "\(result)")
    }

    @Test func logWeightsAreOfEachDraw() {
        var generator = RandomGenerator(seed: 3)
        let weights = Self.model.logWeights(
            of: Batch(Self.samples), draws: 400, using: &generator)
        #expect(weights.shape == [400, 3])
        let bound = Self.model.logLikelihood(of: Batch(Self.samples), using: &generator)
        #expect(bound.shape == [3])
        let logOfHalf = 5.298_317_366_548_036
        // Estimates of the same number by halves of the draws, above the mean of the bound.
        let halves = [0..<200, 200..<400].map {
            (weights[$0].logSumExp(axes: [0]) - logOfHalf).elements(as: Double.self)
        }
        for row in 0..<3 {
            #expect(abs(halves[0][row] - halves[1][row]) < 0.1)
            #expect(halves[0][row] > weights[.all, row].mean().scalar)
        }
        let made = Self.model.sample(2, given: Tensor([20.0, 40]), using: &generator)
        #expect(made.shape == [2, 5])
    }
}

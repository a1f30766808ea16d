import Autograd
import Datasets
import Distributions
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// The class as a latent variable: known, or summed out.
@Suite struct ClassVariableModelTests {
    typealias Model = ClassVariableModel<
        GaussianEncoder<Sequential>, StandardNormalPrior, BernoulliDecoder<MultilayerPerceptron>
    >

    static let model: Model = {
        var generator = RandomGenerator(seed: 91)
        return Model(
            classifier: MultilayerPerceptron([5, 4, 3], activation: .tanh, using: &generator),
            encoder: ClassConditionedEncoder(
                elements: 5, classes: 3, hiddenSizes: [4, 6], latentSize: 2, using: &generator),
            decoder: BernoulliDecoder(
                MultilayerPerceptron([5, 4, 5], activation: .softplus, using: &generator))
        ).cast(to: .float64)
    }()

    static let samples: Tensor = {
        var generator = RandomGenerator(seed: 92)
        return generator.uniform([4, 5], dataType: .float64)
    }()

    private func pass(
        _ model: Model, labels: [Int32]?, training: Bool = true
    ) -> ForwardPass<Model.Output> {
        let generator = RandomGenerator(seed: 93)
        var context = training ? PassContext.training(generator) : .evaluation(generator)
        let batch = Batch(Self.samples, labels: labels.map { Tensor($0) })
        return model.pass(batch, in: &context)
    }

    /// The negative bound of each sample, by the terms of an objective.
    private func terms(_ pass: ForwardPass<Model.Output>) -> [Double] {
        let bound = Reconstruction<Model.Output>()(pass) + KullbackLeibler<Model.Output>()(pass)
        return bound.elements(as: Double.self)
    }

    /// L(x, y) of each sample and class, written out: its code has the noise that the pass drew.
    private func bounds(_ pass: ForwardPass<Model.Output>) -> [[Double]] {
        let (model, samples) = (Self.model, Self.samples)
        var context = PassContext.evaluation
        return (0..<4).map { row in
            (0..<3).map { label in
                let x = samples[row..<row + 1]
                let y = oneHot(Tensor([Int32(label)]), depth: 3, dataType: .float64)
                let q = model.encoder(x, given: y, in: &context)
                let (mean, variance) = (q.mean[0], q.variance[0])
                let divergence = 0.5 * (square(mean) + variance - log(variance) - 1).sum().scalar
                let code = pass.code[4 * label + row]
                let p = sigmoid(
                    model.decoder.head(concatenated([code, y[0]]).reshaped([1, 5])))
                let likelihood = (x * log(p) + (1 - x) * log(1 - p)).sum().scalar
                return likelihood - divergence - log(3)
            }
        }
    }

    private func probabilities(_ pass: ForwardPass<Model.Output>) -> [[Double]] {
        let shares = softmax(pass.logits)
        return (0..<4).map { shares[$0].elements(as: Double.self) }
    }

    @Test func boundsWithoutLabelsAreSumsOverClasses() {
        for labels in [nil, [-1, -1, -1, -1]] as [[Int32]?] {
            let pass = pass(Self.model, labels: labels)
            let (bounds, shares) = (bounds(pass), probabilities(pass))
            for (row, found) in terms(pass).enumerated() {
                let sum = zip(bounds[row], shares[row]).reduce(0) { $0 + $1.1 * ($1.0 - log($1.1)) }
                #expect(abs(found + sum) < 1e-10)
            }
        }
    }

    /// At a low temperature relaxed classes are nearly choices, the mean of which the sum over classes is.
    @Test func relaxedClassesHaveTheBoundOfTheSum() {
        let summed = Self.model
        let drawn = Model(
            classifier: summed.classifier, encoder: summed.encoder, prior: summed.prior,
            decoder: summed.decoder, temperature: 0.02)
        let samples = Batch(Self.samples[0..<1].repeated(4000, axis: 0))
        func bounds(_ model: Model) -> (mean: Double, error: Double, rows: Int) {
            var context = PassContext.training(RandomGenerator(seed: 94))
            let pass = model.pass(samples, in: &context)
            let bound = terms(pass)
            let mean = bound.reduce(0, +) / 4000
            let variance = bound.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000
            return (mean, (variance / 4000).squareRoot(), pass.code.shape[0])
        }
        let (expected, found) = (bounds(summed), bounds(drawn))
        #expect(expected.rows == 12_000 && found.rows == 4000)
        #expect(found.error > 0 && found.error < 0.02)
        #expect(abs(found.mean - expected.mean) < 4 * (found.error + expected.error))
        // In evaluation the sum is over all.
        #expect(
            terms(pass(drawn, labels: nil, training: false))
                == terms(pass(summed, labels: nil, training: false)))
    }

    @Test func labelledSamplesHaveTheirClassAlone() {
        let pass = pass(Self.model, labels: [2, -1, 0, -1])
        let (bounds, shares) = (bounds(pass), probabilities(pass))
        let found = terms(pass)
        #expect(abs(found[0] + bounds[0][2]) < 1e-10 && abs(found[2] + bounds[2][0]) < 1e-10)
        for row in [1, 3] {
            let sum = zip(bounds[row], shares[row]).reduce(0) { $0 + $1.1 * ($1.0 - log($1.1)) }
            #expect(abs(found[row] + sum) < 1e-10)
        }
        // In evaluation no label is told.
        let told = self.pass(Self.model, labels: [2, 1, 0, 1], training: false)
        let untold = self.pass(Self.model, labels: nil, training: false)
        #expect(terms(told) == terms(untold))
    }

    /// What is known of a class says nothing of the others, and what is not known is learned.
    @Test func gradientsReachTheClassifierFromSamplesWithoutLabels() {
        func slope(_ labels: [Int32], classification: Double) -> Double {
            let objective = Self.model.objective(
                Reconstruction() + KullbackLeibler() + classification * LabelledClassification())
            let (_, gradients) = valueWithGradient(at: Self.model) {
                objective(pass($0, labels: labels)).total
            }
            return gradients.classifier.tensors.map { abs($0).max().scalar }.max() ?? 0
        }
        #expect(slope([-1, -1, -1, -1], classification: 0) > 1e-4)
        #expect(slope([2, 1, 0, 1], classification: 0) == 0)
        #expect(slope([2, 1, 0, 1], classification: 1) > 1e-4)
    }

    @Test func gradientsAreRight() {
        let objective = Self.model.objective(
            Reconstruction() + KullbackLeibler() + 0.7 * LabelledClassification())
        let check = gradientCheck(at: Self.model) { model in
            objective(pass(model, labels: [2, -1, 0, -1])).total
        }
        #expect(check.passes, "\(check)")
    }

    /// Estimates of the likelihood are sums over classes of the weights of their draws.
    @Test func likelihoodsAreSummedOverClasses() {
        let pass = pass(Self.model, labels: nil, training: false)
        var generator = RandomGenerator(seed: 93)
        let found = Self.model.logWeights(of: pass.batch, draws: 2, using: &generator)
        #expect(found.shape == [2, 4])
        var context = PassContext.evaluation
        for row in 0..<4 {
            let weights = (0..<3).map { label -> Double in
                let x = Self.samples[row..<row + 1]
                let y = oneHot(Tensor([Int32(label)]), depth: 3, dataType: .float64)
                let code = pass.code[4 * label + row..<4 * label + row + 1]
                let q = Self.model.encoder(x, given: y, in: &context)
                let prior = Independent(Normal.standard([1, 2], dataType: .float64))
                let p = Self.model.decoder(concatenated([code, y], axis: 1))
                let weight =
                    p.logProbability(of: x) + prior.logProbability(of: code)
                    - q.logProbability(of: code)
                return exp(weight.scalar) / 3
            }
            #expect(abs(found[0, row].scalar - log(weights.reduce(0, +))) < 1e-9)
        }
    }

    @Test func samplesAreOfTheClassesGiven() {
        let model = Self.model
        var generator = RandomGenerator(seed: 94)
        let codes = generator.normal([3, 2], dataType: .float64)
        let kinds = Tensor([0, 1, 2] as [Int32])
        let decoded = model.decode(codes, given: kinds)
        let single = model.decode(codes[1..<2], given: Tensor([1 as Int32]))
        #expect(abs(decoded[1..<2] - single).max().scalar < 1e-12)
        #expect(
            abs(decoded - model.decode(codes, given: Tensor([1, 2, 0] as [Int32]))).max().scalar
                > 1e-3)
        var (first, second) = (generator, generator)
        let given = model.sample(3, given: kinds, using: &first)
        #expect(
            given.isIdentical(
                to: model.decode(second.normal([3, 2], dataType: .float64), given: kinds)))
        #expect(model.sample(7, given: nil, using: &generator).shape == [7, 5])
        // Codes and reconstructions are given the labels, or else the likeliest classes.
        let likeliest = model.logits(of: Batch(Self.samples)).argmax()
        let known = Batch(Self.samples, labels: likeliest)
        #expect(model.encode(known).isIdentical(to: model.encode(Self.samples)))
        #expect(model.reconstruct(known).isIdentical(to: model.reconstruct(Self.samples)))
        let others = Batch(
            Self.samples, labels: select(likeliest .> 0, likeliest - 1, likeliest + 1))
        #expect(abs(model.encode(others) - model.encode(known)).max().scalar > 1e-3)
    }

    @Test func mistakesTrap() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var context = PassContext.training(RandomGenerator(seed: 1))
            let labels = Tensor([0, 1, -1, 3] as [Int32])
            _ = Self.model(Batch(Self.samples, labels: labels), in: &context)
        }
        #expect(message(of: result).contains("ClassVariableModel"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            _ = ClassConditionedEncoder(
                elements: 2, classes: 2, hiddenSizes: [], latentSize: 1, using: &generator)
        }
        #expect(message(of: result).contains("no hidden layers"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            _ = Model(
                classifier: MultilayerPerceptron([5, 4], using: &generator),
                encoder: Self.model.encoder, decoder: Self.model.decoder)
        }
        #expect(message(of: result).contains("4 logits with an encoder of 3 classes"))
    }
}

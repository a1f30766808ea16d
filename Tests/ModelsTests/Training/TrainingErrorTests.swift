import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Testing

@testable import Models

@Suite struct TrainingErrorTests {
    private let samples = Examples(bars())

    @Test(arguments: [Float.nan, .infinity])
    func aSampleThatIsNotFiniteIsNamed(_ value: Float) {
        for position in [0, 5, 69, 4000] {
            var elements = [Float](repeating: 0.5, count: 4001 * 100)
            elements[position * 100 + 3] = value
            elements[4000 * 100 + 99] = value
            let samples = Examples(Tensor(elements, shape: [4001, 100]))
            var trainer = makeTrainer(inputs: 100, plan: TrainingPlan(epochs: 1))
            #expect(throws: TrainingError.sampleNotFinite(index: position)) {
                try trainer.train(on: samples)
            }
        }
    }

    @Test func noSamplesAreRefused() {
        var trainer = makeTrainer(plan: TrainingPlan(epochs: 1))
        let none = Examples(.zeros([0, 12]))
        #expect(throws: TrainingError.noSamples) { try trainer.train(on: none) }
        #expect(throws: TrainingError.noSamples) { try trainer.train(on: samples, heldOut: none) }
    }

    /// A trainer of a model whose loss overflows with the squares of its samples.
    private func squaringTrainer() -> Trainer<some TrainingProgram> {
        var generator = RandomGenerator(seed: 1)
        let model = Autoencoder(
            encoder: DeterministicEncoder(MultilayerPerceptron([12, 3], using: &generator)),
            decoder: BernoulliDecoder(MultilayerPerceptron([3, 12], using: &generator)))
        return Trainer(
            model, objective: Reconstruction(.squaredError) + L2OfCodes(),
            optimizer: Adam(for: model), plan: TrainingPlan(epochs: 1, batchSize: 2))
    }

    @Test func theOperationThatMadeTheLossNotFiniteIsNamed() throws {
        var trainer = squaringTrainer()
        let error = #expect(throws: TrainingError.self) {
            try trainer.train(on: Examples(Tensor(repeating: 1e30, shape: [8, 12])))
        }
        guard case .lossNotFinite(let epoch, let batch, let operation) = error else {
            Issue.record("\(error!)")
            return
        }
        #expect(epoch == 1 && batch == 1)
        #expect(operation?.isDerivative == false)
        let name = try #require(operation).description
        #expect(
            error?.description
                == "epoch 1, batch 1: the loss is not finite; the first value that was not finite "
                + "is that of \(name): try a smaller learning rate, or scale data that are far "
                + "from 1")
    }

    /// One sample is so large that its square overflows.
    @Test func theSampleThatMadeTheLossNotFiniteIsNamed() throws {
        var elements = [Float](repeating: 0.5, count: 8 * 12)
        elements[40] = -1e30
        let absurd = Examples(Tensor(elements, shape: [8, 12]))
        let element = SampleElement(sample: 3, element: 4, value: Double(Float(-1e30)))
        var trainer = squaringTrainer()
        #expect(
            throws: TrainingError.sampleWithoutLoss(epoch: 1, element)
        ) { try trainer.train(on: absurd) }
        // What was learned before is still whole.
        #expect(trainer.model.parameters.allSatisfy { $0.tensor.allFinite })

        // A score of held-out samples exists for absurd ones, too.
        var other = squaringTrainer()
        try other.train(on: Examples(Tensor.ones([4, 12])), heldOut: absurd)
        #expect(other.history[0].heldOut["loss"] == .infinity)
    }

    @Test func theFirstElementOutOfRangeIsFound() throws {
        let samples = Examples(Tensor(rows: [[0, 1], [0.5, 1.5], [-2, 0.0]]))
        #expect(
            samples.firstElement(outside: 0...1)
                == SampleElement(sample: 1, element: 1, value: 1.5))
        #expect(samples.firstElement(outside: -2...2) == nil)
        #expect(Examples(bars()).firstElement(outside: 0...1) == nil)
        #expect(
            Examples(Tensor([UInt8(0), 51, 255], shape: [3, 1])).firstElement(outside: 0...0.5)
                == SampleElement(sample: 2, element: 0, value: 1))
    }

    @Test func theParameterWhoseGradientIsNotFiniteIsNamed() throws {
        var generator = RandomGenerator(seed: 1)
        let zeros = Initializer { shape, _, _, _ in Tensor.zeros(shape) }
        let model = Autoencoder(
            encoder: DeterministicEncoder(Dense(12, 3, initializer: zeros, using: &generator)),
            decoder: BernoulliDecoder(MultilayerPerceptron([3, 12], using: &generator)))
        var trainer = Trainer(
            model, objective: Reconstruction() + RootOfCodes(), optimizer: Adam(for: model),
            plan: TrainingPlan(epochs: 1))
        let error = #expect(throws: TrainingError.self) { try trainer.train(on: samples) }
        guard case .gradientNotFinite(1, 1, let parameter, let operation) = error else {
            Issue.record("\(error!)")
            return
        }
        #expect(parameter == "encoder.body.weight")
        #expect(operation?.operation == "sqrt")
        #expect(operation?.isDerivative == true)
        #expect(isIdentical(trainer.model, model))
    }

    @Test func aParameterThatIsNotFiniteIsNamed() throws {
        var model = makeTrainer(plan: TrainingPlan(epochs: 1)).model
        model.decoder.head.layers[1].bias = Tensor(repeating: .nan, shape: [12])
        var trainer = Trainer(
            model, objective: Reconstruction() + KullbackLeibler(), optimizer: Adam(for: model),
            plan: TrainingPlan(epochs: 1))
        #expect(
            throws: TrainingError.parameterNotFinite(
                epoch: 1, batch: 1, parameter: "decoder.head.layers.1.bias")
        ) { try trainer.train(on: samples) }
    }

    /// The mean of √|code|, whose derivative at 0 is infinite.
    private struct RootOfCodes<Output: HasCode>: ObjectiveTerm {
        var name: String { "rootOfCodes" }
        func callAsFunction(_ pass: ForwardPass<Output>) -> Tensor {
            sqrt(pass.code).sum(axes: [1])
        }
    }
}

import Autograd
import ModelTestSupport
import Models
import TestSupport
import Testing

@testable import NeuralNetworks

@Suite struct OptimizerChainTests {
    private typealias Network = MultilayerPerceptron

    private let network: Network = {
        var generator = RandomGenerator(seed: 1)
        return Network([5, 4, 3], using: &generator)
    }()

    /// Some gradients, one set after another.
    private func gradients(_ step: Int) -> Network {
        var generator = RandomGenerator(seed: UInt64(10 + step))
        return network.replacingTensors(
            with: network.tensors.map { generator.normal($0.shape) })
    }

    private func moved(by optimizer: some Optimizer, steps: Int = 5) -> Network {
        var (model, optimizer) = (network, optimizer)
        for step in 0..<steps { optimizer.update(&model, along: gradients(step)) }
        return model
    }

    private func chain(_ links: any GradientTransformation...) -> OptimizerChain {
        OptimizerChain(for: network, learningRate: 0.01, links)
    }

    @Test func chainsAreTheRulesThatTheyEndAs() {
        #expect(
            isIdentical(
                moved(by: chain(MomentEstimation())),
                moved(by: Adam(for: network, learningRate: 0.01))))
        #expect(
            isIdentical(
                moved(by: chain(MomentEstimation(), WeightDecay(0.1))),
                moved(by: AdamW(for: network, learningRate: 0.01, weightDecay: 0.1))))
        func close(_ a: Network, _ b: Network) -> Bool {
            zip(a.tensors, b.tensors).allSatisfy { abs($0 - $1).max().scalar < 1e-6 }
        }
        #expect(
            close(
                moved(by: chain(WeightDecay(0.1), Momentum(0.8))),
                moved(
                    by: SGD(
                        for: network, learningRate: 0.01, momentum: 0.8, weightDecay: 0.1))))
        // Not fused, as something stands behind.
        #expect(
            close(
                moved(by: chain(MomentEstimation(), Scheduled(.constant))),
                moved(by: Adam(for: network, learningRate: 0.01))))
    }

    @Test func linksActInOrder() {
        let plain = moved(by: chain(), steps: 1)
        let expected = zip(network.tensors, gradients(0).tensors).map { $0 - 0.01 * $1 }
        #expect(zip(plain.tensors, expected).allSatisfy { $0.isIdentical(to: $1) })

        let schedule = Schedule { $0 == 0 ? 0 : 1 }
        let first = chain(Scheduled(schedule))
        #expect(isIdentical(moved(by: first, steps: 1), network))
        #expect(!isIdentical(moved(by: first, steps: 2), network))

        let limit = 0.001
        let clipped = moved(by: chain(Clipping(.magnitude(limit)), Momentum(0)), steps: 1)
        for (after, before) in zip(clipped.tensors, network.tensors) {
            #expect(abs(after - before).max().scalar < 0.01 * limit * 1.01)
        }
    }

    /// Its state is saved by names that say whose it is.
    @Test func stateIsSaved() throws {
        let folder = TemporaryFolder()
        var chain = chain(Clipping(.globalNorm(1)), MomentEstimation(), WeightDecay(0.1))
        #expect(chain.allTensors.map(\.path).contains("links.1.firstMoment.layers.0.weight"))
        #expect(chain.parameters.isEmpty)
        var model = network
        chain.update(&model, along: gradients(0))
        try chain.save(to: folder.file("chain"))
        var loaded = self.chain(Clipping(.globalNorm(1)), MomentEstimation(), WeightDecay(0.1))
        try loaded.load(from: folder.file("chain"))
        var other = model
        chain.update(&model, along: gradients(1))
        loaded.update(&other, along: gradients(1))
        #expect(isIdentical(model, other))
    }

    // MARK: Parts

    /// Each part at its own rate, as if it were alone; what no optimiser is for stays.
    @Test func partsMoveAtTheirOwnRates() {
        typealias Pair = TestModel
        let model = makeTrainer(plan: TrainingPlan(epochs: 1)).model
        var parts = PartOptimizers<Pair>([
            PartOptimizer(
                \.encoder.mean, named: "mean", Adam(for: model.encoder.mean, learningRate: 0.01)),
            PartOptimizer(
                \.decoder, named: "decoder", SGD(for: model.decoder, learningRate: 0.5)),
        ])
        var generator = RandomGenerator(seed: 2)
        let gradients = model.replacingTensors(
            with: model.tensors.map { generator.normal($0.shape) })
        var moved = model
        parts.learningRate *= 0.5
        parts.update(&moved, along: gradients)

        var (mean, decoder) = (model.encoder.mean, model.decoder)
        var adam = Adam(for: mean, learningRate: 0.005)
        adam.update(&mean, along: gradients.encoder.mean)
        var descent = SGD(for: decoder, learningRate: 0.25)
        descent.update(&decoder, along: gradients.decoder)
        #expect(isIdentical(moved.encoder.mean, mean))
        #expect(isIdentical(moved.decoder, decoder))
        #expect(isIdentical(moved.encoder.body, model.encoder.body), "it is frozen")
        #expect(isIdentical(moved.encoder.logVariance, model.encoder.logVariance))
        #expect(parts.allTensors.map(\.path).contains("mean.firstMoment.weight"))
    }

    @Test func anotherModelTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let model = makeTrainer(plan: TrainingPlan(epochs: 1)).model
            var parts = PartOptimizers<TestModel>([
                PartOptimizer(
                    \.decoder, named: "decoder", SGD(for: model.decoder, learningRate: 0.5))
            ])
            var encoder = model.encoder
            parts.update(&encoder, along: model.encoder)
        }
        #expect(message(of: result).contains("PartOptimizers: made for a LatentVariableModel"))
    }
}

import Autograd
import Datasets
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// A generative adversarial network with a gradient penalty (Gulrajani et al., "Improved Training
/// of Wasserstein GANs", arXiv:1704.00028), of points in the plane.
private struct AdversarialNetwork: Generates {
    var generator: MultilayerPerceptron
    var critic: MultilayerPerceptron

    init(using random: inout RandomGenerator) {
        generator = MultilayerPerceptron([2, 32, 32, 2], using: &random)
        critic = MultilayerPerceptron([2, 32, 32, 1], using: &random)
    }

    func sample(
        _ count: Int, given condition: Tensor?, using random: inout RandomGenerator
    ) -> Tensor {
        generator(random.normal([count, 2]))
    }

    func criticLoss(_ batch: Batch, in context: inout PassContext) -> Tensor {
        let real = batch.input
        let made = sample(batch.count, using: &context.generator)
        let share = context.generator.uniform([batch.count, 1])
        let between = share * real + (1 - share) * made
        let slope = gradient(at: between) { critic($0).sum() }
        let length = sqrt(square(slope).sum(axes: [1]) + 1e-12)
        return critic(made).mean() - critic(real).mean() + 10 * square(length - 1).mean()
    }

    func generatorLoss(_ batch: Batch, in context: inout PassContext) -> Tensor {
        -critic(sample(batch.count, using: &context.generator)).mean()
    }

    /// The two parts by turns, the critic five times as often.
    var program: Alternating<AdversarialNetwork> {
        Alternating(
            self,
            [
                Phase(
                    \.critic, named: "critic", steps: 5,
                    optimizer: Adam(for: critic, learningRate: 2e-3, firstDecay: 0.5)
                ) { $0.criticLoss($1, in: &$2) },
                Phase(
                    \.generator, named: "generator",
                    optimizer: Adam(for: generator, learningRate: 2e-3, firstDecay: 0.5)
                ) { $0.generatorLoss($1, in: &$2) },
            ]
        ) { network, batch, context in
            [("criticLoss", network.criticLoss(batch, in: &context).scalar)]
        }
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("generator", &generator)
        visitor("critic", &critic)
    }
}

@Suite struct AlternatingTests {
    private let folder = TemporaryFolder()

    private static let rings = try! Dataset.named("rings").training

    private static func trainer(
        epochs: Int, seed: UInt64 = 1
    ) -> Trainer<Alternating<AdversarialNetwork>> {
        var random = RandomGenerator(seed: seed)
        return Trainer(
            AdversarialNetwork(using: &random).program,
            plan: TrainingPlan(epochs: epochs, batchSize: 100, seed: 3, averageDecay: 0.9))
    }

    /// How far points are from the nearest of the rings' radii, on average.
    private static func distance(of points: Tensor) -> Double {
        func radii(_ points: Tensor) -> [Double] {
            sqrt(square(points).sum(axes: [1])).cast(to: .float64).elements(as: Double.self)
        }
        let known = radii(rings.batch(0..<500).input)
        let found = radii(points)
        return found.reduce(0) { sum, radius in
            sum + (known.map { abs($0 - radius) }.min() ?? 0)
        } / Double(found.count)
    }

    @Test func theAdversariesComeByTurnsAndLearn() throws {
        var trainer = Self.trainer(epochs: 40)
        let before = trainer.model
        var names: [[String]] = []
        try trainer.train(
            on: Self.rings, heldOut: Self.rings[Array(0..<50)],
            monitor: ProgressMonitor { event in
                if case .batch(let progress) = event { names.append(progress.means.map(\.name)) }
            })
        let each = ["Loss", "GradientNorm"]
        #expect(names[4] == each.map { "critic" + $0 })
        #expect(names[5] == (each.map { "critic" + $0 } + each.map { "generator" + $0 }))
        #expect(Set(try #require(trainer.history.last).training.keys) == Set(names[5]))
        #expect(trainer.history.last?.heldOut.keys.sorted() == ["criticLoss"])
        func distance(_ network: AdversarialNetwork) -> Double {
            var random = RandomGenerator(seed: 5)
            return Self.distance(of: network.sample(500, using: &random))
        }
        #expect(distance(trainer.model) < 0.5 * distance(before))
    }

    /// Ended at whichever batch, within whoever's turn, it goes on to the same last bit.
    @Test(arguments: [1, 4, 5, 6, 7, 13]) func itIsResumedToTheBit(batches: Int) throws {
        var whole = Self.trainer(epochs: 2)
        try whole.train(on: Self.rings)
        let path = folder.file("checkpoint")
        var stopped = Self.trainer(epochs: 2)
        var asked = 0
        let monitor = ProgressMonitor {
            asked += 1
            return asked > batches
        }
        #expect(throws: CancellationError.self) {
            try stopped.train(on: Self.rings, monitor: monitor)
        }
        try stopped.save(to: path)
        var resumed = Self.trainer(epochs: 2, seed: 77)
        try resumed.resume(from: path)
        try resumed.train(on: Self.rings)
        #expect(isIdentical(resumed.model, whole.model))
        #expect(isIdentical(resumed.program.model, whole.program.model))
        #expect(resumed.history.withoutTimes == whole.history.withoutTimes)
        let names = try Safetensors(contentsOf: path).tensors.keys
        #expect(names.contains("criticOptimizer.firstMoment.layers.0.weight"))
        #expect(names.contains("model.generator.layers.0.weight"))
    }

    /// A derivative that is not finite ends the step before anything has changed, and is named, and
    /// whose turn it was.
    @Test func whatIsNotFiniteIsNamed() throws {
        var random = RandomGenerator(seed: 1)
        var network = AdversarialNetwork(using: &random)
        network.critic.layers[1].bias = Tensor(repeating: .nan, shape: [32])
        var trainer = Trainer(network.program, plan: TrainingPlan(epochs: 1))
        #expect(
            throws: TrainingError.turnFailed(
                of: "critic",
                .parameterNotFinite(epoch: 1, batch: 1, parameter: "critic.layers.1.bias"))
        ) { try trainer.train(on: Self.rings) }
    }

    /// The sixth step is the generator's: it alone has a loss that is not finite.
    @Test func theGeneratorIsNamed() throws {
        var random = RandomGenerator(seed: 1)
        let network = AdversarialNetwork(using: &random)
        let program = Alternating(
            network,
            [
                Phase(
                    \.critic, named: "critic", steps: 5, optimizer: Adam(for: network.critic)
                ) { $0.criticLoss($1, in: &$2) },
                Phase(
                    \.generator, named: "generator", optimizer: Adam(for: network.generator)
                ) { log(0 * $0.generatorLoss($1, in: &$2)) },
            ])
        var trainer = Trainer(program, plan: TrainingPlan(epochs: 1, batchSize: 100))
        let error = #expect(throws: TrainingError.self) { try trainer.train(on: Self.rings) }
        guard case .turnFailed("generator", .lossNotFinite(1, 6, _)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(error?.isDivergence == true)
        #expect(
            error?.description.hasPrefix("in the turn of the generator, epoch 1, batch 6: the loss")
                == true)
        #expect(isIdentical(trainer.model.generator, network.generator))
        #expect(!isIdentical(trainer.model.critic, network.critic))
    }
}

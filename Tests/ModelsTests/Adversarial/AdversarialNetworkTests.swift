import Autograd
import Datasets
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// Losses of a generator and its critic.
@Suite struct AdversarialNetworkTests {
    private typealias Network = AdversarialNetwork<MultilayerPerceptron, MultilayerPerceptron>

    private static func network(
        _ activation: ActivationFunction = .tanh, criticSizes: [Int] = [3, 5, 4, 1],
        seed: UInt64 = 1
    ) -> Network {
        var generator = RandomGenerator(seed: seed)
        return Network(
            generator: MultilayerPerceptron(
                [2, 6, 3], activation: activation, using: &generator),
            critic: MultilayerPerceptron(criticSizes, activation: activation, using: &generator),
            latentSize: 2
        ).cast(to: .float64)
    }

    private static let batch: Batch = {
        var generator = RandomGenerator(seed: 2)
        return Batch(generator.normal([5, 3], dataType: .float64))
    }()

    private static func context() -> PassContext { .training(RandomGenerator(seed: 3)) }

    private static func value(of bias: Double, _ loss: (Network, inout PassContext) -> Tensor)
        -> Double
    {
        var (network, context) = (network(), context())
        network.critic.layers[2].weight = network.critic.layers[2].weight * 0
        network.critic.layers[2].bias = Tensor([bias])
        return loss(network, &context).scalar
    }

    /// Of a critic that says the same of all.
    @Test(arguments: [0.0, 1.5, -3])
    func lossesAreThoseOfLogits(_ logit: Double) {
        let telling = Self.value(of: logit) { $0.tellingLoss(for: Self.batch, in: &$1) }
        let fooling = Self.value(of: logit) { $0.foolingLoss(for: Self.batch, in: &$1) }
        let (real, made) = (-log(1 / (1 + exp(-logit))), -log(1 - 1 / (1 + exp(-logit))))
        #expect(abs(telling - (real + made)) < 1e-12)
        #expect(abs(fooling - real) < 1e-12)
    }

    /// A critic that is sure leaves the generator its slope, and nothing overflows.
    @Test func nothingSaturates() {
        for logit in [-1e4, 1e4] {
            let telling = Self.value(of: logit) { $0.tellingLoss(for: Self.batch, in: &$1) }
            #expect(abs(telling - 1e4) < 1e-6)
        }
        var network = Self.network()
        network.critic.layers[2].bias = Tensor([-1e4])
        let slope = gradient(at: network.generator) { generator in
            var (moved, context) = (network, Self.context())
            moved.generator = generator
            return moved.foolingLoss(for: Self.batch, in: &context)
        }
        // That of −D itself.
        let expected = gradient(at: network.generator) { generator in
            var (moved, context) = (network, Self.context())
            moved.generator = generator
            return moved.approachLoss(for: Self.batch, in: &context)
        }
        let difference = zip(slope.tensors, expected.tensors).map { abs($0 - $1).max().scalar }
        #expect(slope.globalNorm > 1e-3 && difference.allSatisfy { $0 < 1e-12 })
    }

    /// A linear critic has one slope everywhere, |w|.
    @Test(arguments: [[3.0, 0, 4], [0.6, 0.8, 0], [0, 0, 0]])
    func thePenaltyOfALinearCriticIsExact(_ weight: [Double]) {
        var network = Self.network(criticSizes: [3, 1])
        network.critic.layers[0].weight = Tensor(weight, shape: [1, 3])
        let (_, gradients) = valueWithGradient(at: network.critic) { critic in
            var (moved, context) = (network, Self.context())
            moved.critic = critic
            let value = moved.distanceLoss(for: Self.batch, penalty: 10, in: &context)
            let length = weight.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let found = Dictionary(
                uniqueKeysWithValues: value.terms.map { ($0.name, $0.value.scalar) })
            #expect(abs((found["gradientPenalty"] ?? .nan) - (length - 1) * (length - 1)) < 1e-12)
            #expect(abs((found["criticSlope"] ?? .nan) - length) < 1e-12)
            let distance = found["wassersteinDistance"] ?? .nan
            let penalty = 10 * (found["gradientPenalty"] ?? .nan)
            #expect(abs(value.total.scalar - (penalty - distance)) < 1e-12)
            return value.total
        }
        // Also at a critic that is flat, where the norm has a kink.
        let areFinite = gradients.tensors.allSatisfy(\.allFinite)
        #expect(areFinite)
    }

    /// Second derivatives against differences of the penalty, in double precision; images have one
    /// number for each sample that all pixels share.
    @Test(arguments: [ActivationFunction.tanh, .softplus, .leakyRelu(slope: 0.2)])
    func thePenaltyHasTheRightGradient(_ activation: ActivationFunction) {
        let network = Self.network(activation)
        let check = gradientCheck(at: network.critic) { critic in
            var (moved, context) = (network, Self.context())
            moved.critic = critic
            return moved.distanceLoss(for: Self.batch, penalty: 10, in: &context).total
        }
        #expect(check.passes, "\(check)")
        let generator = gradientCheck(at: network.generator) { generator in
            var (moved, context) = (network, Self.context())
            moved.generator = generator
            return moved.foolingLoss(for: Self.batch, in: &context)
        }
        #expect(generator.passes, "\(generator)")
    }

    /// Of ∑ x² / 2 the slope at a point is the point's distance from 0: each lies on the line between
    /// its pair.
    @Test func eachPairHasItsPoint() {
        var generator = RandomGenerator(seed: 4)
        let ones = Tensor.ones([400, 2, 3], dataType: .float64)
        let slopes = slopesBetween(ones, and: 0 * ones, using: &generator) {
            0.5 * square($0).flattened().sum(axes: [1])
        }
        let shares = (slopes / 6.0.squareRoot()).elements(as: Double.self)
        #expect(shares.allSatisfy { 0...1 ~= $0 } && Set(shares).count == 400)
        let mean = shares.reduce(0, +) / 400
        let meanSquare = shares.reduce(0) { $0 + $1 * $1 } / 400
        // Uniform: mean 1/2, mean square 1/3.
        #expect(abs(mean - 0.5) < 0.06 && abs(meanSquare - 1.0 / 3) < 0.06)
    }

    /// Each learns by its own loss alone, with samples in their own units.
    @Test func samplesKeepTheirUnits() {
        var generator = RandomGenerator(seed: 5)
        let scale = SampleScale(
            shift: Tensor([100.0, -5]), unit: Tensor([10.0, 0.5]))
        let network = AdversarialNetwork(
            generator: Dense(weight: Tensor([1.0, 0, 0, 1], shape: [2, 2]), bias: nil),
            critic: Dense(1, 1, using: &generator).cast(to: .float64), latentSize: 2, scale: scale)
        let codes = Tensor([0.0, 0, 1, -2], shape: [2, 2])
        #expect(network.decode(codes).elements(as: Double.self) == [100, -5, 110, -6])
        var (first, second) = (generator, generator)
        let samples = network.sample(4, using: &first)
        #expect(
            samples.isIdentical(
                to: network.decode(second.normal([4, 2], dataType: .float64))))
    }

    // MARK: Recipes

    private static func recipe(_ name: String, _ options: [String: String]) throws -> any Recipe {
        try Recipes.named(name).small(latentSize: 2, hiddenSizes: [6])
            .choosing(options.merging(["epochs": "2", "batch-size": "16"]) { own, _ in own })
    }

    private static let variants: [(String, [String: String])] = [
        ("gan", [:]), ("gan", ["spectral-norm": "false"]),
        ("gan", ["network": "convolutional", "channels": "3,4"]),
        ("gan", ["optimizer": "sgd", "critic-steps": "2"]), ("wgan-gp", [:]),
        ("wgan-gp", ["network": "convolutional", "channels": "3,4"]),
    ]

    /// Ended in whoever's turn, it goes on to the same last bit.
    @Test(arguments: variants, [1, 6])
    func trainingIsResumedToTheBit(_ variant: (String, [String: String]), batches: Int) throws {
        let recipe = try Self.recipe(variant.0, variant.1)
        let half = bars(64).reshaped([64, 4, 3])
        let images = Examples(concatenated([half, half], axis: 2))
        let data = DataDescription(sampleShape: [4, 6])
        let folder = TemporaryFolder()
        func train(_ program: some TrainingProgram, _ other: some TrainingProgram) throws {
            func trainer<P: TrainingProgram>(_ program: P) -> Trainer<P> {
                Trainer(program, plan: recipe.training.plan(samples: 64))
            }
            var (whole, stopped, resumed) = (trainer(program), trainer(program), trainer(other))
            try whole.train(on: images, heldOut: images)
            var asked = 0
            #expect(throws: CancellationError.self) {
                try stopped.train(
                    on: images, heldOut: images,
                    monitor: ProgressMonitor {
                        asked += 1
                        return asked > batches
                    })
            }
            try stopped.save(to: folder.file("checkpoint"))
            try resumed.resume(from: folder.file("checkpoint"))
            try resumed.train(on: images, heldOut: images)
            #expect(isIdentical(resumed.program, whole.program))
            #expect(resumed.history.withoutTimes == whole.history.withoutTimes)
            let names = Set(try #require(whole.history.last).training.keys)
            #expect(
                names.isSuperset(of: [
                    "criticLoss", "generatorLoss", "criticGradientNorm", "generatorGradientNorm",
                ]))
            #expect(names.contains("gradientPenalty") == (variant.0 == "wgan-gp"))
            #expect(whole.history.last?.heldOut["generatorLoss"]?.isFinite == true)
        }
        var (first, second) = (RandomGenerator(seed: 6), RandomGenerator(seed: 7))
        try train(
            recipe.program(for: data, using: &first), recipe.program(for: data, using: &second))
    }

    /// No sample of a critic depends on the others of its batch, and spectral normalisation is asked for.
    @Test func criticsJudgeSamplesApart() throws {
        var generator = RandomGenerator(seed: 8)
        for (name, options) in Self.variants {
            let program = try Self.recipe(name, options).program(
                for: DataDescription(sampleShape: [4, 6]), using: &generator)
            let network = try #require(
                program.model as? AdversarialNetwork<Sequential, Sequential>)
            let images = generator.uniform([5, 4, 6])
            var (together, alone) = (Self.context(), Self.context())
            let judged = network.judgement(of: images, in: &together)
            let first = network.judgement(of: images[0..<1], in: &alone)
            #expect(abs(judged[0..<1] - first).max().scalar < 1e-5)
            let paths = network.allTensors.map(\.path)
            #expect(
                paths.contains { $0.hasPrefix("critic.") && $0.hasSuffix(".left") }
                    == (name == "gan" && options["spectral-norm"] != "false"))
            #expect(!paths.contains { $0.contains("running") })
            // Grey values stay from 0 to 1.
            let made = network.sample(50, using: &generator)
            #expect(made.shape == [50, 4, 6])
            #expect(made.min().scalar >= 0 && made.max().scalar <= 1)
        }
    }

    @Test func whatDoesNotFitIsRefused() throws {
        for wrong in [
            ["patience": "3"], ["critic-steps": "0"], ["channels": "8"],
        ] {
            #expect(throws: OptionError.self) { try GenerativeAdversarialNetwork().choosing(wrong) }
        }
        #expect(throws: OptionError.self) {
            try WassersteinAdversarialNetwork().choosing(["slope-penalty": "-1"])
        }
        let points = DataDescription(sampleShape: [2])
        #expect(GenerativeAdversarialNetwork().requirement(of: points) == nil)
        let convolutional = try GenerativeAdversarialNetwork().choosing([
            "network": "convolutional"
        ])
        #expect(convolutional.requirement(of: points)?.hasPrefix("images with sides") == true)
    }
}

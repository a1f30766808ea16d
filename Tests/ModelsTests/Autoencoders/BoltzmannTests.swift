import Autograd
import Datasets
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct BoltzmannTests {
    /// Every row of `count` zeros and ones.
    private static func states(_ count: Int) -> Tensor {
        Tensor(
            (0..<1 << count).flatMap { state in (0..<count).map { Double(state >> $0 & 1) } },
            shape: [1 << count, count])
    }

    /// A machine in double precision with weights that matter.
    private static func machine(
        _ visible: Int = 4, _ hidden: Int = 3, seed: UInt64 = 1, steps: Int = 1,
        persistentChains: Int = 0, visibleUnits: RestrictedBoltzmannMachine.Units = .bernoulli,
        hiddenUnits: RestrictedBoltzmannMachine.Units = .bernoulli
    ) -> RestrictedBoltzmannMachine {
        var generator = RandomGenerator(seed: seed)
        var machine = RestrictedBoltzmannMachine(
            sampleShape: [visible], latentSize: hidden, visible: visibleUnits,
            hidden: hiddenUnits, steps: steps, persistentChains: persistentChains,
            using: &generator
        ).cast(to: .float64)
        machine.weight = generator.normal([hidden, visible], dataType: .float64)
        machine.codeBias = generator.normal([hidden], dataType: .float64)
        machine.outputBias = generator.normal([visible], dataType: .float64)
        return machine
    }

    /// The log-probabilities of all states of the visible units.
    private static func logProbabilities(_ machine: RestrictedBoltzmannMachine) -> Tensor {
        logSoftmax(-machine.freeEnergy(of: states(machine.weight.shape[1])))
    }

    // MARK: Energies

    @Test func freeEnergySumsOverTheHiddenUnits() {
        let machine = Self.machine()
        let (v, h) = (Self.states(4), Self.states(3))
        // −E for every pair of states.
        let negative =
            (v * machine.outputBias).sum(axes: [1]).reshaped([16, 1])
            + (h * machine.codeBias).sum(axes: [1])
            + matmul(v, matmul(h, machine.weight), transposingRight: true)
        let expected = -negative.logSumExp(axes: [1])
        #expect(abs(machine.freeEnergy(of: v) - expected).max().scalar < 1e-12)
    }

    @Test func freeEnergyIntegratesOverNormalHiddenUnits() {
        let machine = Self.machine(3, 1, hiddenUnits: .gaussian)
        let v = Self.states(3)
        // Simpson would be no better: the trapezium rule is exact for what vanishes at both ends.
        let h = Tensor((-2000...2000).map { Double($0) / 100 }, shape: [4001, 1])
        let joint = matmul(v, matmul(h, machine.weight), transposingRight: true)
        let negative =
            (v * machine.outputBias).sum(axes: [1]).reshaped([8, 1]) + joint
            + (h * machine.codeBias - 0.5 * square(h)).reshaped([4001])
        let integral = negative.logSumExp(axes: [1]) + log(0.01) - 0.5 * log(2 * Double.pi)
        #expect(abs(machine.freeEnergy(of: v) + integral).max().scalar < 1e-9)
    }

    @Test func normalVisibleUnitsLieAroundWhatTheHiddenOnesSay() {
        let machine = Self.machine(3, 2, visibleUnits: .gaussian)
        // Of a mixture of normals, one for each hidden state: minus the log-density, up to a
        // constant, is the free energy.
        let h = Self.states(2)
        var generator = RandomGenerator(seed: 2)
        let v = generator.normal([5, 3], dataType: .float64)
        let centres = matmul(h, machine.weight) + machine.outputBias
        let weights =
            (h * machine.codeBias).sum(axes: [1])
            + 0.5 * (square(centres) - square(machine.outputBias)).sum(axes: [1])
        let distances = square(v.reshaped([5, 1, 3]) - centres).sum(axes: [2])
        let expected = -(weights - 0.5 * distances).logSumExp(axes: [1])
        #expect(abs(machine.freeEnergy(of: v) - expected).max().scalar < 1e-12)
        #expect(machine.decode(h).isIdentical(to: centres))
    }

    @Test func pseudoLikelihoodIsThatOfEachUnitGivenTheOthers() {
        let machine = Self.machine()
        let energies = machine.freeEnergy(of: Self.states(4)).elements(as: Double.self)
        let exact = (0..<16).map { state in
            (0..<4).reduce(0.0) { sum, unit in
                sum - log(1 + exp(energies[state] - energies[state ^ (1 << unit)]))
            }
        }
        var generator = RandomGenerator(seed: 3)
        let draws = 4000
        let many = concatenated([Tensor](repeating: Self.states(4), count: draws))
        let estimates = machine.logPseudoLikelihood(of: many, using: &generator)
            .reshaped([draws, 16])
        let deviation = sqrt(estimates.variance(axes: [0]) / Double(draws))
        let difference = abs(estimates.mean(axes: [0]) - Tensor(exact))
        #expect((difference / deviation).max().scalar < 5)
    }

    // MARK: Chains

    @Test func gibbsSamplingReachesTheDistribution() {
        let machine = Self.machine()
        var generator = RandomGenerator(seed: 4)
        let count = 20_000
        let end = machine.gibbs(
            from: .zeros([count, 4]).cast(to: .float64), steps: 30, using: &generator)
        let places = (end * Tensor([1.0, 2, 4, 8])).sum(axes: [1]).cast(to: .int32)
        let found = oneHot(places, depth: 16, dataType: .float64).mean(axes: [0])
        let expected = exp(Self.logProbabilities(machine))
        let deviation = sqrt(expected * (1 - expected) / Double(count))
        #expect((abs(found - expected) / deviation).max().scalar < 5)
    }

    @Test func theGradientIsTheDifferenceOfCorrelations() {
        let machine = Self.machine(persistentChains: 5)
        let data = Self.states(4)[3..<10]
        var context = PassContext.training(RandomGenerator(seed: 5))
        let gradients = gradient(at: machine) { machine in
            Objective(ContrastiveDivergence())(machine.pass(data, in: &context)).total
        }
        let end = context.current(machine.chains!)
        func correlation(_ v: Tensor) -> Tensor {
            matmul(machine.encode(v), v, transposingLeft: true) / Double(v.shape[0])
        }
        let expected = correlation(end) - correlation(data)
        #expect(abs(gradients.weight - expected).max().scalar < 1e-12)
        #expect(abs(expected).max().scalar > 0.01)
        let biases = end.mean(axes: [0]) - data.mean(axes: [0])
        #expect(abs(gradients.outputBias - biases).max().scalar < 1e-12)
    }

    @Test func persistentChainsGoOn() {
        var machine = Self.machine(persistentChains: 5)
        let start = machine.chains!
        var context = PassContext.training(RandomGenerator(seed: 6))
        _ = machine.pass(Self.states(4), in: &context)
        #expect(machine.chains!.isIdentical(to: start))
        context.commit(to: &machine)
        #expect(machine.chains!.shape == start.shape)
        #expect(!machine.chains!.isIdentical(to: start))
        #expect(machine.allTensors.map(\.path).contains("chains"))
    }

    // MARK: Training

    @Test(arguments: [0, 20]) func trainingRaisesTheLikelihood(persistentChains: Int) throws {
        var generator = RandomGenerator(seed: 7)
        let pixels = (bars(50).cast(to: .float32) .> 100).cast(to: .float32)
        let machine = RestrictedBoltzmannMachine(
            sampleShape: [12], latentSize: 6, persistentChains: persistentChains,
            using: &generator)
        func logLikelihood(_ machine: RestrictedBoltzmannMachine) -> Double {
            let machine = machine.cast(to: .float64)
            let partition = (-machine.freeEnergy(of: Self.states(12))).logSumExp(axes: [0]).scalar
            let energies = machine.freeEnergy(of: pixels.cast(to: .float64))
            return -energies.mean().scalar - partition
        }
        var trainer = Trainer(
            machine, objective: ContrastiveDivergence() + 0 * Reconstruction(named: "crossEntropy"),
            optimizer: SGD(for: machine, learningRate: 0.1),
            plan: TrainingPlan(epochs: 200, batchSize: 10))
        try trainer.train(on: Examples(pixels))
        // At first all states are alike, −12 log 2; four of them, equally likely, are −log 4.
        #expect(abs(logLikelihood(machine) + 12 * log(2)) < 0.1)
        #expect(logLikelihood(trainer.model) > -log(4) - 1)
    }

    /// Numbers that are no probabilities: four that are nearly the same one, seen by the recipes.
    @Test(arguments: ["rbm", "dbn"])
    func recipesHaveNormalVisibleUnits(_ name: String) throws {
        var texts = ["visible-units": "gaussian", "latent-size": "8", "gibbs-steps": "1"]
        texts[name == "rbm" ? "chains" : "hidden-sizes"] = name == "rbm" ? "data" : "none"
        let recipe = try Recipes.named(name).choosing(texts)
        var generator = RandomGenerator(seed: 9)
        let program = recipe.program(
            for: DataDescription(sampleShape: [4]), using: &generator)
        let model = program.model
        let layer: any Module = (model as? DeepBeliefNetwork)?.layers[0] ?? model
        let machine = try #require(layer as? RestrictedBoltzmannMachine)
        #expect(machine.visible == .gaussian && machine.hidden == .bernoulli)

        let samples = Examples(
            3 * generator.normal([300, 1]) + 0.1 * generator.normal([300, 4]))
        #expect(try program.metrics(on: samples).keys.contains("squaredError"))
        var trainer = Trainer(
            machine, objective: ContrastiveDivergence() + 0 * Reconstruction(.squaredError),
            optimizer: SGD(for: machine, learningRate: 0.003),
            plan: TrainingPlan(epochs: 60, batchSize: 20))
        let before = try trainer.program.metrics(on: samples)["squaredError"]
        try trainer.train(on: samples)
        let after = try trainer.program.metrics(on: samples)["squaredError"]
        #expect(try #require(after) < 0.5 * #require(before))
    }

    // MARK: Stacks

    @Test func unrolledNetworksComputeTheSame() {
        var generator = RandomGenerator(seed: 8)
        let network = DeepBeliefNetwork([
            Self.machine(6, 5, seed: 2), Self.machine(5, 4, seed: 3), Self.machine(4, 3, seed: 4),
        ])
        let x = Self.states(6)
        let autoencoder = network.autoencoder(sampleShape: [6])
        #expect(abs(autoencoder.encode(x) - network.encode(x)).max().scalar < 1e-12)
        #expect(abs(autoencoder.reconstruct(x) - network.reconstruct(x)).max().scalar < 1e-12)
        let classifier = network.classifier(classes: 2, using: &generator)
        #expect(abs(classifier.features(x) - network.encode(x)).max().scalar < 1e-12)
        #expect(classifier.head.weight.shape == [2, 3])
        #expect(network.sample(7, using: &generator).shape == [7, 6])
    }

    @Test func mistakesTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = DeepBeliefNetwork([Self.machine(4, 3), Self.machine(4, 3)]) }
        #expect(message(of: result).contains("a layer with weight [3, 4] on one with [3, 4]"))
    }
}

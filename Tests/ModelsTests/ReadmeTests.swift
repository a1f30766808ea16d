import Autograd
import Datasets
import Foundation
import GradientTesting
import ModelTestSupport
import Models
import TestSupport
import Testing

// What the README shows, compiled and run. The last test compares the two.

struct Denoiser: Module {
    var encoder: Dense
    var decoder: Dense

    func callAsFunction(_ x: Tensor) -> Tensor { decoder(relu(encoder(x))) }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("decoder", &decoder)
    }
}

private func energy(_ x: Tensor) -> Tensor { (exp(x) + x * x).sum() }

@Test func readmeDerivatives() {
    let weights = Tensor(rows: [[0.5, -1, 0.25], [1, 0.5, -0.5]])
    func energy(_ x: Tensor) -> Tensor { (exp(x) + x * x).sum() }

    let x = Tensor([0.5, 1, 2])
    let slope = gradient(at: x) { ($0 * $0).sum() }
    let curvature = gradient(at: x) { y in gradient(at: y) { exp($0).sum() }.sum() }
    let (y, pullback) = valueWithPullback(at: x) { tanh(matmul(weights, $0.reshaped([3, 1]))) }
    let matrix = jacobian(at: x) { sin($0) }
    let product = hessianVectorProduct(at: x, along: Tensor([1.0, 0, 0])) { energy($0) }

    #expect(slope.elements(as: Double.self) == [1, 2, 4])
    #expect(abs(curvature - exp(x)).max().scalar < 1e-12)
    #expect(pullback(Tensor.ones(like: y)).shape == [3])
    #expect(abs(matrix.diagonal() - cos(x)).max().scalar < 1e-12)
    #expect(abs(product[0].scalar - (Foundation.exp(0.5) + 2)) < 1e-12)

    let along = jacobianVectorProduct(at: x, along: Tensor([1.0, 0, 0])) { tanh($0) }.derivative
    let samples = Tensor(rows: [[1, 2, 3], [0, 1, 0]])
    let ofEach = perSampleGradients(at: weights) { weights in
        square(matmul(samples, weights.transposed())).sum(axes: [1])
    }

    #expect(abs(along[0].scalar - (1 - pow(Foundation.tanh(0.5), 2))) < 1e-12)
    // Of the second sample the outputs are -1 and ½, and the second input alone is 1.
    #expect(ofEach.shape == [2, 2, 3])
    #expect(ofEach[1] == Tensor(rows: [[0, -2, 0], [0, 1, 0]]))
}

@Test(.gradientCheck(order: 2)) func energyHasItsDerivatives() {
    expectGradients(ofShapes: [3]) { energy($0[0]) }
}

@Test func readmeDistributions() throws {
    var generator = RandomGenerator(seed: 0)

    let location = Tensor([0.5, -1])
    let posterior = Normal(mean: location, scale: Tensor([0.1, 2]))
    let draws = posterior.sample([1000], using: &generator)
    let toPrior = posterior.divergence(from: Normal(mean: Tensor([0.0, 0]), scale: 1))
    let waitingTimes = Mixture(
        logits: Tensor([0.0, 1]),
        components: Transformed(posterior, by: Exponential()))
    let pull = gradient(at: location) { location in
        Laplace(location: location, scale: Tensor([1.0, 2])).logProbability(of: draws).sum()
    }

    #expect(abs(draws.mean(axes: [0]) - location).max().scalar < 0.2)
    let divergence = try #require(toPrior)
    #expect(abs(divergence[1].scalar - (2.5 - log(2) - 0.5)) < 1e-12)
    #expect(waitingTimes.shape == [])
    // Half of the draws lie on each side.
    #expect(abs(pull).max().scalar < 100)
}

@Test func readmeTrainingStep() throws {
    var losses: [Double] = []
    func print(_ loss: Double) { losses.append(loss) }

    var generator = RandomGenerator(seed: 0)
    var model = Denoiser(
        encoder: Dense(784, 64, using: &generator), decoder: Dense(64, 784, using: &generator))
    var optimizer = Adam(for: model, learningRate: 1e-3)

    let clean = try Dataset.named("digits").training.scaled().reshaped([-1, 784])[0..<128]
    for _ in 0..<10 {
        let noisy = clean + 0.3 * generator.normal(clean.shape)
        let (loss, gradients) = valueWithGradient(at: model) { meanSquaredError($0(noisy), clean) }
        optimizer.update(&model, along: gradients)
        print(loss.scalar)
    }

    #expect(losses.count == 10)
    #expect(losses[9] < 0.8 * losses[0])
}

@Test func readmeZoo() throws {
    var generator = RandomGenerator(seed: 0)
    let body = Sequential {
        Dense(784, 400, using: &generator)
        Activation(.relu)
    }
    let head = Sequential {
        Dense(20, 400, using: &generator)
        Activation(.relu)
        Dense(400, 784, using: &generator)
    }
    let vae = LatentVariableModel(
        encoder: GaussianEncoder(body, features: 400, latentSize: 20, using: &generator),
        decoder: BernoulliDecoder(head))
    let evidenceLowerBound = vae.objective(Reconstruction() + KullbackLeibler())
    let betaVAE = vae.objective(Reconstruction() + 4 * KullbackLeibler())
    let contractive = vae.objective(Reconstruction() + 0.1 * JacobianPenalty())

    let flows = (0..<4).map { place in
        InverseAutoregressiveFlowNetwork(
            features: 400, latentSize: 20, hiddenSizes: [64], isReversed: place % 2 == 1,
            using: &generator)
    }
    let deep = LatentVariableModel(
        encoder: FlowEncoder(base: vae.encoder, flows: flows),
        prior: MixturePrior(components: 10, latentSize: 20, using: &generator),
        decoder: GaussianDecoder(head, scale: .learned), draws: 50)
    let importanceWeighted = deep.objective(ImportanceWeightedBound())
    var context = PassContext.training(RandomGenerator(seed: 1))
    let pass = deep.pass(generator.uniform([2, 784]), in: &context)
    #expect(importanceWeighted(pass).total.allFinite)

    // What `tapestry train vae` saves, it takes.
    try withTemporaryDirectory { folder in
        let saved = VariationalAutoencoder().autoencoder([784], using: &generator)
        let path = folder.appending(path: "vae.safetensors").path
        try saved.save(to: path)
        var loaded = vae
        try loaded.load(from: path)
        let codes = generator.normal([3, 20])
        #expect(loaded.decode(codes).isIdentical(to: saved.decode(codes)))
    }

    let images = try Dataset.named("digits").test.scaled().reshaped([-1, 784])[0..<4]
    for objective in [evidenceLowerBound, betaVAE, contractive] {
        var context = PassContext.training(generator)
        let value = objective(vae.pass(images, in: &context))
        #expect(value.total.scalar.isFinite)
        #expect(value.terms.count == 2)
    }
}

@Test func readmeIndices() {
    var table = Tensor.range(12).reshaped([3, 4])
    let column = table[.all, -1]
    let corner = table[..<2, stride(from: 3, through: 0, by: -1)]
    table[table .> 9] = Tensor(9)
    let products = einsum("ij,kj->ik", table, table)
    #expect(column == Tensor([3, 7, 11] as [Float]))
    #expect(corner == Tensor([3, 2, 1, 0, 7, 6, 5, 4] as [Float], shape: [2, 4]))
    #expect(table.max().scalar == 9 && products[2, 2].scalar == 64 + 3 * 81)
}

@Test func readmeContext() {
    var generator = RandomGenerator(seed: 0)
    let clean = generator.uniform([8, 784])

    var network = Sequential {
        Dense(784, 64, using: &generator)
        BatchNormalization(64)
        Dropout(0.5)
        Dense(64, 784, using: &generator)
    }
    let before = network.allTensors.map(\.tensor)
    var adam = Adam(for: network, learningRate: 1e-3)
    var context = PassContext.training(generator)
    let (loss, gradients) = valueWithGradient(at: network) { network in
        meanSquaredError(network(clean, in: &context), clean)
    }
    adam.update(&network, along: gradients)
    context.commit(to: &network)

    #expect(loss.scalar.isFinite)
    let after = network.allTensors.map(\.tensor)
    #expect(zip(before, after).count { !$0.isIdentical(to: $1) } >= 6)
}

@Test func readmeTrainer() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = folder + "/vae.safetensors"

    var generator = RandomGenerator(seed: 0)
    let recipe = VariationalAutoencoder()
    let body = MultilayerPerceptron([784, 400], outputActivation: .relu, using: &generator)
    let vae = LatentVariableModel(
        encoder: GaussianEncoder(body, features: 400, latentSize: 20, using: &generator),
        decoder: BernoulliDecoder(MultilayerPerceptron([20, 400, 784], using: &generator)))
    #expect(vae.parameterCount == recipe.model([784], using: &generator).parameterCount)

    let images = try Dataset.named("digits").training.inputs.reshaped([-1, 784])[0..<256]
    var trainer = Trainer(
        vae, objective: Reconstruction() + KullbackLeibler(),
        optimizer: Adam(for: vae, learningRate: 1e-3),
        plan: TrainingPlan(epochs: 2, schedule: .warmUp(steps: 10, then: .constant)))
    try trainer.train(on: Examples(images))
    try trainer.model.save(to: path)

    var loaded = vae
    try loaded.load(from: path)
    let input = images[0..<2].cast(to: .float32) / 255
    #expect(loaded.encode(input).isIdentical(to: trainer.model.encode(input)))
    #expect(trainer.history.count == 2)
}

/// Every line of the README's Swift stands in this file, in the same order in each block.
@Test func readmeShowsWhatIsTestedHere() throws {
    let here = URL(fileURLWithPath: #filePath)
    let root = here.deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
    let tested = try String(contentsOf: here, encoding: .utf8)
        .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }

    let blocks = readme.components(separatedBy: "```swift\n").dropFirst().map { block in
        block.components(separatedBy: "```")[0].split(separator: "\n")
            .map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(blocks.count == 12)
    for block in blocks {
        var position = 0
        for line in block {
            let found = tested[position...].firstIndex(of: line)
            #expect(found != nil, "not tested: \(line)")
            position = found ?? position
        }
    }
}

import Autograd
import Models

extension Workload {
    /// Variational autoencoders: dense, for an epoch, and with convolutions.
    static let variationalAutoencoders: [Workload] = [
        Workload(
            name: "vae_mlp", group: .training, operations: DenseVariational.operations
        ) {
            let x = Numbers.uniform("vae_mlp/x", [128, 784])
            let model = DenseVariational().starting("vae_mlp", names: DenseVariational.names)
            return Training.adam(model, numbers: "vae_mlp", batch: x.count) { model, noise in
                model.loss(x, noise.normal("eps", [128, 20]))
            }
        },

        Workload(
            name: "conv_vae", group: .training, operations: ConvolutionalVariational.operations
        ) {
            let x = Numbers.uniform("conv_vae/x", [128, 1, 28, 28])
            let model = ConvolutionalVariational()
                .starting("conv_vae", names: ConvolutionalVariational.names)
            return Training.adam(model, numbers: "conv_vae", batch: x.count) { model, noise in
                model.loss(x, noise.normal("eps", [128, 20]))
            }
        },

        Workload(
            name: "mnist_epoch", group: .training,
            operations: Epoch.batches * DenseVariational.operations
        ) { Epoch() },
    ]
}

/// The negative evidence lower bound of Bernoulli pixels and normal codes, a mean over samples.
func variationalLoss(
    logits: Tensor, targets: Tensor, mean: Tensor, logVariance: Tensor
) -> Tensor {
    let reconstruction = binaryCrossEntropy(logits: logits, targets: targets).sum()
    let divergence = -0.5 * (1 + logVariance - square(mean) - exp(logVariance)).sum()
    return (reconstruction + divergence) / Double(targets.shape[0])
}

/// 784-400-20-400-784.
private struct DenseVariational: Module {
    var hidden: Dense
    var mean: Dense
    var logVariance: Dense
    var decoder: MultilayerPerceptron

    static let names = [
        "hidden": "fc1", "mean": "fc_mu", "logVariance": "fc_lv", "decoder.layers.0": "fc3",
        "decoder.layers.1": "fc4",
    ]
    static let operations =
        3 * (denseOperations(128, 784, 400, 20) + denseOperations(128, 400, 20, 400, 784))
        - denseOperations(128, 784, 400)

    init() {
        var generator = RandomGenerator(seed: 0)
        hidden = Dense(784, 400, using: &generator)
        mean = Dense(400, 20, using: &generator)
        logVariance = Dense(400, 20, using: &generator)
        decoder = MultilayerPerceptron([20, 400, 784], using: &generator)
    }

    func loss(_ x: Tensor, _ noise: Tensor) -> Tensor {
        let h = relu(hidden(x))
        let (mean, logVariance) = (mean(h), logVariance(h))
        let code = mean + exp(0.5 * logVariance) * noise
        return variationalLoss(
            logits: decoder(code), targets: x, mean: mean, logVariance: logVariance)
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("hidden", &hidden)
        visitor("mean", &mean)
        visitor("logVariance", &logVariance)
        visitor("decoder", &decoder)
    }
}

/// Two convolutions that halve the image's sides, and two that double them again.
private struct ConvolutionalVariational: Module {
    var first: Convolution2D
    var second: Convolution2D
    var mean: Dense
    var logVariance: Dense
    var expansion: Dense
    var third: TransposedConvolution2D
    var fourth: TransposedConvolution2D

    static let names = [
        "first": "conv1", "second": "conv2", "mean": "fc_mu", "logVariance": "fc_lv",
        "expansion": "fc_dec", "third": "t1", "fourth": "t2",
    ]
    static let operations: Int = {
        let first = convolutionOperations(128, side: 14, 1, 32, kernel: 4)
        let second = convolutionOperations(128, side: 7, 32, 64, kernel: 4)
        // The transposed ones mirror them.
        return 3 * (2 * first + 2 * second + 3 * denseOperations(128, 3136, 20)) - first
    }()

    init() {
        var generator = RandomGenerator(seed: 0)
        first = Convolution2D(1, 32, kernel: 4, stride: 2, padding: 1, using: &generator)
        second = Convolution2D(32, 64, kernel: 4, stride: 2, padding: 1, using: &generator)
        mean = Dense(64 * 7 * 7, 20, using: &generator)
        logVariance = Dense(64 * 7 * 7, 20, using: &generator)
        expansion = Dense(20, 64 * 7 * 7, using: &generator)
        third = TransposedConvolution2D(64, 32, kernel: 4, stride: 2, padding: 1, using: &generator)
        fourth = TransposedConvolution2D(32, 1, kernel: 4, stride: 2, padding: 1, using: &generator)
    }

    func loss(_ x: Tensor, _ noise: Tensor) -> Tensor {
        let h = relu(second(relu(first(x)))).flattened()
        let (mean, logVariance) = (mean(h), logVariance(h))
        let code = mean + exp(0.5 * logVariance) * noise
        let features = relu(expansion(code)).reshaped([-1, 64, 7, 7])
        return variationalLoss(
            logits: fourth(relu(third(features))), targets: x, mean: mean,
            logVariance: logVariance)
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("first", &first)
        visitor("second", &second)
        visitor("mean", &mean)
        visitor("logVariance", &logVariance)
        visitor("expansion", &expansion)
        visitor("third", &third)
        visitor("fourth", &fourth)
    }
}

/// An epoch of the dense one: 60,000 samples in a new order, in batches of 128 of which the last,
/// incomplete one is left out.
private final class Epoch: Exercise {
    static let batches = 60_000 / 128

    private let x = Numbers.uniform("mnist_epoch/x", [60_000, 784])
    private let start = Trained(
        DenseVariational().starting("mnist_epoch", names: DenseVariational.names))
    private lazy var state = start
    private var generator = RandomGenerator(seed: 0)

    var bytes: Int {
        Self.batches * 4 * (2 * 3 * start.model.parameterCount + 128 * x.shape[1])
    }

    var isLong: Bool { true }

    func step() {
        let order = generator.permutation(x.shape[0]).map(Int32.init)
        var loss: Tensor?
        for batch in 0..<Self.batches {
            let rows = x.gathered(at: Tensor(Array(order[batch * 128..<(batch + 1) * 128])))
            let noise = generator.normal([128, 20])
            loss = state.step { $0.loss(rows, noise) }
        }
        loss?.finish()
    }

    func reset() { state = start }

    func check() -> [Double]? { nil }
}

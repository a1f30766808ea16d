import Autograd
import Models

extension Workload {
    /// A variational autoencoder whose code holds a rotation and a translation, and whose decoder
    /// takes coordinates to pixels (Bepler et al., "Explicitly Disentangling Image Content from
    /// Translation and Rotation with Spatial-VAE", arXiv:1909.11663).
    static let rotatingAutoencoder = Workload(
        name: "rvae", group: .training, operations: RotatingAutoencoder.operations
    ) {
        let x = Numbers.uniform("rvae/x", [100, 784])
        let model = RotatingAutoencoder().starting("rvae", names: RotatingAutoencoder.names)
        return Training.adam(model, numbers: "rvae", batch: x.count) { model, noise in
            model.loss(x, noise.normal("eps", [100, 5]))
        }
    }
}

private struct RotatingAutoencoder: Module {
    var encoder: MultilayerPerceptron
    var mean: Dense
    var logVariance: Dense
    var coordinates: Dense
    var content: Dense
    var hidden: Dense
    var output: Dense

    static let names = layerNames("encoder", "enc", 2).merging([
        "mean": "mu", "logVariance": "lv", "coordinates": "coord", "content": "latent",
        "hidden": "fc", "output": "out",
    ]) { $1 }

    static let operations: Int = {
        let pixels = 100 * 784
        let decoder =
            denseOperations(pixels, 2, 128, 128, 1) + denseOperations(100, 2, 128)
        let encoder = denseOperations(100, 784, 128, 128) + 2 * denseOperations(100, 128, 5)
        return 3 * (encoder + decoder) - denseOperations(100, 784, 128)
    }()

    init() {
        var generator = RandomGenerator(seed: 0)
        encoder = MultilayerPerceptron(
            [784, 128, 128], activation: .tanh, outputActivation: .tanh, using: &generator)
        mean = Dense(128, 5, using: &generator)
        logVariance = Dense(128, 5, using: &generator)
        coordinates = Dense(2, 128, using: &generator)
        content = Dense(2, 128, hasBias: false, using: &generator)
        hidden = Dense(128, 128, using: &generator)
        output = Dense(128, 1, using: &generator)
    }

    func loss(_ x: Tensor, _ noise: Tensor) -> Tensor {
        let features = encoder(x)
        let (mean, logVariance) = (mean(features), logVariance(features))
        let code = mean + exp(0.5 * logVariance) * noise
        return variationalLoss(
            logits: decoded(code), targets: x, mean: mean, logVariance: logVariance)
    }

    /// Angle, translation and content, `[batch, 5]`, to the logits of 28 × 28 pixels.
    private func decoded(_ code: Tensor) -> Tensor {
        let places = pixelCoordinates(height: 28, width: 28).rotated(
            by: code.sliced(axis: 1, 0..<1).reshaped([-1]),
            shiftedBy: 0.1 * code.sliced(axis: 1, 1..<3))
        let content = content(code.sliced(axis: 1, 3..<5)).expandingAxis(1)
        let h = tanh(coordinates(places) + content)
        return output(tanh(hidden(h))).reshaped([-1, 784])
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("mean", &mean)
        visitor("logVariance", &logVariance)
        visitor("coordinates", &coordinates)
        visitor("content", &content)
        visitor("hidden", &hidden)
        visitor("output", &output)
    }
}

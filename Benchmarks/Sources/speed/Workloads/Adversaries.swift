import Autograd
import Models

extension Workload {
    /// Models that are trained against each other.
    static let adversaries: [Workload] = [
        Workload(
            name: "aae", group: .training, operations: AdversarialAutoencoder.operations
        ) {
            let x = Numbers.uniform("aae/x", [128, 784])
            let start = AdversarialAutoencoder()
            return Training(
                numbers: "aae", from: start, changed: start.changed, batch: x.count
            ) { state, noise in
                state.step(x, noise.normal("zr", [128, 8]))
            }
        },

        Workload(
            name: "gan_mlp", group: .training, operations: AdversarialNetworks.operations
        ) {
            let x = Numbers.symmetric("gan_mlp/x", [128, 784], bound: 1)
            let start = AdversarialNetworks()
            return Training(
                numbers: "gan_mlp", from: start, changed: start.changed, batch: x.count
            ) { state, noise in
                state.step(x, noise.normal("z", [128, 100]))
            }
        },
    ]
}

/// The mean cross-entropy of a discriminator's logits, `[batch, 1]`, all with one target.
private func meanCrossEntropy(_ logits: Tensor, target: Double) -> Tensor {
    binaryCrossEntropy(logits: logits, targets: Tensor(target)).mean()
}

/// An autoencoder whose codes a discriminator tells from normal ones (Makhzani et al.,
/// "Adversarial Autoencoders", arXiv:1511.05644).
private struct AdversarialAutoencoder {
    private var autoencoder: Composed
    private var autoencoderRule: Adam
    private var encoderRule: Adam
    private var discriminator: Trained<MultilayerPerceptron, Adam>

    private struct Composed: Module {
        var encoder: MultilayerPerceptron
        var decoder: MultilayerPerceptron

        mutating func visit(_ visitor: inout ModuleVisitor) {
            visitor("encoder", &encoder)
            visitor("decoder", &decoder)
        }
    }

    static let operations: Int = {
        let encoder = denseOperations(128, 784, 512, 8)
        let decoder = denseOperations(128, 8, 512, 784)
        let discriminator = denseOperations(128, 8, 256, 1)
        let reconstruction = 3 * (encoder + decoder) - denseOperations(128, 784, 512)
        let discrimination = encoder + 2 * (3 * discriminator - denseOperations(128, 8, 256))
        let deception = 3 * encoder - denseOperations(128, 784, 512) + 2 * discriminator
        return reconstruction + discrimination + deception
    }()

    init() {
        var generator = RandomGenerator(seed: 0)
        autoencoder = Composed(
            encoder: MultilayerPerceptron([784, 512, 8], using: &generator),
            decoder: MultilayerPerceptron([8, 512, 784], using: &generator)
        ).starting(
            "aae",
            names: layerNames("encoder", "enc", 2).merging(layerNames("decoder", "dec", 2)) { $1 })
        autoencoderRule = Adam(for: autoencoder, learningRate: 1e-3)
        encoderRule = Adam(for: autoencoder.encoder, learningRate: 1e-3)
        discriminator = Trained(
            MultilayerPerceptron([8, 256, 1], using: &generator)
                .starting("aae", names: ["layers.0": "disc1", "layers.1": "disc2"]))
    }

    /// The encoder belongs to two optimisers.
    var changed: Int {
        3 * autoencoder.parameterCount + 2 * autoencoder.encoder.parameterCount
            + 3 * discriminator.model.parameterCount
    }

    /// Reconstruction, discrimination of the codes, deception of the discriminator.
    mutating func step(_ x: Tensor, _ normalCodes: Tensor) -> [Tensor] {
        let (reconstruction, gradients) = valueWithGradient(at: autoencoder) { model in
            binaryCrossEntropy(logits: model.decoder(model.encoder(x)), targets: x).mean()
        }
        autoencoderRule.update(&autoencoder, along: gradients)

        let codes = autoencoder.encoder(x)
        let discrimination = discriminator.step { discriminator in
            meanCrossEntropy(discriminator(normalCodes), target: 1)
                + meanCrossEntropy(discriminator(codes), target: 0)
        }

        let (deception, encoderGradients) = valueWithGradient(at: autoencoder.encoder) { encoder in
            meanCrossEntropy(discriminator.model(encoder(x)), target: 1)
        }
        encoderRule.update(&autoencoder.encoder, along: encoderGradients)
        return [reconstruction, discrimination, deception]
    }
}

/// Generative adversarial networks of dense layers (Goodfellow et al., arXiv:1406.2661).
private struct AdversarialNetworks {
    private var generator: Trained<MultilayerPerceptron, Adam>
    private var discriminator: Trained<MultilayerPerceptron, Adam>

    static let operations: Int = {
        let generator = denseOperations(128, 100, 256, 512, 784)
        let discriminator = denseOperations(128, 784, 512, 256, 1)
        return 3 * generator - denseOperations(128, 100, 256)
            + 2 * (3 * discriminator - denseOperations(128, 784, 512)) + 2 * discriminator
    }()

    init() {
        var random = RandomGenerator(seed: 0)
        func trained(
            _ sizes: [Int], _ name: String, output: ActivationFunction?
        ) -> Trained<MultilayerPerceptron, Adam> {
            let names = (0..<3).map { ("layers.\($0)", "\(name)\($0 + 1)") }
            let model = MultilayerPerceptron(
                sizes, activation: .leakyRelu(slope: 0.2), outputActivation: output, using: &random
            ).starting("gan_mlp", names: Dictionary(uniqueKeysWithValues: names))
            return Trained(
                model: model, optimizer: Adam(for: model, learningRate: 2e-4, firstDecay: 0.5))
        }
        generator = trained([100, 256, 512, 784], "g", output: .tanh)
        discriminator = trained([784, 512, 256, 1], "d", output: nil)
    }

    var changed: Int {
        3 * (generator.model.parameterCount + discriminator.model.parameterCount)
    }

    /// The images made serve both: the generator's pullback takes the discriminator's gradient.
    mutating func step(_ x: Tensor, _ codes: Tensor) -> [Tensor] {
        let (images, pullback) = valueWithPullback(at: generator.model) { $0(codes) }
        let discrimination = discriminator.step { discriminator in
            meanCrossEntropy(discriminator(x), target: 1)
                + meanCrossEntropy(discriminator(images), target: 0)
        }
        let (deception, direction) = valueWithGradient(at: images) { images in
            meanCrossEntropy(discriminator.model(images), target: 1)
        }
        generator.optimizer.update(&generator.model, along: pullback(direction))
        return [discrimination, deception]
    }
}

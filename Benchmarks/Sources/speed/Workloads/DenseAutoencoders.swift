import Autograd
import Models

extension Workload {
    /// Autoencoders of dense layers on images of 28 × 28.
    static let denseAutoencoders: [Workload] = [
        Workload(
            name: "ae_mlp", group: .training,
            operations: 3 * denseOperations(128, 784, 512, 256, 32, 256, 512, 784)
                - denseOperations(128, 784, 512)
        ) {
            let x = Numbers.uniform("ae_mlp/x", [128, 784])
            let model = Mirrored([784, 512, 256, 32], .relu, output: .sigmoid)
                .starting("ae_mlp", names: Mirrored.names(layers: 3))
            return Training.adam(model, numbers: "ae_mlp", batch: x.count) { model, _ in
                square(model(x) - x).mean()
            }
        },

        Workload(
            name: "deep_ae", group: .training,
            operations: 3
                * denseOperations(128, 784, 1000, 500, 250, 30, 250, 500, 1000, 784)
                - denseOperations(128, 784, 1000)
        ) {
            let x = Numbers.uniform("deep_ae/x", [128, 784])
            let model = Mirrored([784, 1000, 500, 250, 30], .sigmoid, output: nil)
                .starting("deep_ae", names: Mirrored.names(layers: 4))
            return Training.adam(model, numbers: "deep_ae", batch: x.count) { model, _ in
                binaryCrossEntropy(logits: model(x), targets: x).mean()
            }
        },

        contractive("contractive_ae") { model, x in
            squaredJacobianNorm(at: x) { sigmoid(model.encoder($0)) }.mean()
        },

        contractive("contractive_closed") { model, x in
            let h = sigmoid(model.encoder(x))
            let slopes = h * (1 - h)
            let rows = square(model.encoder.weight).sum(axes: [1])
            return (square(slopes) * rows).sum() / Double(x.shape[0])
        },
    ]

    /// Both have the same losses: one differentiates the encoder, the other knows its derivative.
    /// What a whole Jacobian of each sample would cost is not counted: it need not be formed.
    private static func contractive(
        _ name: String,
        penalty: @escaping @Sendable (ContractiveAutoencoder, Tensor) -> Tensor
    ) -> Workload {
        Workload(
            name: name, group: .training,
            operations: 3 * denseOperations(64, 784, 256, 784) - denseOperations(64, 784, 256)
        ) {
            let numbers = "contractive_ae"
            let x = Numbers.uniform("\(numbers)/x", [64, 784])
            var generator = RandomGenerator(seed: 0)
            let model = ContractiveAutoencoder(
                encoder: Dense(784, 256, using: &generator),
                decoder: Dense(256, 784, using: &generator)
            ).starting(numbers, names: ["encoder": "enc", "decoder": "dec"])
            return Training.adam(model, numbers: numbers, batch: x.count) { model, _ in
                let y = sigmoid(model.decoder(sigmoid(model.encoder(x))))
                return square(y - x).mean() + 0.1 * penalty(model, x)
            }
        }
    }
}

/// Dense layers down to a linear code, and as many up again.
private struct Mirrored: Module {
    var encoder: MultilayerPerceptron
    var decoder: MultilayerPerceptron

    init(_ sizes: [Int], _ activation: ActivationFunction, output: ActivationFunction?) {
        var generator = RandomGenerator(seed: 0)
        encoder = MultilayerPerceptron(sizes, activation: activation, using: &generator)
        decoder = MultilayerPerceptron(
            sizes.reversed(), activation: activation, outputActivation: output, using: &generator)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { decoder(encoder(x)) }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("decoder", &decoder)
    }

    static func names(layers: Int) -> [String: String] {
        layerNames("encoder", "enc", layers).merging(layerNames("decoder", "dec", layers)) { $1 }
    }
}

private struct ContractiveAutoencoder: Module {
    var encoder: Dense
    var decoder: Dense

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("decoder", &decoder)
    }
}

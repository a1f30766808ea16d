import Autograd
import Models

extension Workload {
    /// Autoencoders of sequences.
    static let sequenceModels: [Workload] = [
        Workload(
            name: "lstm_ae", group: .training,
            // The decoder's input is the same at each step: its product is needed but once. The
            // encoder's input has no gradient.
            operations: 3
                * (140 * (denseOperations(32, 1, 256) + 2 * denseOperations(32, 64, 256))
                    + denseOperations(32, 64, 32, 256) + 140 * denseOperations(32, 64, 1))
                - 140 * denseOperations(32, 1, 256)
        ) {
            let x = Numbers.symmetric("lstm_ae/x", [32, 140, 1], bound: 1)
            return Training.adam(
                RecurrentAutoencoder.start, numbers: "lstm_ae", batch: x.count
            ) { model, _ in
                square(model(x) - x).mean()
            }
        },

        Workload(
            name: "transformer_ae", group: .training, operations: AttentiveAutoencoder.operations
        ) {
            let tokens = Numbers.indices("transformer_ae/tok", [32, 64], below: 64)
            return Training.adam(
                AttentiveAutoencoder.start, numbers: "transformer_ae", batch: tokens.count
            ) { model, _ in
                crossEntropy(logits: model(tokens), labels: tokens).mean()
            }
        },
    ]
}

/// The frameworks' layer has two biases, of the input and of the units before. Only their sum
/// matters, but as each is trained it moves twice as fast.
private struct TwoBiasLSTM: Module {
    var layer: LSTM
    var secondBiases: Tensor

    static let names = [
        "layer.inputWeights": "weight_ih_l0", "layer.hiddenWeights": "weight_hh_l0",
        "layer.biases": "bias_ih_l0", "secondBiases": "bias_hh_l0",
    ]

    init(_ inputs: Int, _ size: Int, using generator: inout RandomGenerator) {
        layer = LSTM(inputs, size, using: &generator)
        secondBiases = Tensor.zeros([4 * size])
    }

    func callAsFunction(
        _ input: Tensor, steps: Int? = nil
    ) -> (outputs: Tensor, state: LSTM.State) {
        var layer = layer
        layer.biases = layer.biases + secondBiases
        return layer(input, steps: steps)
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("layer", &layer)
        visitor("secondBiases", &secondBiases)
    }
}

/// The last state of one recurrence, made narrower, is the constant input of another.
private struct RecurrentAutoencoder: Module {
    var encoder: TwoBiasLSTM
    var code: Dense
    var decoder: TwoBiasLSTM
    var output: Dense

    static var start: RecurrentAutoencoder {
        var names = ["code": "lat", "output": "out"]
        var bounds: [String: Double] = [:]
        for (part, name) in [("encoder", "enc"), ("decoder", "dec")] {
            for (path, parameter) in TwoBiasLSTM.names {
                names["\(part).\(path)"] = "\(name).\(parameter)"
                bounds["\(part).\(path)"] = 1 / 64.0.squareRoot()
            }
        }
        var generator = RandomGenerator(seed: 0)
        return RecurrentAutoencoder(
            encoder: TwoBiasLSTM(1, 64, using: &generator),
            code: Dense(64, 32, using: &generator),
            decoder: TwoBiasLSTM(32, 64, using: &generator),
            output: Dense(64, 1, using: &generator)
        ).starting("lstm_ae", names: names, bounds: bounds)
    }

    /// `[batch, time, 1]` to the same.
    func callAsFunction(_ x: Tensor) -> Tensor {
        let code = code(encoder(x).state.hidden)
        return output(decoder(code.expandingAxis(1), steps: x.shape[1]).outputs)
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("code", &code)
        visitor("decoder", &decoder)
        visitor("output", &output)
    }
}

/// The hyperbolic tangent's approximation of ``gelu(_:)`` (Hendrycks and Gimpel,
/// arXiv:1606.08415, section 2).
private func approximateGELU(_ x: Tensor) -> Tensor {
    0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
}

/// A layer of a transformer, normalised before attention and before the dense layers.
private struct TransformerLayer: Module {
    var attentionNorm: LayerNormalization
    var attention: MultiHeadAttention
    var denseNorm: LayerNormalization
    var widening: Dense
    var narrowing: Dense

    static let names = [
        "attentionNorm": "ln1", "attention.projection": "qkv", "attention.output": "proj",
        "denseNorm": "ln2", "widening": "fc1", "narrowing": "fc2",
    ]

    init(using generator: inout RandomGenerator) {
        attentionNorm = LayerNormalization(128)
        attention = MultiHeadAttention(128, heads: 4, using: &generator)
        denseNorm = LayerNormalization(128)
        widening = Dense(128, 512, using: &generator)
        narrowing = Dense(512, 128, using: &generator)
    }

    /// `[batch, tokens, 128]` to the same.
    func callAsFunction(_ x: Tensor) -> Tensor {
        let attended = x + attention(attentionNorm(x))
        return attended + narrowing(approximateGELU(widening(denseNorm(attended))))
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("attentionNorm", &attentionNorm)
        visitor("attention", &attention)
        visitor("denseNorm", &denseNorm)
        visitor("widening", &widening)
        visitor("narrowing", &narrowing)
    }
}

/// Tokens to one code for all of them, and back from it.
private struct AttentiveAutoencoder: Module {
    var tokens: Embedding
    var encoderPositions: Tensor
    var encoder: [TransformerLayer]
    var code: Dense
    var expansion: Dense
    var decoderPositions: Tensor
    var decoder: [TransformerLayer]
    var normalization: LayerNormalization
    var head: Dense

    static let operations: Int = {
        let rows = 32 * 64
        let attention = 2 * 2 * 32 * 64 * 64 * 128
        let layer =
            denseOperations(rows, 128, 384) + denseOperations(rows, 128, 128)
            + denseOperations(rows, 128, 512, 128) + attention
        return 3
            * (4 * layer + denseOperations(rows, 128, 64) + denseOperations(32, 128, 64, 128))
    }()

    static var start: AttentiveAutoencoder {
        var names = [
            "tokens": "tok", "encoderPositions": "pos_enc", "code": "lat", "expansion": "up",
            "decoderPositions": "pos_dec", "normalization": "lnf",
        ]
        for (part, name) in [
            ("encoder.0", "e1"), ("encoder.1", "e2"), ("decoder.0", "d1"), ("decoder.1", "d2"),
        ] {
            for (path, peer) in TransformerLayer.names {
                names["\(part).\(path)"] = "\(name).\(peer)"
            }
        }
        var generator = RandomGenerator(seed: 0)
        return AttentiveAutoencoder(
            tokens: Embedding(64, 128, using: &generator),
            encoderPositions: Tensor.zeros([64, 128]),
            encoder: (0..<2).map { _ in TransformerLayer(using: &generator) },
            code: Dense(128, 64, using: &generator),
            expansion: Dense(64, 128, using: &generator),
            decoderPositions: Tensor.zeros([64, 128]),
            decoder: (0..<2).map { _ in TransformerLayer(using: &generator) },
            normalization: LayerNormalization(128),
            head: Dense(128, 64, using: &generator)
        ).starting(
            "transformer_ae", names: names,
            bounds: ["tokens.weight": 0.05, "encoderPositions": 0.05, "decoderPositions": 0.05])
    }

    /// `[batch, tokens]` to the logits of what each is, `[batch, tokens, 64]`.
    func callAsFunction(_ input: Tensor) -> Tensor {
        let encoded = encoder.reduce(tokens(input) + encoderPositions) { $1($0) }
        let code = code(encoded.mean(axes: [1]))
        let start = expansion(code).expandingAxis(1) + decoderPositions
        return head(normalization(decoder.reduce(start) { $1($0) }))
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("tokens", &tokens)
        visitor("encoderPositions", &encoderPositions)
        visitor("encoder", &encoder)
        visitor("code", &code)
        visitor("expansion", &expansion)
        visitor("decoderPositions", &decoderPositions)
        visitor("decoder", &decoder)
        visitor("normalization", &normalization)
        visitor("head", &head)
    }
}

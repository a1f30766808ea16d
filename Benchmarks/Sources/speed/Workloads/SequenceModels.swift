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

/// A recurrent layer with gates (Hochreiter and Schmidhuber, "Long Short-Term Memory", 1997).
private struct Recurrence: Module {
    /// Of the input, `[4 units, inputs]`, in the order input gate, forget gate, cell, output gate.
    var inputWeight: Tensor
    /// Of the units before, `[4 units, units]`.
    var weight: Tensor
    var inputBias: Tensor
    var bias: Tensor

    init(_ inputs: Int, _ units: Int) {
        inputWeight = Tensor.zeros([4 * units, inputs])
        weight = Tensor.zeros([4 * units, units])
        inputBias = Tensor.zeros([4 * units])
        bias = Tensor.zeros([4 * units])
    }

    /// The units after each step from zero, given the steps' inputs, `[batch, inputs]` each.
    func callAsFunction(_ inputs: [Tensor]) -> [Tensor] {
        run(inputs.map { matmul($0, inputWeight, transposingRight: true) + (inputBias + bias) })
    }

    /// The same for one input that is repeated.
    func callAsFunction(repeating input: Tensor, _ steps: Int) -> [Tensor] {
        let projected = matmul(input, inputWeight, transposingRight: true) + (inputBias + bias)
        return run([Tensor](repeating: projected, count: steps))
    }

    private func run(_ projected: [Tensor]) -> [Tensor] {
        let units = weight.shape[1]
        var h = Tensor.zeros([projected[0].shape[0], units])
        var cell = h
        return projected.map { input in
            let gates = input + matmul(h, weight, transposingRight: true)
            func gate(_ index: Int) -> Tensor {
                gates.sliced(axis: 1, index * units..<(index + 1) * units)
            }
            cell = sigmoid(gate(1)) * cell + sigmoid(gate(0)) * tanh(gate(2))
            h = sigmoid(gate(3)) * tanh(cell)
            return h
        }
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("inputWeight", &inputWeight)
        visitor("weight", &weight)
        visitor("inputBias", &inputBias)
        visitor("bias", &bias)
    }
}

/// The last state of one recurrence, made narrower, is the constant input of another.
private struct RecurrentAutoencoder: Module {
    var encoder: Recurrence
    var code: Dense
    var decoder: Recurrence
    var output: Dense

    static var start: RecurrentAutoencoder {
        var generator = RandomGenerator(seed: 0)
        var names = ["code": "lat", "output": "out"]
        var bounds: [String: Double] = [:]
        for (part, name) in [("encoder", "enc"), ("decoder", "dec")] {
            for (path, peer) in [
                ("inputWeight", "weight_ih_l0"), ("weight", "weight_hh_l0"),
                ("inputBias", "bias_ih_l0"), ("bias", "bias_hh_l0"),
            ] {
                names["\(part).\(path)"] = "\(name).\(peer)"
                bounds["\(part).\(path)"] = 1 / 64.0.squareRoot()
            }
        }
        return RecurrentAutoencoder(
            encoder: Recurrence(1, 64), code: Dense(64, 32, using: &generator),
            decoder: Recurrence(32, 64), output: Dense(64, 1, using: &generator)
        ).starting("lstm_ae", names: names, bounds: bounds)
    }

    /// `[batch, time, 1]` to the same.
    func callAsFunction(_ x: Tensor) -> Tensor {
        let steps = x.shape[1]
        let inputs = (0..<steps).map { x.sliced(axis: 1, $0..<$0 + 1).reshaped([-1, 1]) }
        let last = encoder(inputs)[steps - 1]
        return output(stacked(decoder(repeating: code(last), steps), axis: 1))
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("code", &code)
        visitor("decoder", &decoder)
        visitor("output", &output)
    }
}

/// softmax(q kᵀ / √size) v over the last two axes, `[…, tokens, size]` (Vaswani et al.,
/// "Attention Is All You Need", arXiv:1706.03762, equation 1).
func attention(_ queries: Tensor, _ keys: Tensor, _ values: Tensor) -> Tensor {
    let scale = 1 / Double(queries.shape[queries.rank - 1]).squareRoot()
    return matmul(softmax(matmul(queries * scale, keys, transposingRight: true)), values)
}

/// The hyperbolic tangent's approximation of ``gelu(_:)`` (Hendrycks and Gimpel,
/// arXiv:1606.08415, section 2).
private func approximateGELU(_ x: Tensor) -> Tensor {
    0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
}

/// A layer of a transformer, normalised before attention and before the dense layers.
private struct TransformerLayer: Module {
    static let heads = 4

    var attentionNorm: LayerNormalization
    /// To queries, keys and values, in this order.
    var projection: Dense
    var output: Dense
    var denseNorm: LayerNormalization
    var widening: Dense
    var narrowing: Dense

    static let names = [
        "attentionNorm": "ln1", "projection": "qkv", "output": "proj", "denseNorm": "ln2",
        "widening": "fc1", "narrowing": "fc2",
    ]

    init(using generator: inout RandomGenerator) {
        attentionNorm = LayerNormalization(128)
        projection = Dense(128, 3 * 128, using: &generator)
        output = Dense(128, 128, using: &generator)
        denseNorm = LayerNormalization(128)
        widening = Dense(128, 512, using: &generator)
        narrowing = Dense(512, 128, using: &generator)
    }

    /// `[batch, tokens, 128]` to the same.
    func callAsFunction(_ x: Tensor) -> Tensor {
        let (batch, tokens) = (x.shape[0], x.shape[1])
        let heads = projection(attentionNorm(x))
            .reshaped([batch, tokens, 3, Self.heads, 128 / Self.heads])
            .transposed([2, 0, 3, 1, 4])
        let seen = attention(heads[0], heads[1], heads[2])
            .transposed([0, 2, 1, 3]).reshaped(x.shape)
        let attended = x + output(seen)
        return attended + narrowing(approximateGELU(widening(denseNorm(attended))))
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("attentionNorm", &attentionNorm)
        visitor("projection", &projection)
        visitor("output", &output)
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

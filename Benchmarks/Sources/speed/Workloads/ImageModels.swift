import Autograd
import Models

extension Workload {
    /// Convolutional models of images with discrete codes, or without any.
    static let imageModels: [Workload] = [
        Workload(
            name: "vq_vae", group: .training, operations: QuantizingAutoencoder.operations
        ) {
            let x = Numbers.symmetric("vq_vae/x", [32, 3, 32, 32], bound: 1)
            let model = QuantizingAutoencoder().starting(
                "vq_vae", names: QuantizingAutoencoder.names, bounds: ["codes": 0.05])
            return Training.adam(model, numbers: "vq_vae", batch: x.count) { model, _ in
                model.loss(x)
            }
        },

        Workload(
            name: "pixelcnn", group: .training,
            // The input gradient of the first layer is not needed.
            operations: 2 * convolutionOperations(16, side: 28, 1, 64, kernel: 7)
                + 15 * convolutionOperations(16, side: 28, 64, 64, kernel: 3)
                + 3 * convolutionOperations(16, side: 28, 64, 1, kernel: 1)
        ) {
            let x = Numbers.binary("pixelcnn/x", [16, 1, 28, 28], probability: 0.5)
            let names = (0..<7).map { ("layers.\($0)", "c\($0 + 1)") }
            let model = PixelNetwork()
                .starting("pixelcnn", names: Dictionary(uniqueKeysWithValues: names))
            return Training.adam(model, numbers: "pixelcnn", batch: x.count) { model, _ in
                binaryCrossEntropy(logits: model(x), targets: x).sum() / 16
            }
        },
    ]
}

/// x + a 1 × 1 convolution of a 3 × 3 convolution of x.
private struct Residual: Module {
    var wide: Convolution2D
    var narrow: Convolution2D

    init(using generator: inout RandomGenerator) {
        wide = Convolution2D(128, 32, kernel: 3, padding: 1, using: &generator)
        narrow = Convolution2D(32, 128, kernel: 1, using: &generator)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { x + narrow(relu(wide(relu(x)))) }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("wide", &wide)
        visitor("narrow", &narrow)
    }
}

/// An autoencoder with codes from a codebook (van den Oord et al., "Neural Discrete
/// Representation Learning", arXiv:1711.00937), on images of 32 × 32.
private struct QuantizingAutoencoder: Module {
    var first: Convolution2D
    var second: Convolution2D
    var encoding: [Residual]
    var projection: Convolution2D
    /// `[512, 64]`.
    var codes: Tensor
    var expansion: Convolution2D
    var decoding: [Residual]
    var third: TransposedConvolution2D
    var fourth: TransposedConvolution2D

    static let names: [String: String] = {
        var names = [
            "first": "enc1", "second": "enc2", "projection": "pre", "codes": "codebook.weight",
            "expansion": "post", "third": "t1", "fourth": "t2",
        ]
        for (part, first) in [("encoding", 1), ("decoding", 3)] {
            for index in 0..<2 {
                names["\(part).\(index).wide"] = "res\(first + index).c3"
                names["\(part).\(index).narrow"] = "res\(first + index).c1"
            }
        }
        return names
    }()

    static let operations: Int = {
        func layer(_ side: Int, _ inputs: Int, _ outputs: Int, _ kernel: Int) -> Int {
            convolutionOperations(32, side: side, inputs, outputs, kernel: kernel)
        }
        let first = layer(16, 3, 128, 4)
        let residual = layer(8, 128, 32, 3) + layer(8, 32, 128, 1)
        let layers =
            2 * first + 2 * layer(8, 128, 128, 4) + 4 * residual + layer(8, 128, 64, 1)
            + layer(8, 64, 128, 3)
        let distances = denseOperations(32 * 8 * 8, 64, 512)
        return 3 * layers - first + distances
    }()

    init() {
        var generator = RandomGenerator(seed: 0)
        first = Convolution2D(3, 128, kernel: 4, stride: 2, padding: 1, using: &generator)
        second = Convolution2D(128, 128, kernel: 4, stride: 2, padding: 1, using: &generator)
        encoding = (0..<2).map { _ in Residual(using: &generator) }
        projection = Convolution2D(128, 64, kernel: 1, using: &generator)
        codes = Tensor.zeros([512, 64])
        expansion = Convolution2D(64, 128, kernel: 3, padding: 1, using: &generator)
        decoding = (0..<2).map { _ in Residual(using: &generator) }
        third = TransposedConvolution2D(
            128, 128, kernel: 4, stride: 2, padding: 1, using: &generator)
        fourth = TransposedConvolution2D(
            128, 3, kernel: 4, stride: 2, padding: 1, using: &generator)
    }

    func loss(_ x: Tensor) -> Tensor {
        let features = encoding.reduce(relu(second(relu(first(x))))) { $1($0) }
        let z = projection(relu(features)).transposed([0, 2, 3, 1])
        let nearest = nearestRows(of: stopGradient(z).reshaped([-1, 64]), in: stopGradient(codes))
        let q = codes.gathered(at: nearest).reshaped(z.shape)
        let commitment =
            square(q - stopGradient(z)).mean() + 0.25 * square(z - stopGradient(q)).mean()
        // Straight through: the decoder's gradient reaches z as if it had not been quantised.
        let code = (z + stopGradient(q - z)).transposed([0, 3, 1, 2])
        let decoded = relu(decoding.reduce(expansion(code)) { $1($0) })
        return square(fourth(relu(third(decoded))) - x).mean() + commitment
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("first", &first)
        visitor("second", &second)
        visitor("encoding", &encoding)
        visitor("projection", &projection)
        visitor("codes", &codes)
        visitor("expansion", &expansion)
        visitor("decoding", &decoding)
        visitor("third", &third)
        visitor("fourth", &fourth)
    }
}

/// Each pixel's distribution depends on those before it (van den Oord et al., "Pixel Recurrent
/// Neural Networks", arXiv:1601.06759).
private struct PixelNetwork: Module {
    var layers: [MaskedConvolution2D]

    init() {
        var generator = RandomGenerator(seed: 0)
        func layer(
            _ inputs: Int, _ outputs: Int, kernel: Size2D,
            _ kind: MaskedConvolution2D.Kind = .includingCenter
        ) -> MaskedConvolution2D {
            MaskedConvolution2D(inputs, outputs, kernel: kernel, kind: kind, using: &generator)
        }
        layers = [layer(1, 64, kernel: 7, .excludingCenter)]
        layers += (0..<5).map { _ in layer(64, 64, kernel: 3) }
        layers += [layer(64, 1, kernel: 1)]
    }

    /// The logits of the pixels.
    func callAsFunction(_ x: Tensor) -> Tensor {
        let features = layers.dropLast().reduce(x) { relu($1($0)) }
        return layers[layers.count - 1](features)
    }

    mutating func visit(_ visitor: inout ModuleVisitor) { visitor("layers", &layers) }
}

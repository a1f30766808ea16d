import Autograd
import Foundation
import Models
import TestSupport
import Testing

/// The numbers of the page Docs/DenoisingByHand.md, computed by the networks that it describes.
@Suite struct DenoisingByHandTests {
    private typealias Network = Autoencoder<
        DeterministicEncoder<MultilayerPerceptron>, BernoulliDecoder<MultilayerPerceptron>
    >

    /// Four pixels to two logistic units and back, with the page's weights.
    private func logisticNetwork() -> Network {
        var generator = RandomGenerator(seed: 0)
        var network = Autoencoder(
            encoder: DeterministicEncoder(
                MultilayerPerceptron([4, 2], outputActivation: .sigmoid, using: &generator)),
            decoder: BernoulliDecoder(
                MultilayerPerceptron([2, 4], outputShape: [2, 2], using: &generator)))
        let weights = Tensor(rows: [[4, -4, -4, 4], [-4, 4, 4, -4.0]])
        network.encoder.body.layers[0].weight = weights
        network.decoder.head.layers[0].weight = weights.transposed()
        return network.cast(to: .float64)
    }

    /// The same with rectifiers, and nothing after the decoder.
    private func rectifierNetwork() -> Autoencoder<
        DeterministicEncoder<MultilayerPerceptron>, GaussianDecoder<MultilayerPerceptron>
    > {
        var generator = RandomGenerator(seed: 0)
        var network = Autoencoder(
            encoder: DeterministicEncoder(
                MultilayerPerceptron([4, 2], outputActivation: .relu, using: &generator)),
            decoder: GaussianDecoder(
                MultilayerPerceptron([2, 4], outputShape: [2, 2], using: &generator)))
        let weights = Tensor(rows: [[0.5, -0.5, -0.5, 0.5], [-0.5, 0.5, 0.5, -0.5]])
        network.encoder.body.layers[0].weight = weights
        network.decoder.head.layers[0].weight = 2 * relu(weights.transposed())
        return network.cast(to: .float64)
    }

    /// What each row of the tables is called, its pixels, and the clean image it comes of.
    private let falling = [1.0, 0, 0, 1]
    private let rising = [0.0, 1, 1, 0]
    private var images: [(name: String, pixels: [Double], clean: [Double])] {
        [
            ("clean ╲", falling, falling),
            ("clean ╱", rising, rising),
            ("noisy ╲", [0.8, 0.3, 0.1, 0.6], falling),
            ("noisy ╱", [0.3, 0.9, 0.5, 0.2], rising),
            ("one pixel of ╲ lost", [1, 0, 0, 0], falling),
            ("╲ on a grey ground", [1, 0.4, 0.4, 1], falling),
            ("flat grey", [0.5, 0.5, 0.5, 0.5], falling),
            ("too noisy ╲", [0.4, 0.6, 0.5, 0.3], falling),
        ]
    }

    private func row(
        _ name: String, _ network: some AutoencoderModel, _ pixels: [Double], _ clean: [Double]
    ) -> String {
        let image = Tensor(pixels, shape: [1, 2, 2])
        let result = network.reconstruct(image)
        let truth = Tensor(clean, shape: [1, 2, 2])
        func text(_ values: Tensor) -> String {
            numbers(values).map { String(format: "%.3f", $0) }.joined(separator: " ")
        }
        let errors = [image, result].map { text(squaredError($0, truth)) }
        let cells =
            [name, text(image), text(network.encode(image)), text(result)] + errors
        return "| " + cells.joined(separator: " | ") + " |"
    }

    @Test func everyNumberOfThePageIsComputed() throws {
        let page = try Self.text("Docs/DenoisingByHand.md")
        let rows = images.map { row($0.name, logisticNetwork(), $0.pixels, $0.clean) }
        let rectified = images.filter {
            ["clean ╲", "noisy ╲", "╲ on a grey ground"].contains($0.name)
        }
        .map { row($0.name, rectifierNetwork(), $0.pixels, $0.clean) }
        let expected = rows + rectified
        let lines = page.split(separator: "\n").map(String.init)
        for row in expected { #expect(lines.contains(row), "expected \(row)") }
        let isCode = { (line: String) in line.hasPrefix("    ") }
        for line in lines where line.contains(/\d\.\d/) && !isCode(line) {
            #expect(expected.contains(line), "not checked: \(line)")
        }
    }

    /// The weights on the page are those of the networks here.
    @Test func thePageShowsTheWeights() throws {
        let page = try Self.text("Docs/DenoisingByHand.md")
        func matrix(_ weight: Tensor) -> [String] {
            (0..<weight.shape[0]).map { row in
                "    " + numbers(weight[row]).map { String(format: "%5g", $0) }.joined()
            }
        }
        let weights =
            matrix(logisticNetwork().encoder.body.layers[0].weight)
            + matrix(rectifierNetwork().encoder.body.layers[0].weight)
            + matrix(rectifierNetwork().decoder.head.layers[0].weight)
        let shown = page.split(separator: "\n").map(String.init).filter { $0.hasPrefix("    ") }
        #expect(shown == weights)
    }

    /// Noise that the code has no room for does not reach the result at all.
    @Test func threeDirectionsAreForgotten() {
        let network = logisticNetwork()
        let image = Tensor([0.8, 0.3, 0.1, 0.6], shape: [1, 2, 2])
        let rates = jacobian(at: image) { network.reconstruct($0) }.reshaped([4, 4])
        for direction in [[1.0, 1, 1, 1], [1, 0, 0, -1], [0, 1, -1, 0]] {
            let change = matmul(rates, Tensor(direction, shape: [4, 1]))
            #expect(abs(change).max().scalar < 1e-15)
        }
        let seen = matmul(rates, Tensor([1.0, -1, -1, 1], shape: [4, 1]))
        #expect(abs(seen).min().scalar > 0.01)
    }

    private static func text(_ name: String) throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: name), encoding: .utf8)
    }
}

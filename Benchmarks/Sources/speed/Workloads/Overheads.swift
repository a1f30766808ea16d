import Autograd
import Models

extension Workload {
    /// What costs next to no arithmetic: it shows what an operation costs by itself.
    static let overheads: [Workload] = [
        .kernel("tiny_add_16", .overhead) { name in
            [Numbers.uniform("\(name)/a", [16]), Numbers.uniform("\(name)/b", [16])]
        } _: { inputs in
            [inputs[0] + inputs[1]]
        },
        tape("tape_1000_scalar", []),
        tape("tape_1000_vec16", [16]),
        Workload(
            name: "tiny_mlp_100", group: .overhead,
            // The forward pass and both products backward; the first layer needs but one.
            operations: (3 * 100 - 1) * 2 * 8 * 8
        ) { TinyNetworkGradient() },
    ]

    /// The gradient of a chain of 1,000 operations.
    private static func tape(_ name: String, _ shape: [Int]) -> Workload {
        .kernel(name, .overhead) { name in
            [
                Numbers.uniform("\(name)/x", shape),
                Numbers.uniform("\(name)/w", shape, from: 0.98, to: 1),
                Numbers.symmetric("\(name)/b", shape, bound: 0.01),
            ]
        } _: { inputs in
            let (x, w, b) = gradient(at: inputs[0], inputs[1], inputs[2]) { x, w, b in
                var h = x
                for _ in 0..<500 {
                    h = h * w
                    h = h + b
                }
                return h.sum()
            }
            return [x, w, b]
        }
    }
}

/// 100 layers of 8 units on one sample.
private struct TinyNetwork: Module {
    var layers: [Dense]

    func callAsFunction(_ x: Tensor) -> Tensor { layers.reduce(x) { tanh($1($0)) } }

    mutating func visit(_ visitor: inout ModuleVisitor) { visitor("layers", &layers) }
}

/// The gradient of all its weights, without an update.
private final class TinyNetworkGradient: Exercise {
    private let network: TinyNetwork
    private let x = Numbers.standardized("tiny_mlp_100/x", [1, 8])

    init() {
        var generator = RandomGenerator(seed: 0)
        let layers = (0..<100).map { _ in Dense(8, 8, using: &generator) }
        let names = layers.indices.map { ("layers.\($0)", "l\($0)") }
        network = TinyNetwork(layers: layers)
            .starting("tiny_mlp_100", names: Dictionary(uniqueKeysWithValues: names), scale: 2.5)
    }

    private func lossWithGradient() -> (value: Tensor, gradient: TinyNetwork) {
        valueWithGradient(at: network) { square($0(x)).sum() }
    }

    /// Weights are read, gradients written.
    var bytes: Int { 4 * 2 * network.parameterCount }

    func step() {
        let (loss, gradients) = lossWithGradient()
        loss.finish()
        for gradient in gradients.tensors { gradient.finish() }
    }

    func check() -> [Double]? {
        let (loss, gradients) = lossWithGradient()
        let ends = [gradients.layers[0].weight, gradients.layers[99].weight]
        return [loss.scalar, gradients.globalNorm] + checksums(ends)
    }
}

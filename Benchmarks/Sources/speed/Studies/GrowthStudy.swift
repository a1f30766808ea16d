import Autograd
import Foundation
import Models

/// How times grow: a sample costs the same in any number of samples, a step in proportion to its
/// batch and to its layers.
enum GrowthStudy {
    static func run() {
        table("samples", "µs a sample of an epoch", [1_000, 10_000, 100_000, 1_000_000]) {
            epoch(samples: $0) / Double($0)
        }
        table("batch", "µs a sample of a step", [64, 128, 256, 512, 1024, 2048, 4096]) {
            step(batch: $0, layers: 4) / Double($0)
        }
        table("layers", "µs a layer of a step", [2, 4, 8, 16, 32, 64, 128]) {
            step(batch: 128, layers: $0) / Double($0)
        }
    }

    private static func table(
        _ what: String, _ unit: String, _ sizes: [Int], _ time: (Int) -> Double
    ) {
        printLine(what.leading(10) + unit.leading(28) + "ratio to the first".leading(22))
        var first: Double?
        for size in sizes {
            let time = time(size)
            first = first ?? time
            printLine(
                "\(size)".leading(10) + String(format: "%.3f", 1e6 * time).leading(28)
                    + String(format: "%.2f", time / first!).leading(22))
        }
        printLine("")
    }

    /// Seconds of an epoch in batches of 100, drawn in a new order.
    private static func epoch(samples count: Int) -> Double {
        let samples = Numbers.uniform("growth/samples", [count, 16])
        var trained = Trained(network([16, 64, 4, 64, 16]))
        var generator = RandomGenerator(seed: 0)
        return shortestTimes(
            turns: max(2, min(200, 2_000_000 / count)),
            [
                {
                    let order = generator.permutation(count).map(Int32.init)
                    for start in stride(from: 0, to: count, by: 100) {
                        let batch = samples.gathered(at: Tensor(Array(order[start..<start + 100])))
                        trained.step { meanSquaredError($0(batch), batch) }.finish()
                    }
                }
            ])[0]
    }

    /// Seconds of a step of layers of 128 units.
    private static func step(batch: Int, layers: Int) -> Double {
        let x = Numbers.uniform("growth/x", [batch, 128])
        var trained = Trained(network([Int](repeating: 128, count: layers + 1)))
        return shortestTimes(
            turns: max(20, 100_000 / batch / layers),
            [
                { trained.step { meanSquaredError($0(x), x) }.finish() }
            ])[0]
    }

    private static func network(_ sizes: [Int]) -> MultilayerPerceptron {
        var generator = RandomGenerator(seed: 0)
        return MultilayerPerceptron(sizes, using: &generator)
    }
}

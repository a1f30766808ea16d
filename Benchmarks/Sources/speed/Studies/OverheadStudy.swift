import Autograd
import Foundation

/// What an operation on 16 elements costs, alone, and recorded and swept.
enum OverheadStudy {
    private static let length = 1000

    static func run() {
        printLine("nanoseconds of an operation on 16 elements, in chains of \(length)\n")
        printLine(
            "operation".padding(16)
                + ["alone", "with gradient"].map { $0.leading(16) }.joined())
        let x = Numbers.uniform("overhead/x", [16], from: 0.5, to: 1)
        let y = Numbers.uniform("overhead/y", [16], from: 0.98, to: 1)
        measure("x + y", x) { $0 + y }
        measure("x * y", x) { $0 * y }
        measure("tanh(x)", x) { tanh($0) }
        measure("exp(-x)", x, operations: 2) { exp(-$0) }
        measure("relu(x)", x) { relu($0) }
        measure("select", x) { select(stopGradient($0) .> 0, $0, y) }
        let matrix = Numbers.symmetric("overhead/matrix", [4, 4], bound: 0.5)
        measure("matmul 4 × 4", matrix) { matmul($0, matrix) }
        measure("reshaped", x, operations: 2) { $0.reshaped([4, 4]).reshaped([16]) }
    }

    private static func measure(
        _ name: String, _ x: Tensor, operations: Int = 1, _ body: @escaping (Tensor) -> Tensor
    ) {
        func chain(_ x: Tensor) -> Tensor {
            var h = x
            for _ in 0..<length / operations { h = body(h) }
            return h
        }
        let times = shortestTimes([
            { chain(x).finish() },
            { gradient(at: x) { chain($0).sum() }.finish() },
        ])
        printLine(
            name.padding(16)
                + times.map { String(format: "%.0f", $0 / Double(length) * 1e9).leading(16) }
                .joined())
    }
}

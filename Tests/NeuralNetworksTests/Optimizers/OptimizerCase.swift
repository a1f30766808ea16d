import Autograd
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@testable import NeuralNetworks

/// A model of one parameter.
struct Point: Module {
    var position: Tensor
    mutating func visit(_ visitor: inout ModuleVisitor) { visitor("position", &position) }
}

/// An optimiser with where it takes a parameter that starts at 1, along the gradients ½, −1, 2,
/// at learning rate 0.1.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (any Module) -> any Optimizer
    let positions: [Double]

    init<Rule: Optimizer>(
        _ name: String, _ positions: [Double], _ make: @escaping @Sendable (any Module) -> Rule
    ) {
        testDescription = name
        self.positions = positions
        self.make = make
    }

    static let all = [
        // 1 − 0.05, + 0.1, − 0.2.
        OptimizerCase("SGD", [0.95, 1.05, 0.85]) { SGD(for: $0, learningRate: 0.1) },
        // v = 0.5; 0.45 − 1 = −0.55; −0.495 + 2 = 1.505, a tenth of each.
        OptimizerCase("SGD with momentum", [0.95, 1.005, 0.8545]) {
            SGD(for: $0, learningRate: 0.1, momentum: 0.9)
        },
        // g + 0.9 v = 0.5 + 0.45; −1 − 0.495; 2 + 1.3545.
        OptimizerCase("SGD with Nesterov's momentum", [0.905, 1.0545, 0.71905]) {
            SGD(for: $0, learningRate: 0.1, momentum: 0.9, nesterov: true)
        },
        // g + 0.1 p = 0.6; −1 + 0.094; 2 + 0.10306.
        OptimizerCase("SGD with weight decay", [0.94, 1.0306, 0.820294]) {
            SGD(for: $0, learningRate: 0.1, weightDecay: 0.1)
        },
        // s = 0.25, 1.25, 5.25; steps 0.5 / 0.5, −1 / √1.25, 2 / √5.25.
        OptimizerCase("Adagrad", [0.90000000002, 0.9894427191119917, 0.9021555630214042]) {
            Adagrad(for: $0, learningRate: 0.1)
        },
        // s = 0.025, 0.0225 + 0.1, 0.11025 + 0.4; steps 0.5 / √0.025, −1 / 0.35, 2 / √0.51025.
        OptimizerCase("RMSProp", [0.6837722539831608, 0.9694865315341814, 0.6894991346033924]) {
            RMSProp(for: $0, learningRate: 0.1)
        },
        // The same steps u; v = u₁, u₁ / 2 + u₂, …
        OptimizerCase(
            "RMSProp with momentum", [0.6837722539831608, 0.8113726585257618, 0.5951854638662732]
        ) { RMSProp(for: $0, learningRate: 0.1, momentum: 0.5) },
        // m = 0.05, −0.055, 0.1505, over 1 − 0.9ᵗ: 0.5, −0.28947, 0.55535;
        // v = 0.00025, 0.00124975, 0.00524850025, over 1 − 0.999ᵗ: 0.25, 0.62519, 1.75125.
        OptimizerCase("Adam", [0.9000000019999999, 0.9366103542405653, 0.8946447927181044]) {
            Adam(for: $0, learningRate: 0.1)
        },
        // The first step is 0.1 · 0.5 / (0.5 + 0.1): ε is added to the corrected root.
        OptimizerCase(
            "Adam with a large epsilon",
            [0.9166666666666666, 0.9491666742648452, 0.9101494815304507]
        ) { Adam(for: $0, learningRate: 0.1, epsilon: 0.1) },
        // As Adam along g + 0.1 p.
        OptimizerCase(
            "Adam with weight decay", [0.9000000016666666, 0.9252635194456063, 0.8776172608049326]
        ) { Adam(for: $0, learningRate: 0.1, weightDecay: 0.1) },
        // As Adam, from 0.99 p each time.
        OptimizerCase("AdamW", [0.8900000019999998, 0.9177103542205652, 0.8665676891558987]) {
            AdamW(for: $0, learningRate: 0.1, weightDecay: 0.1)
        },
    ]
}

import Autograd
import Foundation
import Testing

@Suite struct NormalQuantileTests {
    /// Published values of the normal distribution.
    @Test(arguments: [
        (0.5, 0), (0.975, 1.959963984540054), (0.95, 1.644853626951473),
        (0.99, 2.326347874040841), (0.001, -3.090232306167814), (1e-10, -6.361340902404056),
    ])
    func knownValues(probability: Double, quantile: Double) {
        #expect(abs(normalQuantile(probability) - quantile) < 1e-12)
    }

    @Test func undoesTheDistributionFunction() {
        for step in 1..<1000 {
            let probability = Double(step) / 1000
            let back = 0.5 * erfc(-normalQuantile(probability) / 2.0.squareRoot())
            #expect(abs(back - probability) < 1e-14)
        }
        #expect(normalQuantile(.leastNonzeroMagnitude) < -38)
        #expect(normalQuantile(1 - 0x1p-53) > 8)
    }

    @Test func trapsOutsideOfProbabilities() async {
        await #expect(processExitsWith: .failure) { _ = normalQuantile(0) }
        await #expect(processExitsWith: .failure) { _ = normalQuantile(1) }
    }
}

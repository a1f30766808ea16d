import Autograd
import Models
import Testing

@Suite struct OptimizerClippingTests {
    @Test func theNormIsThatOfAllTensors() {
        let gradients = [Tensor([2, 3] as [Float]), Tensor([-6] as [Float], shape: [1, 1])]
        #expect(abs(gradients.globalNorm - 7) < 1e-6)
        #expect([Tensor]().globalNorm == 0)
    }

    @Test func clippingByNormScalesAll() {
        var gradients = [Tensor([2.0, 3]), Tensor([-6.0])]
        #expect(abs(gradients.clip(globalNorm: 3.5) - 7) < 1e-12)
        #expect(gradients.flatMap { $0.elements(as: Double.self) } == [1, 1.5, -3])
        #expect(abs(gradients.globalNorm - 3.5) < 1e-12)
        gradients.clip(globalNorm: 10)
        #expect(gradients.flatMap { $0.elements(as: Double.self) } == [1, 1.5, -3])
    }

    @Test func hugeGradientsAreClippedAllTheSame() {
        var gradient = Tensor([3e30, -4e30] as [Float])
        #expect(abs(gradient.clip(globalNorm: 5) / 5e30 - 1) < 1e-6)
        #expect(abs(gradient - Tensor([3, -4] as [Float])).max().scalar < 1e-6)
    }

    @Test func whatIsNotFiniteStays() {
        var gradient = Tensor([1, .infinity] as [Float])
        #expect(gradient.clip(globalNorm: 1) == .infinity)
        #expect(gradient.elements(as: Float.self) == [1, .infinity])
        var other = Tensor([1, .nan] as [Float])
        #expect(other.clip(globalNorm: 1).isNaN)
        #expect(other.elements(as: Float.self)[0] == 1)
    }

    @Test func clippingByMagnitudeLimitsEachElement() {
        var gradients = [Tensor([-5, -0.5, 0.25, 2] as [Float])]
        gradients.clip(magnitude: 0.5)
        #expect(gradients[0].elements(as: Float.self) == [-0.5, -0.5, 0.25, 0.5])
    }

    @Test func clippingAModule() {
        var generator = RandomGenerator(seed: 2)
        var layer = Dense(3, 4, using: &generator)
        layer.clip(globalNorm: 0.1)
        #expect(abs(layer.globalNorm - 0.1) < 1e-6)
    }

    @Test func aLimitOfZeroTraps() async {
        await #expect(processExitsWith: .failure) {
            var gradient = Tensor([1.0])
            gradient.clip(globalNorm: 0)
        }
    }
}

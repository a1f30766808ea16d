import Autograd
import TestSupport
import Testing

@Suite struct FourierTransformTests {
    /// Of every kind of length: small, with small factors, with a large one, and a large prime.
    @Test(arguments: [1, 2, 63, 64, 65, 96, 97, 360, 134, 1009])
    func theInverseUndoesIt(size: Int) {
        var generator = RandomGenerator(seed: 3)
        let real = generator.normal([2, size], dataType: .float64)
        let imaginary = generator.normal([2, size], dataType: .float64)
        let there = fourierTransform(real: real, imaginary: imaginary)
        let back = fourierTransform(
            real: there.real, imaginary: there.imaginary, isInverse: true)
        #expect(closeness(of: back.real, to: real, tolerance: 1e-11).passes)
        #expect(closeness(of: back.imaginary, to: imaginary, tolerance: 1e-11).passes)
        // Parseval's theorem.
        let energy = (square(there.real) + square(there.imaginary)).sum().scalar / Double(size)
        #expect(abs(energy / (square(real) + square(imaginary)).sum().scalar - 1) < 1e-12)
    }

    @Test func aWaveIsOnePeak() {
        let wave = cos(Tensor.range(100, dataType: .float64) * (2 * Double.pi * 7 / 100))
        let result = fourierTransform(real: wave, imaginary: .zeros(like: wave))
        let magnitude = sqrt(square(result.real) + square(result.imaginary))
        #expect(abs(magnitude[7].scalar - 50) < 1e-9 && abs(magnitude[93].scalar - 50) < 1e-9)
        #expect(magnitude.sum().scalar - 100 < 1e-8)
    }
}

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

    /// Odd, prime and powers of 2, by the sums of the definition.
    @Test(arguments: [3, 7, 16, 121, 127, 128, 201, 243, 256, 509])
    func itIsThatOfItsDefinition(size: Int) {
        var generator = RandomGenerator(seed: UInt64(size))
        let real = generator.normal([size], dataType: .float64)
        let imaginary = generator.normal([size], dataType: .float64)
        let turns = (0..<size).flatMap { n in (0..<size).map { k in Double(n * k % size) } }
        let angles = Tensor(turns, shape: [size, size]) * (2 * Double.pi / Double(size))
        let (c, s) = (cos(angles), sin(angles))
        func sums(_ matrix: Tensor, _ x: Tensor) -> Tensor { (matrix * x).sum(axes: [1]) }
        let found = fourierTransform(real: real, imaginary: imaginary)
        let expected = (sums(c, real) + sums(s, imaginary), sums(c, imaginary) - sums(s, real))
        #expect(abs(found.real - expected.0).max().scalar < 1e-12 * Double(size))
        #expect(abs(found.imaginary - expected.1).max().scalar < 1e-12 * Double(size))
    }

    @Test func aWaveIsOnePeak() {
        let wave = cos(Tensor.range(100, dataType: .float64) * (2 * Double.pi * 7 / 100))
        let result = fourierTransform(real: wave, imaginary: .zeros(like: wave))
        let magnitude = sqrt(square(result.real) + square(result.imaginary))
        #expect(abs(magnitude[7].scalar - 50) < 1e-9 && abs(magnitude[93].scalar - 50) < 1e-9)
        #expect(magnitude.sum().scalar - 100 < 1e-8)
    }
}

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

    /// Odd, prime and powers of 2, rows that lie one after another and side by side, fewer and more
    /// than a vector has lanes: by the sums of the definition.
    @Test(
        arguments: [
            2, 3, 4, 5, 7, 8, 12, 16, 20, 32, 64, 72, 80, 121, 127, 128, 201, 243, 256, 272, 509,
        ], [DataType.float32, .float64])
    func itIsThatOfItsDefinition(size: Int, type: DataType) {
        var generator = RandomGenerator(seed: UInt64(size))
        let turns = (0..<size).flatMap { n in (0..<size).map { k in Double(n * k % size) } }
        let angles = Tensor(turns, shape: [size, size]) * (2 * Double.pi / Double(size))
        let (c, s) = (cos(angles), sin(angles))
        func sums(_ matrix: Tensor, _ x: Tensor) -> Tensor {
            einsum("kn,onc->okc", matrix, x.cast(to: .float64))
        }
        let tolerance = Double(size).squareRoot() * (type == .float32 ? 2e-6 : 4e-15)
        for (outer, inner) in [(1, 1), (19, 1), (2, 3), (1, 70)] {
            let shape = [outer, size, inner]
            let real = generator.normal(shape, dataType: type)
            let imaginary = generator.normal(shape, dataType: type)
            let found = fourierTransform(real: real, imaginary: imaginary, axes: [1])
            let expected = (
                sums(c, real) + sums(s, imaginary), sums(c, imaginary) - sums(s, real)
            )
            for (found, expected) in [(found.real, expected.0), (found.imaginary, expected.1)] {
                let worst = abs(found.cast(to: .float64) - expected).max().scalar
                #expect(worst < tolerance * 4, "of shape \(shape)")
            }
        }
    }

    @Test func aWaveIsOnePeak() {
        let wave = cos(Tensor.range(100, dataType: .float64) * (2 * Double.pi * 7 / 100))
        let result = fourierTransform(real: wave, imaginary: .zeros(like: wave))
        let magnitude = sqrt(square(result.real) + square(result.imaginary))
        #expect(abs(magnitude[7].scalar - 50) < 1e-9 && abs(magnitude[93].scalar - 50) < 1e-9)
        #expect(magnitude.sum().scalar - 100 < 1e-8)
    }
}

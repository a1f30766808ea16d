import Autograd
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

/// What quantisers of all kinds have in common, and what each does.
@Suite struct QuantizerTests {
    private static func draw(_ shape: [Int], seed: UInt64 = 12) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return generator.normal(shape, dataType: .float64)
    }

    private static func evaluate(_ quantizer: some Quantizer, _ code: Tensor) -> QuantizedCode {
        var context = PassContext.evaluation
        return quantizer(code, in: &context)
    }

    private static func all() -> [ChosenQuantizer] {
        var generator = RandomGenerator(seed: 13)
        let kinds: [ChosenQuantizer] = [
            .vector(VectorQuantizer(codes: 6, size: 3, using: &generator)),
            .finiteScalar(FiniteScalarQuantizer(levels: [4, 3, 2])),
            .residual(ResidualQuantizer(codes: 5, size: 3, depth: 3, using: &generator)),
            .residual(
                ResidualQuantizer(codes: 5, size: 3, depth: 2, isShared: true, using: &generator)),
            .gumbel(GumbelQuantizer(codes: 6, size: 3, using: &generator)),
        ]
        return kinds.map { kind in
            var kind = kind.cast(to: .float64)
            kind.start(at: draw([5, 3, 4, 4]), using: &generator)
            return kind
        }
    }

    /// Symbols are below the number of codes, and stand for what was passed on.
    @Test func symbolsAreDecodedToWhatTheyStandFor() {
        let code = Self.draw([4, 3, 5, 2], seed: 14)
        for quantizer in Self.all() {
            let found = Self.evaluate(quantizer, code)
            let codes = quantizer.codebook.shape[0]
            #expect(quantizer.codebook.shape == [codes, 3] && found.codebookSize == codes)
            #expect(found.indices.min().scalar >= 0 && Int(found.indices.max().scalar) < codes)
            #expect(Set(found.indices.elements(as: Int32.self)).count > 2)
            #expect(found.passed.shape == code.shape)
            let decoded = quantizer.code(of: found.indices).cast(to: .float64)
            #expect(abs(decoded - found.passed).max().scalar < 1e-6)
        }
    }

    @Test func numbersAreRoundedToTheirLevels() {
        let quantizer = FiniteScalarQuantizer(levels: [5, 4])
        let code = Tensor(rows: [[-9, -9], [9, 9], [0, 0], [0.5, 0.1]]).cast(to: .float64)
        let found = Self.evaluate(quantizer, code)
        // An even number of levels has one more below 0 than above.
        let expected = Tensor(rows: [[-1, -1], [1, 0.5], [0, 0], [0.5, 0]]).cast(to: .float64)
        #expect(found.passed == expected)
        #expect(found.indices.elements(as: Int32.self) == [0, 19, 12, 13])
        let each = quantizer.code(of: Tensor((0..<20).map { Int32($0) }).reshaped([20, 1]))
        #expect(each == quantizer.codebook)
        #expect(Set(each.elements(as: Float.self).chunks(of: 2)).count == 20)
    }

    /// The slope is that of the bounded number, as if it had not been rounded.
    @Test func gradientsOfRoundedNumbersAreThoseOfTheBound() {
        let quantizer = FiniteScalarQuantizer(levels: [7, 7, 7])
        let code = Self.draw([2, 3, 2, 2])
        let slopes = gradient(at: code) { Self.evaluate(quantizer, $0).passed.sum() }
        // Of an odd number of levels: tanh times 3, and a thousandth more, in units of 3.
        let expected = 3.001 / 3 * (1 - square(tanh(code)))
        #expect(abs(slopes - expected).max().scalar < 1e-12)
    }

    /// Each step comes nearer, and sums are of the steps' own codes.
    @Test func stepsReplaceWhatIsLeft() {
        var generator = RandomGenerator(seed: 15)
        let code = Self.draw([6, 3, 4, 4], seed: 16)
        var errors: [Double] = []
        for depth in 1...4 {
            var start = RandomGenerator(seed: 17)
            var quantizer = ResidualQuantizer(codes: 8, size: 3, depth: depth, using: &start)
                .cast(to: .float64)
            quantizer.start(at: code, using: &generator)
            let found = Self.evaluate(quantizer, code)
            #expect(found.indices.shape == [6, depth, 4, 4])
            errors.append(squaredError(found.passed, code).mean().scalar)
            let last = found.indices[0..., depth - 1]
            #expect(last.min().scalar >= Double(8 * (depth - 1)))
        }
        #expect(zip(errors, errors.dropFirst()).allSatisfy { $1 < 0.6 * $0 }, "\(errors)")
        // What a model of symbols draws may be of another step.
        var start = RandomGenerator(seed: 17)
        let quantizer = ResidualQuantizer(codes: 4, size: 3, depth: 2, using: &start)
        func sum(of indices: [Int32]) -> Tensor {
            quantizer.code(of: Tensor(indices, shape: [1, 2, 1, 1]))
        }
        #expect(sum(of: [1, 6]) == sum(of: [5, 2]) && sum(of: [1, 6]) != sum(of: [2, 6]))
    }

    /// With a low temperature a choice is one code, and in training gradients reach all.
    @Test func choicesAreDrawn() throws {
        var generator = RandomGenerator(seed: 18)
        let quantizer = GumbelQuantizer(codes: 4, size: 2, temperature: 0.7, using: &generator)
            .cast(to: .float64)
        let code = Self.draw([3, 2, 2, 2])
        let slopes = gradient(at: quantizer) { quantizer in
            var context = PassContext.training(RandomGenerator(seed: 19))
            return square(quantizer(code, in: &context).passed).sum()
        }
        #expect(slopes.codes.allFinite && (slopes.codes .!= 0).all().scalar == 1)
        #expect((slopes.logits.weight .!= 0).all().scalar == 1)
        let cold = GumbelQuantizer(codes: 4, size: 2, temperature: 1e-4, using: &generator)
            .cast(to: .float64)
        var context = PassContext.training(RandomGenerator(seed: 20))
        let found = cold(code, in: &context)
        #expect(abs(cold.code(of: found.indices) - found.passed).max().scalar < 1e-6)
    }

    @Test func impossibleQuantizersTrap() async {
        await #expect(processExitsWith: .failure) { _ = FiniteScalarQuantizer(levels: [4, 1]) }
        await #expect(processExitsWith: .failure) {
            _ = FiniteScalarQuantizer(levels: [3, 3]).code(
                of: Tensor([9] as [Int32], shape: [1, 1]))
        }
        await #expect(processExitsWith: .failure) {
            var generator = RandomGenerator(seed: 0)
            _ = GumbelQuantizer(codes: 3, size: 2, temperature: 0, using: &generator)
        }
        await #expect(processExitsWith: .failure) {
            var generator = RandomGenerator(seed: 0)
            let quantizer = ResidualQuantizer(codes: 3, size: 2, depth: 2, using: &generator)
            _ = quantizer.code(of: Tensor.zeros([1, 3, 2, 2], dataType: .int32))
        }
    }
}

extension [Float] {
    fileprivate func chunks(of size: Int) -> [[Float]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<$0 + size]) }
    }
}

import Autograd
import ModelTestSupport
import TestSupport
import Testing

@testable import Models

@Suite struct VectorQuantizerTests {
    private static func quantizer(
        codes: Int = 5, size: Int = 3, _ learning: CodebookLearning = .gradient,
        _ gradient: QuantizationGradient = .straightThrough
    ) -> VectorQuantizer {
        var generator = RandomGenerator(seed: 11)
        var quantizer = VectorQuantizer(
            codes: codes, size: size, learning: learning, gradient: gradient, using: &generator
        ).cast(to: .float64)
        quantizer.start(
            at: generator.normal([40, size], dataType: .float64), using: &generator)
        return quantizer
    }

    private static func draw(_ shape: [Int], seed: UInt64 = 12) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return generator.normal(shape, dataType: .float64)
    }

    private static func evaluate(_ quantizer: VectorQuantizer, _ code: Tensor) -> QuantizedCode {
        var context = PassContext.evaluation
        return quantizer(code, in: &context)
    }

    // MARK: Values

    /// By trying all codes at all places, of images and of flat codes.
    @Test func nearestCodesReplaceVectors() {
        let quantizer = Self.quantizer()
        let codes = numbers(quantizer.codes)
        let image = Self.draw([2, 3, 4, 2])
        let found = Self.evaluate(quantizer, image)
        #expect(found.indices.shape == [2, 4, 2] && found.nearest.shape == image.shape)
        for (sample, row, column) in [(0, 0, 0), (0, 3, 1), (1, 2, 0), (1, 1, 1)] {
            let vector = (0..<3).map { image[sample][$0][row][column].scalar }
            let distances = (0..<5).map { code in
                (0..<3).reduce(0.0) {
                    let gap = codes[3 * code + $1] - vector[$1]
                    return $0 + gap * gap
                }
            }
            let nearest = distances.firstIndex(of: distances.min() ?? 0) ?? -1
            #expect(found.indices[sample][row][column].scalar == Double(nearest))
            for number in 0..<3 {
                let expected = codes[3 * nearest + number]
                #expect(found.passed[sample][number][row][column].scalar == expected)
                #expect(found.nearest[sample][number][row][column].scalar == expected)
            }
        }
        #expect(quantizer.code(of: found.indices).isIdentical(to: found.passed))

        // The same vectors one after another.
        let flat = image.transposed([0, 2, 3, 1]).reshaped([2, 24])
        let cut = Self.evaluate(quantizer, flat)
        #expect(cut.indices.shape == [2, 8])
        #expect(cut.indices.reshaped([2, 4, 2]).isIdentical(to: found.indices))
        #expect(quantizer.code(of: cut.indices).isIdentical(to: cut.passed))
    }

    @Test(arguments: [CodebookLearning.gradient, .averages()])
    func codesStartWhereVectorsAre(learning: CodebookLearning) {
        var generator = RandomGenerator(seed: 13)
        var quantizer = VectorQuantizer(codes: 20, size: 2, learning: learning, using: &generator)
        let code = generator.normal([3, 2, 4, 5])
        quantizer.start(at: code, using: &generator)
        var usage = CodeUsage(codes: 20)
        usage.add(Self.evaluate(quantizer, code).indices)
        #expect(usage.usedCodes == 20)
        guard let counts = quantizer.counts, let sums = quantizer.sums else {
            #expect(learning == .gradient)
            return
        }
        #expect(numbers(counts) == usage.counts.map(Double.init))
        #expect(
            closeness(of: sums / counts.expandingAxis(1), to: quantizer.codes, tolerance: 1e-6)
                .passes)
    }

    // MARK: Gradients

    /// With the choice fixed, the value is z + constant: its gradient is right, and it is that of the
    /// quantiser, to the second order.
    @Test func straightThroughIsTheGradientOfItsSurrogate() {
        let (quantizer, code) = (Self.quantizer(), Self.draw([2, 3, 2, 2]))
        let weight = Self.draw(code.shape, seed: 14)
        let step = Self.evaluate(quantizer, code).passed - code
        func loss(_ x: Tensor) -> Tensor { (weight * exp(0.3 * x) * x).sum() }
        let check = gradientCheck(at: code, order: 2) { loss($0 + step) }
        #expect(check.passes, "\(check)")
        func gradients(_ function: @escaping (Tensor) -> Tensor) -> (Tensor, Tensor) {
            let first = gradient(at: code, of: function)
            let second = gradient(at: code) { square(gradient(at: $0, of: function)).sum() }
            return (first, second)
        }
        let expected = gradients { loss($0 + step) }
        let found = gradients { loss(Self.evaluate(quantizer, $0).passed) }
        #expect(closeness(of: found.0, to: expected.0, tolerance: 1e-12).passes)
        #expect(closeness(of: found.1, to: expected.1, tolerance: 1e-12).passes)
    }

    /// The surrogate is λ R z, with R written out as a matrix that turns one direction into the other.
    @Test func rotationIsTheGradientOfItsSurrogate() {
        let quantizer = Self.quantizer(.gradient, .rotation)
        let code = Self.draw([1, 9])
        let weight = Self.draw([3, 3], seed: 15)
        let vectors = code.reshaped([3, 3])
        let codes = Self.evaluate(quantizer, code).passed.reshaped([3, 3])
        let matrices = (0..<3).map { row -> Tensor in
            let (z, q) = (vectors[row], codes[row])
            let (own, other) = (z / z.norm(), q / q.norm())
            let middle = (own + other) / (own + other).norm()
            func outer(_ a: Tensor, _ b: Tensor) -> Tensor {
                a.expandingAxis(1) * b.expandingAxis(0)
            }
            let rotation =
                Tensor.identity(3, dataType: .float64) - 2 * outer(middle, middle)
                + 2 * outer(other, own)
            // It keeps lengths, and turns one direction to the other.
            let product = matmul(rotation, rotation, transposingRight: true)
            #expect(abs(product - Tensor.identity(3, dataType: .float64)).max().scalar < 1e-12)
            return (q.norm() / z.norm()) * rotation
        }
        func surrogate(_ code: Tensor) -> Tensor {
            let vectors = code.reshaped([3, 3])
            return stacked(
                (0..<3).map { row in
                    matmul(matrices[row], vectors[row].expandingAxis(1)).flattened(fromAxis: 0)
                }, axis: 0)
        }
        #expect(closeness(of: surrogate(code), to: codes, tolerance: 1e-12).passes)
        func loss(_ x: Tensor) -> Tensor { (weight * sin(x)).sum() }
        let check = gradientCheck(at: code) { loss(surrogate($0)) }
        #expect(check.passes, "\(check)")
        let found = gradient(at: code) {
            loss(Self.evaluate(quantizer, $0).passed.reshaped([3, 3]))
        }
        let expected = gradient(at: code) { loss(surrogate($0)) }
        #expect(closeness(of: found, to: expected, tolerance: 1e-12).passes)
    }

    /// Opposite directions, and vectors and codes of length 0.
    @Test func rotationsWithoutADirectionAreFinite() {
        let vectors = Tensor([1.0, 0, 0, 0, 3, 4], shape: [3, 2])
        let codes = Tensor([-2.0, 0, 1, 1, 0, 0], shape: [3, 2])
        let slope = gradient(at: vectors) {
            QuantizationGradient.rotation.passed(codes, along: $0).sum()
        }
        // The first is reflected and twice as long; the others are let through.
        #expect(
            closeness(of: numbers(slope), to: [-2.0, 2, 1, 1, 1, 1], tolerance: 1e-12).passes,
            "\(slope)")
    }

    // MARK: Averages

    /// Counts and sums as a loop has them, smoothed once, of the codes of before each step.
    @Test func averagesAreThoseOfALoop() throws {
        var quantizer = Self.quantizer(codes: 4, size: 2, .averages(decay: 0.7, restartShare: 0))
        var counts = numbers(try #require(quantizer.counts))
        var sums = numbers(try #require(quantizer.sums))
        var context = PassContext.training(RandomGenerator(seed: 1))
        for step in 0..<3 {
            let code = Self.draw([3, 6], seed: UInt64(20 + step))
            let codes = quantizer.codes
            let result = quantizer(code, in: &context)
            #expect(quantizer.code(of: result.indices).isIdentical(to: result.passed))
            context.commit(to: &quantizer)
            #expect(!quantizer.codes.isIdentical(to: codes))
            let vectors = numbers(code)
            var (added, moved) = ([0.0, 0, 0, 0], [Double](repeating: 0, count: 8))
            for (place, index) in numbers(result.indices).enumerated() {
                added[Int(index)] += 1
                for part in 0..<2 { moved[2 * Int(index) + part] += vectors[2 * place + part] }
            }
            for code in 0..<4 { counts[code] = 0.7 * counts[code] + 0.3 * added[code] }
            for part in 0..<8 { sums[part] = 0.7 * sums[part] + 0.3 * moved[part] }
            let total = counts.reduce(0, +)
            let means = (0..<8).map {
                sums[$0] / ((counts[$0 / 2] + 1e-5) / (total + 4e-5) * total)
            }
            for (found, expected) in [
                (quantizer.counts, counts), (quantizer.sums, sums), (quantizer.codes, means),
            ] {
                #expect(
                    closeness(of: numbers(try #require(found)), to: expected, tolerance: 1e-12)
                        .passes)
            }
        }
        // Nothing moves in evaluation.
        let before = quantizer.codes
        var evaluation = PassContext.evaluation
        _ = quantizer(Self.draw([3, 6]), in: &evaluation)
        evaluation.commit(to: &quantizer)
        #expect(quantizer.codes.isIdentical(to: before))
    }

    /// All vectors are near one code: the others begin anew at some of them, with both averages.
    @Test func rareCodesBeginAnew() throws {
        var quantizer = Self.quantizer(codes: 3, size: 2, .averages(decay: 0.5, restartShare: 0.2))
        let crowd = quantizer.codes[0..<1].broadcast(to: [8, 2]) + 1e-3 * Self.draw([8, 2])
        var context = PassContext.training(RandomGenerator(seed: 2))
        var restarted: [Bool] = []
        for _ in 0..<8 where !restarted.contains(true) {
            _ = quantizer(crowd, in: &context)
            context.commit(to: &quantizer)
            restarted = (1..<3).map { abs(quantizer.codes[$0] - crowd[0]).max().scalar < 0.1 }
        }
        let index = 1 + (try #require(restarted.firstIndex(of: true)))
        let (counts, sums) = try (#require(quantizer.counts), #require(quantizer.sums))
        let place = sums[index] / counts[index]
        let isVector = (0..<8).contains { abs(crowd[$0] - place).max().scalar < 1e-12 }
        #expect(isVector && counts[index].scalar > 1)
    }

    @Test func gradientsReachACodebookThatLearnsByThem() {
        let code = Self.draw([2, 3, 2, 2])
        for learning in [CodebookLearning.gradient, .averages()] {
            let quantizer = Self.quantizer(learning)
            let paths = quantizer.parameters.map(\.path)
            #expect(paths == (learning == .gradient ? ["codes"] : []))
            guard learning == .gradient else { continue }
            let slopes = gradient(at: quantizer) { quantizer in
                square(Self.evaluate(quantizer, code).nearest - code).sum()
            }
            #expect(slopes.parameters.allSatisfy { abs($0.tensor).max().scalar > 0 })
        }
    }

    // MARK: Mistakes

    @Test func mistakesTrap() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            _ = VectorQuantizer(codes: 1, size: 3, using: &generator)
        }
        #expect(message(of: result).contains("1 codes of 3 numbers"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            var quantizer = VectorQuantizer(codes: 9, size: 3, using: &generator)
            quantizer.start(at: Tensor.ones([2, 3, 2, 2]), using: &generator)
        }
        #expect(message(of: result).contains("9 clusters of points of shape [8, 3]"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            let quantizer = VectorQuantizer(codes: 9, size: 3, using: &generator)
            var context = PassContext.evaluation
            _ = quantizer(Tensor.ones([2, 4, 2, 2]), in: &context)
        }
        #expect(
            message(of: result).contains("codes of shape [2, 4, 2, 2] for vectors of 3 numbers"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            let quantizer = VectorQuantizer(codes: 9, size: 3, using: &generator)
            _ = quantizer.code(of: Tensor([0, 9] as [Int32], shape: [1, 2]))
        }
        #expect(message(of: result).contains("9"))
    }
}

import Autograd
import TestSupport
import Testing

/// The gradients of the samples' losses in one sweep are those of one sample after another.
@Suite struct PerSampleGradientTests {
    /// A function of parameters and a batch, `[batch, …]`, to losses, `[batch]`.
    struct Model: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let parameters: [[Int]]
        let batch: [Int]
        var isIndexed = false
        let losses: @Sendable (_ parameters: [Tensor], _ batch: Tensor) -> Tensor
    }

    private static func losses(_ x: Tensor) -> Tensor {
        square(x).flattened().sum(axes: [1])
    }

    static let models: [Model] = [
        Model(testDescription: "dense", parameters: [[3, 2], [2]], batch: [4, 3]) { p, x in
            losses(tanh(matmul(x, p[0]) + p[1]))
        },
        Model(testDescription: "dense, transposed", parameters: [[2, 3]], batch: [4, 5, 3]) {
            losses(tanh(matmul($1, $0[0], transposingRight: true)))
        },
        Model(
            testDescription: "matrix on the left", parameters: [[2, 3], [3, 2]], batch: [4, 3, 2]
        ) { p, x in
            losses(sin(matmul(p[0], x)) + matmul(p[1], x, transposingLeft: true))
        },
        Model(testDescription: "samples in columns", parameters: [[3, 2]], batch: [4, 3]) { p, x in
            losses(tanh(matmul(x.transposed(), p[0], transposingLeft: true)))
        },
        Model(testDescription: "two layers", parameters: [[3, 4], [4], [4, 2]], batch: [4, 3]) {
            losses(matmul(relu(matmul($1, $0[0]) + $0[1]), $0[2]))
        },
        Model(testDescription: "samples in several rows", parameters: [[2, 3]], batch: [3, 4]) {
            losses(tanh(matmul($1.reshaped([-1, 2]), $0[0])).reshaped([-1, 6]))
        },
        Model(
            testDescription: "convolution", parameters: [[2, 1, 2, 2], [2]], batch: [3, 1, 4, 4]
        ) { p, x in
            losses(relu(convolution2D(x, p[0], padding: 1) + p[1].reshaped([-1, 1, 1])))
        },
        Model(
            testDescription: "groups, and a transposed convolution",
            parameters: [[2, 1, 2, 2], [2, 1, 2, 2]], batch: [3, 2, 3, 3]
        ) { p, x in
            losses(transposedConvolution2D(tanh(convolution2D(x, p[0], groups: 2)), p[1]))
        },
        Model(testDescription: "pooling", parameters: [[1, 1, 2, 2]], batch: [3, 1, 4, 4]) { p, x in
            let image = convolution2D(x, p[0], padding: 1)
            return losses(maxPooling2D(image, window: 2))
                + losses(averagePooling2D(image, window: 3))
        },
        Model(testDescription: "normalised layer", parameters: [[3], [3]], batch: [4, 2, 3]) {
            losses(layerNormalization(sin($1), weight: $0[0], bias: $0[1]))
        },
        Model(testDescription: "behind a norm", parameters: [[3, 3], [3], [3]], batch: [4, 3]) {
            losses(layerNormalization(matmul($1, $0[0]), weight: $0[1], bias: $0[2]))
        },
        Model(
            testDescription: "recurrence", parameters: [[2, 8], [8], [8, 2]], batch: [3, 4, 2]
        ) {
            p, x in
            let state = Tensor.zeros([x.shape[0], 2], dataType: .float64)
            let (outputs, cell) = longShortTermMemory(
                projections: matmul(x, p[0]) + p[1], recurrentWeights: p[2], hidden: state,
                cell: state)
            return losses(outputs) + losses(cell)
        },
        Model(testDescription: "attention", parameters: [[4, 12], [4, 4]], batch: [3, 2, 4]) {
            p, x in
            losses(matmul(selfAttention(matmul(x, p[0]), heads: 2), p[1]))
        },
        Model(
            testDescription: "embedding", parameters: [[5, 3], [3]], batch: [4, 2], isIndexed: true
        ) { p, x in
            let rows = p[0].gathered(at: x)
            return losses(rows * p[1]) + dotProducts(rows.sum(axes: [1]), p[1])
        },
        Model(testDescription: "positions", parameters: [[4, 2]], batch: [4, 4, 2]) { p, x in
            losses(tanh(x + p[0].gathered(at: Tensor.range(4, dataType: .int32))))
        },
        Model(testDescription: "classes", parameters: [[3, 3]], batch: [4], isIndexed: true) {
            p, x in
            crossEntropy(logits: p[0].gathered(at: x), labels: x)
        },
        Model(testDescription: "computed weights", parameters: [[2, 3], [2]], batch: [3, 3]) {
            p, x in
            let norms = square(p[0]).sum(axes: [1], keepingAxes: true)
            let weight = p[0] / sqrt(norms) * exp(p[1]).reshaped([2, 1])
            return losses(matmul(x, weight.transposed()))
        },
        Model(testDescription: "parts of parameters", parameters: [[7]], batch: [3, 3]) { p, x in
            let weight = p[0][0..<6].reshaped([3, 2])
            return losses(concatenated([matmul(x, weight), x * p[0][6]], axis: 1))
        },
        Model(testDescription: "no sample is met", parameters: [[2], [3]], batch: [3, 3]) { p, x in
            losses(x) + square(p[0]).sum()
        },
        Model(testDescription: "samples apart", parameters: [[3, 2]], batch: [4, 3]) { p, x in
            mapped(over: x) { square(matmul($0.reshaped([1, 3]), p[0])).sum() }
        },
        Model(testDescription: "other derivatives", parameters: [[3, 2]], batch: [3, 3]) { p, x in
            let product = checkpointed(p[0]) { matmul(x, $0) }
            return losses(
                customDerivative(at: product, of: { round($0) }, pullback: { _, y, c in c * y }))
        },
    ]

    private func arguments(_ model: Model) -> (parameters: [Tensor], batch: Tensor) {
        var generator = RandomGenerator(seed: 3)
        let parameters = model.parameters.map { generator.normal($0, dataType: .float64) }
        let numbers = generator.uniform(model.batch, from: 0, to: 3, dataType: .float64)
        return (parameters, model.isIndexed ? numbers.cast(to: .int32) : numbers - 1.5)
    }

    @Test(arguments: models) func equalsALoopOverSamples(_ model: Model) {
        let (parameters, batch) = arguments(model)
        let (value, found) = valueWithPerSampleGradients(at: parameters) {
            model.losses($0, batch)
        }
        #expect(value.isIdentical(to: model.losses(parameters, batch)))
        for sample in 0..<batch.shape[0] {
            let expected = gradient(at: parameters) {
                model.losses($0, batch[sample..<sample + 1]).sum()
            }
            for (found, expected) in zip(found, expected) {
                #expect(closeness(of: found[sample], to: expected, tolerance: 1e-12).passes)
            }
        }
    }

    @Test(arguments: models) func isDifferentiable(_ model: Model) {
        guard model.testDescription != "other derivatives" else { return }
        let (parameters, batch) = arguments(model)
        let check = gradientCheck(at: parameters, mode: .directional(directions: 1)) { parameters in
            perSampleGradients(at: parameters) { model.losses($0, batch) }
                .map { sin($0).sum() }.reduce(Tensor(0, dataType: .float64), +)
        }
        #expect(check.passes, "\(check)")
    }

    /// The derivative of a sample's loss by way of the values of others belongs to that sample.
    @Test func mixedSamplesAreThoseOfTheirLosses() {
        let x = Tensor([0.5, -1, 2, 0.25, 1.5, -0.5], shape: [3, 2])
        let weight = Tensor([0.3, -0.7, 1.1, 0.4], shape: [2, 2])
        func losses(_ weight: Tensor) -> Tensor {
            let y = matmul(x, weight)
            return square(tanh(y) - y.mean(axes: [0])).sum(axes: [1])
        }
        let found = perSampleGradients(at: weight, of: losses)
        let expected = (0..<3).map { sample in gradient(at: weight) { losses($0)[sample] } }
        #expect(closeness(of: found, to: stacked(expected), tolerance: 1e-14).passes)
    }

    /// A sample that is not a number leaves the gradients of the others alone.
    @Test func notANumberStaysInItsSample() {
        let x = Tensor([0.5, .nan, 2])
        let (a, b) = perSampleGradients(at: Tensor(2.0, dataType: .float64), [Tensor([1.0])]) {
            exp($0 * x) + x * $1[0] + x * sin($1[0]).sum()
        }
        #expect(numbers(a).map(\.isNaN) == [false, true, false])
        #expect(b[0].shape == [3, 1])
        #expect(numbers(b[0]).map(\.isNaN) == [false, true, false])
    }

    @Test func noSamplesHaveNoGradients() {
        let found = perSampleGradients(at: zeros(2, 3)) { ($0.sum() * zeros(0)) }
        #expect(found.shape == [0, 2, 3])
    }
}

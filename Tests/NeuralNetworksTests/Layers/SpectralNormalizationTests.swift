import Autograd
import LatentAnalysis
import ModelTestSupport
import Models
import TestSupport
import Testing

@testable import NeuralNetworks

/// Layers whose weights are divided by their greatest singular values.
@Suite struct SpectralNormalizationTests {
    private static func layers() -> [(layer: any Layer, input: [Int])] {
        var generator = RandomGenerator(seed: 1)
        return [
            (
                SpectralNormalization(Dense(5, 7, using: &generator), using: &generator).cast(
                    to: .float64), [5]
            ),
            (
                SpectralNormalization(
                    Convolution2D(2, 3, kernel: 3, padding: 1, using: &generator),
                    using: &generator
                ).cast(to: .float64), [2, 4, 4]
            ),
        ]
    }

    /// After some passes the greatest singular value is 1, whatever the scale of the weight.
    @Test(arguments: [1e-3, 1, 40]) func theGreatestSingularValueComesToOne(_ factor: Double) {
        func check<Body: HasWeight>(_ layer: SpectralNormalization<Body>, _ input: [Int]) {
            var layer = layer
            layer.layer.weight = factor * layer.layer.weight
            let batch = Tensor.ones([2] + input, dataType: .float64)
            for _ in 0..<200 {
                var context = PassContext.training(RandomGenerator(seed: 2))
                _ = layer(batch, in: &context)
                context.commit(to: &layer)
            }
            var context = PassContext.evaluation
            let normalized =
                layer.layer.weight.flattened() / layer.greatestSingularValue(in: &context)
            let values = singularValues(of: normalized, count: 1)
            #expect(abs(values[0] - 1) < 1e-9, "\(values)")
        }
        for (layer, input) in Self.layers() {
            if let layer = layer as? SpectralNormalization<Dense> { check(layer, input) }
            if let layer = layer as? SpectralNormalization<Convolution2D> { check(layer, input) }
        }
    }

    /// The vectors are constants: with them fixed, as in evaluation mode, and where they have converged,
    /// as a change of theirs then changes nothing.
    @Test func gradientsAreThoseOfDifferences() {
        func check<Body: HasWeight>(_ layer: SpectralNormalization<Body>, _ input: [Int]) {
            var generator = RandomGenerator(seed: 3)
            let batch = generator.normal([2] + input, dataType: .float64)
            let fixed = gradientCheck(at: layer, batch, order: 2) { layer, batch in
                square(layer(batch))
            }
            #expect(fixed.passes, "\(fixed)")
            let many = SpectralNormalization(
                layer.layer, iterations: 300, using: &generator)
            let converged = gradientCheck(at: many, batch) { layer, batch in
                var context = PassContext.training(RandomGenerator(seed: 2))
                return square(layer(batch, in: &context))
            }
            #expect(converged.passes, "\(converged)")
        }
        for (layer, input) in Self.layers() {
            if let layer = layer as? SpectralNormalization<Dense> { check(layer, input) }
            if let layer = layer as? SpectralNormalization<Convolution2D> { check(layer, input) }
        }
    }

    /// One step in each training pass, none in evaluation mode; parameters are the layer's.
    @Test func vectorsAreState() {
        var generator = RandomGenerator(seed: 4)
        var layer = SpectralNormalization(Dense(3, 4, using: &generator), using: &generator)
        layer.layer.weight = generator.normal([4, 3])
        #expect(layer.parameters.map(\.path) == ["layer.weight", "layer.bias"])
        #expect(
            layer.allTensors.map(\.path) == ["layer.weight", "layer.bias", "left", "right"])
        let before = layer
        var (evaluation, training) = (
            PassContext.evaluation, PassContext.training(RandomGenerator(seed: 5))
        )
        let input = generator.normal([2, 3])
        _ = layer(input, in: &evaluation)
        evaluation.commit(to: &layer)
        #expect(isIdentical(layer, before))
        _ = layer(input, in: &training)
        training.commit(to: &layer)
        let image = matmul(before.left.expandingAxis(0), layer.layer.weight).flattened(fromAxis: 0)
        #expect(abs(layer.right - image / image.norm()).max().scalar < 1e-6)
        #expect(abs(layer.left.norm().scalar - 1) < 1e-6)
    }

    /// Weights of zeros stay zeros.
    @Test func zerosAreFinite() {
        var generator = RandomGenerator(seed: 6)
        let layer = SpectralNormalization(
            Dense(weight: .zeros([2, 3]), bias: nil), using: &generator)
        var context = PassContext.training(generator)
        #expect(layer(.ones([1, 3]), in: &context).elements(as: Float.self) == [0, 0])
    }

    @Test func mistakesTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 7)
            _ = SpectralNormalization(
                Dense(2, 2, using: &generator), iterations: 0, using: &generator)
        }
        #expect(message(of: result).contains("0 iterations for a weight of shape [2, 2]"))
    }
}

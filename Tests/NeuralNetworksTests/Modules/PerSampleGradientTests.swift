import Autograd
import NeuralNetworks
import TestSupport
import Testing

/// Gradients of modules for each sample, in one sweep, are those of a loop.
@Suite struct PerSampleGradientTests {
    private func compare<M: Module>(
        _ model: M, _ batch: Tensor, _ losses: (M, Tensor) -> Tensor
    ) {
        let model = model.cast(to: .float64)
        let (value, slopes) = valueWithPerSampleGradients(at: model) { losses($0, batch) }
        #expect(value.shape == [batch.shape[0]])
        for sample in 0..<batch.shape[0] {
            let expected = gradient(at: model) { losses($0, batch[sample..<sample + 1]).sum() }
            for (found, expected) in zip(slopes.parameters, expected.parameters) {
                let comparison = closeness(
                    of: found.tensor[sample], to: expected.tensor, tolerance: 1e-11)
                #expect(comparison.passes, "\(found.path)")
            }
        }
    }

    private func losses(_ x: Tensor) -> Tensor { square(x).flattened().sum(axes: [1]) }

    @Test func images() {
        var generator = RandomGenerator(seed: 1)
        var normalization = BatchNormalization(4)
        normalization.runningMean = generator.uniform([4])
        let network = Sequential {
            Convolution2D(1, 4, kernel: 3, padding: 1, using: &generator)
            normalization
            Activation(.relu)
            Convolution2D(4, 4, kernel: 2, stride: 2, groups: 2, using: &generator)
            GroupNormalization(groups: 2, 4)
            TransposedConvolution2D(4, 2, kernel: 2, stride: 2, using: &generator)
            Flatten()
            Dense(32, 3, using: &generator)
        }
        let batch = generator.uniform([3, 1, 4, 4], dataType: .float64)
        compare(network, batch) { network, batch in losses(network(batch)) }
    }

    private struct Reader: Module {
        var embedding: Embedding
        var attention: MultiHeadAttention
        var normalization: LayerNormalization
        var memory: LSTM
        var output: Dense

        func callAsFunction(_ tokens: Tensor) -> Tensor {
            let rows = embedding(tokens)
            return output(memory(normalization(rows + attention(rows))).outputs)
        }

        mutating func visit(_ visitor: inout ModuleVisitor) {
            visitor("embedding", &embedding)
            visitor("attention", &attention)
            visitor("normalization", &normalization)
            visitor("memory", &memory)
            visitor("output", &output)
        }
    }

    @Test func sequences() {
        var generator = RandomGenerator(seed: 2)
        let reader = Reader(
            embedding: Embedding(5, 4, using: &generator),
            attention: MultiHeadAttention(4, heads: 2, isCausal: true, using: &generator),
            normalization: LayerNormalization(4), memory: LSTM(4, 3, using: &generator),
            output: Dense(3, 2, using: &generator))
        let batch = Tensor([0, 3, 1, 4, 4, 2, 2, 0, 1, 1, 1, 3] as [Int32], shape: [4, 3])
        compare(reader, batch) { reader, batch in losses(reader(batch)) }
    }

    /// Normalised over the batch, samples depend on each other: each has the gradient of its loss.
    @Test func trainingByBatches() {
        var generator = RandomGenerator(seed: 3)
        let network = Sequential {
            Dense(3, 2, using: &generator)
            BatchNormalization(2)
        }.cast(to: .float64)
        let batch = generator.uniform([4, 3], dataType: .float64)
        func values(_ network: Sequential) -> Tensor {
            var context = PassContext.training(RandomGenerator(seed: 0))
            let y = network(batch, in: &context)
            return losses(y * y + y)
        }
        let found = perSampleGradients(at: network, of: values)
        for sample in 0..<4 {
            let expected = gradient(at: network) { values($0)[sample] }
            for (found, expected) in zip(found.parameters, expected.parameters) {
                let comparison = closeness(
                    of: found.tensor[sample], to: expected.tensor, tolerance: 1e-11)
                #expect(comparison.passes, "\(found.path)")
            }
        }
    }
}

import Autograd
import ModelTestSupport
import Models
import Testing

@Suite struct LayerNormalizationTests {
    private func isClose(_ a: Tensor, _ b: Tensor, within tolerance: Double = 1e-5) -> Bool {
        a.shape == b.shape && abs(a - b).max().scalar <= tolerance
    }

    /// Values brought to mean 0 and variance 1 (but for ε), over arrays.
    private func standardized(_ values: [Double], epsilon: Double) -> [Double] {
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
        return values.map { ($0 - mean) / (variance + epsilon).squareRoot() }
    }

    @Test func batchStatisticsInTraining() {
        var layer = BatchNormalization(2, momentum: 0.25, epsilon: 1e-5)
        layer.weight = Tensor([2, 1] as [Float])
        layer.bias = Tensor([0, 10] as [Float])
        // Channel 0 has 1, 3, 5, 7 (mean 4, variance 5), channel 1 has 0, 0, 0, 4 (1 and 3).
        let input = Tensor([1, 3, 0, 0, 5, 7, 0, 4] as [Float], shape: [2, 2, 2])
        var context = PassContext.training(RandomGenerator(seed: 0))
        let output = layer(input, in: &context).elements(as: Float.self)
        let first = standardized([1, 3, 5, 7], epsilon: 1e-5).map { 2 * $0 }
        let second = standardized([0, 0, 0, 4], epsilon: 1e-5).map { 10 + $0 }
        let expected = [
            first[0], first[1], second[0], second[1], first[2], first[3], second[2], second[3],
        ]
        for (found, expected) in zip(output, expected) {
            #expect(abs(Double(found) - expected) < 1e-5)
        }

        // Not before the commit: 0.75 · 0 + 0.25 · mean, 0.75 · 1 + 0.25 · variance · 4/3.
        #expect(layer.runningMean.elements(as: Float.self) == [0, 0])
        context.commit(to: &layer)
        #expect(isClose(layer.runningMean, Tensor([1, 0.25] as [Float])))
        #expect(
            isClose(layer.runningVariance, Tensor([0.75 + 5.0 / 3, 1.75] as [Float])))
    }

    @Test func runningStatisticsInEvaluation() {
        var layer = BatchNormalization(2, epsilon: 0.5)
        layer.runningMean = Tensor([1, -1] as [Float])
        layer.runningVariance = Tensor([3.5, 8.5] as [Float])
        layer.weight = Tensor([2, 3] as [Float])
        layer.bias = Tensor([0.5, 0] as [Float])
        // 2 (5 − 1) / 2 + 0.5, 3 (8 + 1) / 3.
        let output = layer(Tensor(rows: [[5, 8] as [Float]]))
        #expect(isClose(output, Tensor(rows: [[4.5, 9] as [Float]])))
        // A sample does not depend on the others.
        let both = layer(Tensor(rows: [[5, 8], [100, -100]] as [[Float]]))
        #expect(both[0..<1].isIdentical(to: output))
    }

    @Test func statisticsOfTwoPassesThroughOneLayer() {
        var layer = BatchNormalization(1, momentum: 0.5)
        var context = PassContext.training(RandomGenerator(seed: 0))
        _ = layer(Tensor([0, 2] as [Float], shape: [2, 1]), in: &context)
        _ = layer(Tensor([4, 8] as [Float], shape: [2, 1]), in: &context)
        context.commit(to: &layer)
        // (0 + 1) / 2, then (½ + 6) / 2; variances 2 and 8: (1 + 2) / 2, then (1.5 + 8) / 2.
        #expect(isClose(layer.runningMean, Tensor([3.25] as [Float])))
        #expect(isClose(layer.runningVariance, Tensor([4.75] as [Float])))
    }

    @Test func runningStatisticsAreNotRecorded() {
        var layer = BatchNormalization(3)
        var generator = RandomGenerator(seed: 1)
        let input = generator.normal([8, 3], mean: 2)
        var context = PassContext.training(generator)
        let gradients = gradient(at: layer) { square($0(input, in: &context)).sum() }
        context.commit(to: &layer)
        #expect(!layer.runningMean.isWatched && !layer.runningVariance.isWatched)
        #expect(isClose(layer.runningMean, 0.1 * input.mean(axes: [0])))
        #expect(gradients.bias.shape == [3])
    }

    @Test func evaluationInAnotherPrecisionThanTheState() {
        var layer = BatchNormalization(2)
        layer.weight = layer.weight.cast(to: .float64)
        layer.bias = layer.bias.cast(to: .float64)
        let input = Tensor.ones([3, 2], dataType: .float64)
        #expect(layer(input).dataType == .float64)
        var context = PassContext.training(RandomGenerator(seed: 0))
        _ = layer(input, in: &context)
        context.commit(to: &layer)
        #expect(layer.runningMean.dataType == .float32)
    }

    @Test func layerNormalizationByHand() {
        var layer = LayerNormalization(4, epsilon: 0.25)
        layer.bias = Tensor([0, 0, 0, 1] as [Float])
        // Mean 2.5, variance 1.25; over √1.5.
        let output = layer(Tensor(rows: [[1, 2, 3, 4], [11, 12, 13, 14]] as [[Float]]))
        let row = standardized([1, 2, 3, 4], epsilon: 0.25)
        let expected = Tensor([row[0], row[1], row[2], row[3] + 1]).cast(to: .float32)
        #expect(isClose(output[0], expected))
        #expect(isClose(output[1], expected))
    }

    @Test func groupsOfChannels() {
        let input = Tensor((0..<12).map { Float($0 * $0) }, shape: [1, 4, 3])
        let output = GroupNormalization(groups: 2, 4)(input).elements(as: Float.self)
        let values = (0..<12).map { Double($0 * $0) }
        let expected =
            standardized(Array(values[0..<6]), epsilon: 1e-5)
            + standardized(Array(values[6..<12]), epsilon: 1e-5)
        for (found, expected) in zip(output, expected) {
            #expect(abs(Double(found) - expected) < 1e-5)
        }
    }

    @Test func oneGroupIsALayerNormalization() {
        var generator = RandomGenerator(seed: 2)
        let input = generator.normal([3, 4, 2, 2])
        let group = GroupNormalization(groups: 1, 4)(input)
        #expect(isClose(group, LayerNormalization([4, 2, 2])(input)))
    }

    @Test func parametersActOnTheirChannel() {
        var layer = GroupNormalization(groups: 1, 2)
        let input = Tensor([1, 2, 3, 4] as [Float], shape: [1, 2, 2])
        let plain = layer(input)
        layer.weight = Tensor([1, 5] as [Float])
        layer.bias = Tensor([0, 7] as [Float])
        #expect(layer(input)[0][0].isIdentical(to: plain[0][0]))
        #expect(isClose(layer(input)[0][1], 5 * plain[0][1] + 7))
    }
}

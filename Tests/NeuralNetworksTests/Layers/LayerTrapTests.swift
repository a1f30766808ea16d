import Autograd
import Models
import TestSupport
import Testing

@Suite struct LayerTrapTests {
    @Test func committingAPassThatIsPast() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var layer = BatchNormalization(2)
            let x = Tensor([0, 1, 2, 3] as [Float], shape: [2, 2])
            var first = PassContext.training(RandomGenerator(seed: 0))
            var second = first
            _ = layer(x, in: &first)
            _ = layer(x, in: &second)
            first.commit(to: &layer)
            second.commit(to: &layer)
        }
        #expect(message(of: result).contains("PassContext: 2 of 2 new states belong to no layer"))
    }

    @Test func dense() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = Dense(3, 4, using: &generator)(Tensor.zeros([2, 5]))
        }
        #expect(
            message(of: result).contains("Dense: expected an input [batch, …, 3], found [2, 5]"))
    }

    @Test func convolution() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = Convolution2D(3, 4, kernel: 1, using: &generator)(Tensor.zeros([2, 5, 1, 1]))
        }
        #expect(
            message(of: result).contains(
                "Convolution2D: expected an input [batch, 3, height, width], found [2, 5, 1, 1]"))
    }

    @Test func convolutionsOfSequencesAndVolumes() async {
        let sequence = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = Convolution1D(3, 4, kernel: 1, using: &generator)(Tensor.zeros([2, 5, 1]))
        }
        #expect(
            message(of: sequence).contains(
                "Convolution1D: expected an input [batch, 3, length], found [2, 5, 1]"))
        let causal = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = Convolution1D(3, 4, kernel: 1, padding: 1, isCausal: true, using: &generator)
        }
        #expect(
            message(of: causal).contains(
                "Convolution1D: a causal convolution has no padding of 1 of its own"))
        let volume = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = TransposedConvolution3D(3, 4, kernel: 1, using: &generator)(Tensor.zeros([2, 3]))
        }
        #expect(
            message(of: volume).contains(
                "TransposedConvolution3D: expected an input [batch, 3, depth, height, width], found"
            ))
    }

    @Test func maskedConvolution() async {
        let even = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = MaskedConvolution2D(3, 4, kernel: 2, kind: .includingCenter, using: &generator)
        }
        #expect(
            message(of: even).contains("MaskedConvolution2D: a kernel of 2 × 2 has no center"))
        let input = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = MaskedConvolution2D(
                3, 4, kernel: 1, kind: .includingCenter, using: &generator)(
                    Tensor.zeros([2, 5, 1, 1]))
        }
        #expect(
            message(of: input).contains(
                "MaskedConvolution2D: expected an input [batch, 3, height, width], found "
                    + "[2, 5, 1, 1]"))
    }

    @Test func downwardConvolution() async {
        let even = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = DownwardConvolution2D(3, 4, kernel: 2, using: &generator)
        }
        #expect(
            message(of: even).contains("DownwardConvolution2D: a kernel of 2 × 2 has no middle"))
        let input = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = DownwardConvolution2D(3, 4, kernel: 1, using: &generator)(
                Tensor.zeros([2, 5, 1, 1]))
        }
        #expect(
            message(of: input).contains(
                "DownwardConvolution2D: expected an input [batch, 3, height, width], found "
                    + "[2, 5, 1, 1]"))
    }

    @Test func transposedConvolution() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = TransposedConvolution2D(3, 4, kernel: 1, using: &generator)(Tensor.zeros([2, 3]))
        }
        #expect(
            message(of: result).contains(
                "TransposedConvolution2D: expected an input [batch, 3, height, width], found [2, 3]"
            ))
    }

    @Test func normalizations() async {
        let batch = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = BatchNormalization(3)(Tensor.zeros([2, 5])) }
        #expect(
            message(of: batch).contains(
                "BatchNormalization: expected an input [batch, 3, …], found [2, 5]"))
        let layer = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = LayerNormalization([2, 3])(Tensor.zeros([3])) }
        #expect(
            message(of: layer).contains(
                "LayerNormalization: expected an input whose last axes are [2, 3], found [3]"))
        let group = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = GroupNormalization(groups: 2, 4)(Tensor.zeros([4])) }
        #expect(
            message(of: group).contains(
                "GroupNormalization: expected an input [batch, 4, …], found [4]"))
    }

    @Test func oneValueHasNoBatchStatistics() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var context = PassContext.training(RandomGenerator(seed: 0))
            _ = BatchNormalization(3)(Tensor.zeros([1, 3]), in: &context)
        }
        #expect(
            message(of: result).contains(
                "training needs more than one value in a channel: input of shape [1, 3]; a last "
                    + "batch of one sample is left out by the plan's dropsIncompleteBatch"))
    }

    @Test func embedding() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = Embedding(3, 2, using: &generator)(Tensor.zeros([4]))
        }
        #expect(
            message(of: result).contains(
                "Embedding: expected indices of int32, found float32 of shape [4]"))
    }

    @Test func reshape() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Reshape([2, 2])(Tensor.zeros([3, 5])) }
        #expect(
            message(of: result).contains(
                "Reshape: samples of an input of shape [3, 5] do not become [2, 2]"))
    }

    @Test func dropoutOfEverything() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Dropout(1) }
        #expect(message(of: result).contains("Dropout: rate 1.0 is not in 0..<1"))
    }

    @Test func groupsThatDoNotDivide() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = Convolution2D(4, 6, kernel: 1, groups: 4, using: &generator)
        }
        #expect(
            message(of: result).contains(
                "Convolution2D: 4 inputs and 6 outputs do not split into 4 groups"))
    }
}

import Autograd
import ModelTestSupport
import Models
import Testing

@Suite struct LayerTests {
    @Test(arguments: LayerCase.all, [0, 1, 7]) func shapes(_ test: LayerCase, batch: Int) {
        var generator = RandomGenerator(seed: 1)
        let layer = test.layer(&generator)
        let input = generator.normal([batch] + test.input)
        #expect(layer(input).shape == [batch] + test.output)
        #expect(layer(input).dataType == .float32)
        // Batch statistics need more than one value of a channel.
        guard batch == 7 else { return }
        var context = PassContext.training(generator)
        #expect(layer(input, in: &context).shape == [batch] + test.output)
    }

    @Test(arguments: LayerCase.all, [false, true])
    func gradients(_ test: LayerCase, isTraining: Bool) {
        func check(_ layer: some Layer, _ generator: inout RandomGenerator) {
            let input = generator.normal([3] + test.input)
            let noise = generator
            let result = gradientCheck(at: layer, input, order: test.isSmooth ? 2 : 1) {
                layer, input in
                var context =
                    isTraining ? PassContext.training(noise) : PassContext.evaluation(noise)
                return square(layer(input, in: &context))
            }
            #expect(result.passes, "\(result)")
            #expect(result.comparisons.count >= input.count + layer.parameterCount)
        }
        var generator = RandomGenerator(seed: 2)
        check(test.layer(&generator), &generator)
    }

    @Test func denseByHand() {
        var generator = RandomGenerator(seed: 0)
        var layer = Dense(2, 3, using: &generator)
        #expect(layer.weight.shape == [3, 2])
        #expect(layer.bias?.elements(as: Float.self) == [0, 0, 0])
        layer.weight = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2])
        layer.bias = Tensor([0.5, 0, -0.5] as [Float])
        // Rows (1, 2), (3, 4), (5, 6) times (10, 1).
        let output = layer(Tensor(rows: [[10, 1] as [Float]]))
        #expect(output.elements(as: Float.self) == [12.5, 34, 55.5])
    }

    @Test func convolutionByHand() {
        var generator = RandomGenerator(seed: 0)
        var layer = Convolution2D(1, 1, kernel: 2, using: &generator)
        layer.weight = Tensor([1, 2, 3, 4] as [Float], shape: [1, 1, 2, 2])
        layer.bias = Tensor([0.5] as [Float])
        let image = Tensor([1, 0, 2, 0, 1, 0] as [Float], shape: [1, 1, 2, 3])
        // 1·1 + 2·0 + 3·0 + 4·1, 1·0 + 2·2 + 3·1 + 4·0, and the bias.
        #expect(layer(image).elements(as: Float.self) == [5.5, 7.5])
    }

    @Test(arguments: MaskedConvolution2D.Kind.allCases)
    func maskedConvolutionSeesWhatIsEarlier(_ kind: MaskedConvolution2D.Kind) {
        var generator = RandomGenerator(seed: 0)
        let layer = MaskedConvolution2D(
            1, 1, kernel: 3, kind: kind, initializer: .ones, using: &generator)
        let seen: [Float] =
            kind == .includingCenter ? [1, 1, 1, 1, 1, 0, 0, 0, 0] : [1, 1, 1, 1, 0, 0, 0, 0, 0]
        #expect(layer.weight.elements() == seen)
        let image = Tensor([1, 10, 100, 1000] as [Float], shape: [1, 1, 2, 2])
        let expected: [Float] =
            kind == .includingCenter ? [1, 11, 111, 1111] : [0, 1, 11, 111]
        #expect(layer(image).elements() == expected)
    }

    @Test func gradientsReachNoMaskedWeight() {
        var generator = RandomGenerator(seed: 0)
        var layer = MaskedConvolution2D(
            2, 3, kernel: 3, kind: .excludingCenter, using: &generator)
        layer.weight = Tensor.ones([3, 2, 3, 3])
        let input = generator.uniform([2, 2, 5, 5], from: 1, to: 2)
        let gradients = gradient(at: layer) { $0(input).sum() }
        let isSeen = gradients.weight.elements(as: Float.self).enumerated().allSatisfy {
            ($0.element == 0) == ($0.offset % 9 >= 4)
        }
        #expect(isSeen)
    }

    @Test func maskedConvolutionInitialisesByWhatIsSeen() {
        var generator = RandomGenerator(seed: 0)
        let fans = Initializer { shape, fanIn, fanOut, _ in
            Tensor(repeating: Double(1000 * fanIn + fanOut), shape: shape)
        }
        // 12 of 25 places.
        let layer = MaskedConvolution2D(
            2, 3, kernel: 5, kind: .excludingCenter, initializer: fans, using: &generator)
        #expect(layer.weight.max().scalar == 24_036)
    }

    @Test func transposedConvolutionByHand() {
        var generator = RandomGenerator(seed: 0)
        var layer = TransposedConvolution2D(
            1, 1, kernel: Size2D(height: 1, width: 3), stride: 2, using: &generator)
        layer.weight = Tensor([1, 2, 3] as [Float], shape: [1, 1, 1, 3])
        layer.bias = Tensor([0.5] as [Float])
        let image = Tensor([1, 10] as [Float], shape: [1, 1, 1, 2])
        // (1, 2, 3) from position 0 and ten times that from position 2.
        #expect(layer(image).elements(as: Float.self) == [1.5, 2.5, 13.5, 20.5, 30.5])
    }

    @Test func convolutionsInitialiseByTheirFans() {
        var generator = RandomGenerator(seed: 0)
        let fans = Initializer { shape, fanIn, fanOut, _ in
            Tensor(repeating: Double(1000 * fanIn + fanOut), shape: shape)
        }
        // 8 / 2 channels and 4 / 2 outputs of a group, 6 places of the kernel.
        let kernel = Size2D(height: 2, width: 3)
        let convolution = Convolution2D(
            8, 4, kernel: kernel, groups: 2, initializer: fans, using: &generator)
        #expect(convolution.weight.shape == [4, 4, 2, 3])
        #expect(convolution.weight.max().scalar == 24_012)
        // Of the 24 that reach an output at stride 1, every second at stride 2 along one side.
        let transposed = TransposedConvolution2D(
            8, 4, kernel: kernel, stride: Size2D(height: 2, width: 1), groups: 2,
            initializer: fans, using: &generator)
        #expect(transposed.weight.shape == [8, 2, 2, 3])
        #expect(transposed.weight.max().scalar == 12_012)
    }

    @Test func embeddingLooksUp() {
        var generator = RandomGenerator(seed: 3)
        let layer = Embedding(4, 2, using: &generator)
        let rows = layer.weight.elements(as: Float.self)
        let indices = Tensor([3, 0, 3] as [Int32], shape: [3, 1])
        let output = layer(indices)
        #expect(output.shape == [3, 1, 2])
        #expect(output.elements() == [rows[6], rows[7], rows[0], rows[1], rows[6], rows[7]])
        let result = gradientCheck(at: layer, order: 2) { square($0(indices)) }
        #expect(result.passes, "\(result)")
        let gradients = gradient(at: layer) { $0(indices).sum() }
        #expect(gradients.weight.elements(as: Float.self) == [1, 1, 0, 0, 0, 0, 2, 2])
        #expect(layer(Tensor([] as [Int32], shape: [0, 5])).shape == [0, 5, 2])
    }

    @Test func dropoutDropsAtItsRate() {
        var context = PassContext.training(RandomGenerator(seed: 4))
        let input = Tensor.ones([100, 1000])
        let output = Dropout(0.3)(input, in: &context).elements(as: Float.self)
        let dropped = output.filter { $0 == 0 }.count
        // 100,000 · 0.3 ± 145; five standard deviations.
        #expect(abs(dropped - 30_000) < 725)
        #expect(output.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
        let second = Dropout(0.3)(input, in: &context).elements(as: Float.self)
        #expect(second != output, "each call draws anew")
        var same = PassContext.training(RandomGenerator(seed: 4))
        #expect(Dropout(0.3)(input, in: &same).elements(as: Float.self) == output)
    }

    @Test func dropoutIsTheIdentityInEvaluation() {
        var generator = RandomGenerator(seed: 5)
        let input = generator.normal([3, 4])
        #expect(Dropout(0.9)(input).isIdentical(to: input))
        var context = PassContext.training(generator)
        #expect(Dropout(0)(input, in: &context).isIdentical(to: input))
        #expect(context.generator == generator, "nothing was drawn")
    }

    @Test func sequentialIsBuiltOfBranchesAndLoops() {
        var generator = RandomGenerator(seed: 6)
        func make(_ hasDropout: Bool, _ name: String) -> Sequential {
            Sequential {
                Flatten()
                for (inputs, outputs) in [(4, 3), (3, 2)] {
                    Dense(inputs, outputs, using: &generator)
                    Activation(.relu)
                }
                if hasDropout { Dropout(0.5) }
                if name == "normal" { LayerNormalization(2) } else { BatchNormalization(2) }
                [Activation(.tanh), Reshape([2])]
            }
        }
        let model = make(true, "batch")
        #expect(
            model.layers.map { "\(type(of: $0))" } == [
                "Flatten", "Dense", "Activation", "Dense", "Activation", "Dropout",
                "BatchNormalization", "Activation", "Reshape",
            ])
        #expect(
            model.parameters.map(\.path) == [
                "layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias",
                "layers.2.weight", "layers.2.bias",
            ])
        #expect(make(false, "normal").layers.count == 8)
        #expect(model(Tensor.ones([5, 2, 2])).shape == [5, 2])
        let input = Tensor.ones([2, 2])
        #expect(Sequential {}(input).isIdentical(to: input))
    }

    @Test func activationsComputeWhatTheyAreNamed() {
        let x = Tensor([-2, -0.5, 0, 1.5] as [Float])
        let expected: [(ActivationFunction, Tensor)] = [
            (.relu, relu(x)), (.tanh, tanh(x)), (.sigmoid, sigmoid(x)), (.softplus, softplus(x)),
            (.gelu, gelu(x)), (.silu, silu(x)), (.elu, elu(x)), (.selu, selu(x)),
            (.leakyRelu, leakyRelu(x)), (.elu(alpha: 2), elu(x, alpha: 2)),
            (.leakyRelu(slope: 0.5), leakyRelu(x, slope: 0.5)), (.sine, sin(x)),
        ]
        for (function, value) in expected {
            #expect(Activation(function)(x).isIdentical(to: value), "\(function)")
        }
        #expect(
            expected.map(\.0.name) == [
                "relu", "tanh", "sigmoid", "softplus", "gelu", "silu", "elu", "selu", "leakyRelu",
                "elu", "leakyRelu", "sine",
            ])
    }
}

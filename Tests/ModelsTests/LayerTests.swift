import Autograd
import Models
import Testing

/// A layer with the shapes of a sample that goes in and comes out.
struct LayerCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let make: @Sendable (inout RandomGenerator) -> any Layer
    let input: [Int]
    let output: [Int]
    /// Whether second derivatives are checked too.
    let isSmooth: Bool

    init(
        _ name: String, _ input: [Int], _ output: [Int], isSmooth: Bool = true,
        _ make: @escaping @Sendable (inout RandomGenerator) -> any Layer
    ) {
        testDescription = name
        self.make = make
        (self.input, self.output, self.isSmooth) = (input, output, isSmooth)
    }

    static let all =
        [
            LayerCase("Dense", [3], [4]) { Dense(3, 4, using: &$0) },
            LayerCase("Dense without bias", [2, 3], [2, 4]) {
                Dense(3, 4, hasBias: false, using: &$0)
            },
            LayerCase("Convolution2D", [2, 5, 4], [3, 3, 4]) {
                Convolution2D(
                    2, 3, kernel: 3, stride: Size2D(height: 2, width: 1), padding: 1, using: &$0)
            },
            LayerCase("Convolution2D in groups, dilated", [2, 4, 5], [4, 2, 3]) {
                Convolution2D(2, 4, kernel: 2, dilation: 2, groups: 2, hasBias: false, using: &$0)
            },
            LayerCase("MaskedConvolution2D", [2, 3, 4], [3, 3, 4]) {
                MaskedConvolution2D(2, 3, kernel: 3, kind: .includingCenter, using: &$0)
            },
            LayerCase("MaskedConvolution2D without the center", [1, 4, 3], [2, 4, 3]) {
                MaskedConvolution2D(
                    1, 2, kernel: Size2D(height: 5, width: 3), kind: .excludingCenter,
                    hasBias: false, using: &$0)
            },
            LayerCase("TransposedConvolution2D", [2, 2, 3], [3, 4, 6]) {
                TransposedConvolution2D(2, 3, kernel: 4, stride: 2, padding: 1, using: &$0)
            },
            LayerCase("TransposedConvolution2D with output padding", [2, 2, 2], [2, 4, 4]) {
                TransposedConvolution2D(
                    2, 2, kernel: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2,
                    hasBias: false, using: &$0)
            },
            LayerCase("BatchNormalization of features", [3], [3]) { _ in BatchNormalization(3) },
            LayerCase("BatchNormalization of pictures", [2, 2, 3], [2, 2, 3]) { _ in
                BatchNormalization(2, momentum: 0.3, epsilon: 1e-3)
            },
            LayerCase("LayerNormalization", [4], [4]) { _ in LayerNormalization(4) },
            LayerCase("LayerNormalization of two axes", [2, 2, 3], [2, 2, 3]) { _ in
                LayerNormalization([2, 3])
            },
            LayerCase("GroupNormalization", [4, 3], [4, 3]) { _ in
                GroupNormalization(groups: 2, 4)
            },
            LayerCase("MultiHeadAttention", [3, 4], [3, 4]) {
                MultiHeadAttention(4, heads: 2, using: &$0)
            },
            LayerCase("MultiHeadAttention, causal and without bias", [2, 4], [2, 4]) {
                MultiHeadAttention(4, heads: 1, isCausal: true, hasBias: false, using: &$0)
            },
            LayerCase("Dropout", [6], [6]) { _ in Dropout(0.4) },
            LayerCase("Flatten", [2, 3], [6]) { _ in Flatten() },
            LayerCase("Reshape", [6], [3, 2]) { _ in Reshape([3, 2]) },
            LayerCase("Sequential", [1, 4, 4], [5]) { generator in
                Sequential {
                    Convolution2D(1, 2, kernel: 2, stride: 2, using: &generator)
                    BatchNormalization(2)
                    Activation(.silu)
                    Flatten()
                    Dropout(0.2)
                    Dense(8, 5, using: &generator)
                }
            },
        ]
        + [
            ActivationFunction.tanh, .sigmoid, .softplus, .gelu, .silu,
        ].map { function in LayerCase(function.name, [5], [5]) { _ in Activation(function) } }
        + [ActivationFunction.relu, .elu, .selu, .leakyRelu].map { function in
            LayerCase(function.name, [5], [5], isSmooth: false) { _ in Activation(function) }
        }

    /// The layer with parameters that are all different, so that none is a special case.
    func layer(_ generator: inout RandomGenerator) -> any Layer {
        func disturbed(_ layer: some Layer, _ generator: inout RandomGenerator) -> any Layer {
            var copy = layer
            var noise = generator.split()
            copy.visitTensors { $0 += 0.3 * noise.normal($0.shape) }
            return copy
        }
        return disturbed(make(&generator), &generator)
    }
}

@Suite struct LayerTests {
    @Test(arguments: LayerCase.all, [0, 1, 7]) func shapes(_ test: LayerCase, batch: Int) {
        var generator = RandomGenerator(seed: 1)
        let layer = test.layer(&generator)
        let input = generator.normal([batch] + test.input)
        #expect(layer(input).shape == [batch] + test.output)
        #expect(layer(input).dataType == .float32)
        // Batch statistics need more than one value of a channel.
        guard batch == 7 else { return }
        var context = Context.training(generator)
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
                    isTraining ? Context.training(noise) : Context.evaluation(noise)
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
        let picture = Tensor([1, 0, 2, 0, 1, 0] as [Float], shape: [1, 1, 2, 3])
        // 1·1 + 2·0 + 3·0 + 4·1, 1·0 + 2·2 + 3·1 + 4·0, and the bias.
        #expect(layer(picture).elements(as: Float.self) == [5.5, 7.5])
    }

    @Test(arguments: MaskedConvolution2D.Kind.allCases)
    func maskedConvolutionSeesWhatIsEarlier(_ kind: MaskedConvolution2D.Kind) {
        var generator = RandomGenerator(seed: 0)
        let layer = MaskedConvolution2D(
            1, 1, kernel: 3, kind: kind, initializer: .ones, using: &generator)
        let seen: [Float] =
            kind == .includingCenter ? [1, 1, 1, 1, 1, 0, 0, 0, 0] : [1, 1, 1, 1, 0, 0, 0, 0, 0]
        #expect(layer.weight.elements() == seen)
        let picture = Tensor([1, 10, 100, 1000] as [Float], shape: [1, 1, 2, 2])
        let expected: [Float] =
            kind == .includingCenter ? [1, 11, 111, 1111] : [0, 1, 11, 111]
        #expect(layer(picture).elements() == expected)
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
        let picture = Tensor([1, 10] as [Float], shape: [1, 1, 1, 2])
        // (1, 2, 3) from position 0 and ten times that from position 2.
        #expect(layer(picture).elements(as: Float.self) == [1.5, 2.5, 13.5, 20.5, 30.5])
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
        var context = Context.training(RandomGenerator(seed: 4))
        let input = Tensor.ones([100, 1000])
        let output = Dropout(0.3)(input, in: &context).elements(as: Float.self)
        let dropped = output.filter { $0 == 0 }.count
        // 100,000 · 0.3 ± 145; five standard deviations.
        #expect(abs(dropped - 30_000) < 725)
        #expect(output.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
        let second = Dropout(0.3)(input, in: &context).elements(as: Float.self)
        #expect(second != output, "each call draws anew")
        var same = Context.training(RandomGenerator(seed: 4))
        #expect(Dropout(0.3)(input, in: &same).elements(as: Float.self) == output)
    }

    @Test func dropoutIsTheIdentityInEvaluation() {
        var generator = RandomGenerator(seed: 5)
        let input = generator.normal([3, 4])
        #expect(Dropout(0.9)(input).isIdentical(to: input))
        var context = Context.training(generator)
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
                "layers.1.weight", "layers.1.bias", "layers.3.weight", "layers.3.bias",
                "layers.6.weight", "layers.6.bias",
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
            (.leakyRelu(slope: 0.5), leakyRelu(x, slope: 0.5)),
        ]
        for (function, value) in expected {
            #expect(Activation(function)(x).isIdentical(to: value), "\(function)")
        }
        #expect(
            expected.map(\.0.name) == [
                "relu", "tanh", "sigmoid", "softplus", "gelu", "silu", "elu", "selu", "leakyRelu",
                "elu", "leakyRelu",
            ])
    }
}

@Suite struct LayerTrapTests {
    @Test func committingAPassThatIsPast() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var layer = BatchNormalization(2)
            let x = Tensor([0, 1, 2, 3] as [Float], shape: [2, 2])
            var first = Context.training(RandomGenerator(seed: 0))
            var second = first
            _ = layer(x, in: &first)
            _ = layer(x, in: &second)
            first.commit(to: &layer)
            second.commit(to: &layer)
        }
        #expect(result.trapMessage.contains("Context: 2 of 2 new states belong to no layer"))
    }

    @Test func dense() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = Dense(3, 4, using: &generator)(Tensor.zeros([2, 5]))
        }
        #expect(
            result.trapMessage.contains("Dense: expected an input [batch, …, 3], found [2, 5]"))
    }

    @Test func convolution() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = Convolution2D(3, 4, kernel: 1, using: &generator)(Tensor.zeros([2, 5, 1, 1]))
        }
        #expect(
            result.trapMessage.contains(
                "Convolution2D: expected an input [batch, 3, height, width], found [2, 5, 1, 1]"))
    }

    @Test func maskedConvolution() async {
        let even = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = MaskedConvolution2D(3, 4, kernel: 2, kind: .includingCenter, using: &generator)
        }
        #expect(
            even.trapMessage.contains("MaskedConvolution2D: a kernel of 2 × 2 has no center"))
        let input = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = MaskedConvolution2D(
                3, 4, kernel: 1, kind: .includingCenter, using: &generator)(
                    Tensor.zeros([2, 5, 1, 1]))
        }
        #expect(
            input.trapMessage.contains(
                "MaskedConvolution2D: expected an input [batch, 3, height, width], found "
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
            result.trapMessage.contains(
                "TransposedConvolution2D: expected an input [batch, 3, height, width], found [2, 3]"
            ))
    }

    @Test func normalizations() async {
        let batch = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = BatchNormalization(3)(Tensor.zeros([2, 5])) }
        #expect(
            batch.trapMessage.contains(
                "BatchNormalization: expected an input [batch, 3, …], found [2, 5]"))
        let layer = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = LayerNormalization([2, 3])(Tensor.zeros([3])) }
        #expect(
            layer.trapMessage.contains(
                "LayerNormalization: expected an input whose last axes are [2, 3], found [3]"))
        let group = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = GroupNormalization(groups: 2, 4)(Tensor.zeros([4])) }
        #expect(
            group.trapMessage.contains(
                "GroupNormalization: expected an input [batch, 4, …], found [4]"))
    }

    @Test func oneValueHasNoBatchStatistics() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var context = Context.training(RandomGenerator(seed: 0))
            _ = BatchNormalization(3)(Tensor.zeros([1, 3]), in: &context)
        }
        #expect(
            result.trapMessage.contains(
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
            result.trapMessage.contains(
                "Embedding: expected indices of int32, found float32 of shape [4]"))
    }

    @Test func reshape() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Reshape([2, 2])(Tensor.zeros([3, 5])) }
        #expect(
            result.trapMessage.contains(
                "Reshape: samples of an input of shape [3, 5] do not become [2, 2]"))
    }

    @Test func dropoutOfEverything() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = Dropout(1) }
        #expect(result.trapMessage.contains("Dropout: rate 1.0 is not in 0..<1"))
    }

    @Test func groupsThatDoNotDivide() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 0)
            _ = Convolution2D(4, 6, kernel: 1, groups: 4, using: &generator)
        }
        #expect(
            result.trapMessage.contains(
                "Convolution2D: 4 inputs and 6 outputs do not split into 4 groups"))
    }
}

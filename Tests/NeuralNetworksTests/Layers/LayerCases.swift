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
            LayerCase("DownwardConvolution2D", [2, 4, 3], [3, 4, 3]) {
                DownwardConvolution2D(2, 3, kernel: Size2D(height: 2, width: 3), using: &$0)
            },
            LayerCase("TransposedConvolution2D", [2, 2, 3], [3, 4, 6]) {
                TransposedConvolution2D(2, 3, kernel: 4, stride: 2, padding: 1, using: &$0)
            },
            LayerCase("TransposedConvolution2D with output padding", [2, 2, 2], [2, 4, 4]) {
                TransposedConvolution2D(
                    2, 2, kernel: 3, stride: 2, padding: 1, outputPadding: 1, groups: 2,
                    hasBias: false, using: &$0)
            },
            LayerCase("Convolution1D", [2, 6], [3, 3]) {
                Convolution1D(2, 3, kernel: 3, stride: 2, padding: 1, using: &$0)
            },
            LayerCase("Convolution1D, causal and in groups", [2, 4], [4, 4]) {
                Convolution1D(
                    2, 4, kernel: 2, dilation: 2, groups: 2, isCausal: true, hasBias: false,
                    using: &$0)
            },
            LayerCase("TransposedConvolution1D", [2, 3], [3, 6]) {
                TransposedConvolution1D(
                    2, 3, kernel: 3, stride: 2, padding: 1, outputPadding: 1, using: &$0)
            },
            LayerCase("Convolution3D", [2, 2, 3, 2], [2, 2, 2, 2]) {
                Convolution3D(
                    2, 2, kernel: Size3D(depth: 1, height: 2, width: 3),
                    padding: Size3D(depth: 0, height: 0, width: 1), groups: 2, using: &$0)
            },
            LayerCase("TransposedConvolution3D", [2, 1, 2, 1], [1, 2, 4, 2]) {
                TransposedConvolution3D(2, 1, kernel: 2, stride: 2, using: &$0)
            },
            LayerCase("BatchNormalization of features", [3], [3]) { _ in BatchNormalization(3) },
            LayerCase("BatchNormalization of images", [2, 2, 3], [2, 2, 3]) { _ in
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
            ActivationFunction.tanh, .sigmoid, .softplus, .gelu, .silu, .sine,
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

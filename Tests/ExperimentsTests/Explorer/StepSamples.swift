import Autograd
import Models

@testable import Experiments

/// Steps of every kind, with the shape of a sample that they are given.
enum StepSamples {
    typealias Sample = (name: String, steps: [NetworkStep], shape: [Int])

    static var all: [Sample] { layers + functions + others }

    private static func sample(_ name: String, _ shape: [Int], _ layer: some Layer) -> Sample {
        var layer = layer
        var generator = RandomGenerator(seed: 21)
        layer.visitTensors { $0 += 0.3 * generator.normal($0.shape) }
        return (name, layer.steps ?? [], shape)
    }

    private static var layers: [Sample] {
        var generator = RandomGenerator(seed: 20)
        var normalization = BatchNormalization(3)
        normalization.runningMean = Tensor([0.5, -1, 2]).cast(to: .float32)
        normalization.runningVariance = Tensor([0.5, 1, 2]).cast(to: .float32)
        return [
            sample("dense", [5], Dense(5, 7, using: &generator)),
            sample("dense of rows", [3, 5], Dense(5, 6, hasBias: false, using: &generator)),
            sample(
                "convolution", [2, 7, 6],
                Convolution2D(
                    2, 3, kernel: Size2D(height: 3, width: 2), stride: Size2D(height: 2, width: 1),
                    padding: 1, using: &generator)),
            sample(
                "convolution in groups, dilated", [4, 6, 5],
                Convolution2D(
                    4, 6, kernel: 2, dilation: Size2D(height: 2, width: 1), groups: 2,
                    hasBias: false, using: &generator)),
            sample(
                "transposed convolution", [3, 3, 4],
                TransposedConvolution2D(
                    3, 2, kernel: 4, stride: 2, padding: 1,
                    outputPadding: Size2D(height: 1, width: 0), using: &generator)),
            sample(
                "transposed convolution in groups, dilated", [4, 3, 2],
                TransposedConvolution2D(
                    4, 6, kernel: Size2D(height: 2, width: 3), stride: Size2D(height: 1, width: 3),
                    dilation: Size2D(height: 2, width: 1), groups: 2, hasBias: false,
                    using: &generator)),
            sample("batch normalization", [3, 2, 2], normalization),
            sample("layer normalization", [2, 4], LayerNormalization(4)),
            sample("group normalization", [4, 3, 2], GroupNormalization(groups: 2, 4)),
            sample("upsampling", [2, 2, 3], Upsampling2D(Size2D(height: 2, width: 3))),
            sample("gates", [4], GatedDense(4, 3, using: &generator)),
            sample("flattened", [2, 3], Flatten()),
            sample("reshaped", [6], Reshape([3, 2])),
        ]
    }

    private static let functions: [Sample] = [
        ActivationFunction.relu, .leakyRelu(slope: 0.2), .elu(alpha: 0.7), .selu, .gelu, .silu,
        .tanh, .sigmoid, .softplus, .sine,
    ].map { function in
        // Of small numbers and of large ones.
        let wide = NetworkStep.affine(scale: Tensor([1.0, 12]), shift: Tensor([0.0, 0]))
        let steps = [wide.mapTensors { $0.cast(to: .float32) }] + (Activation(function).steps ?? [])
        return (function.name, steps, [40])
    }

    private static var others: [Sample] {
        var generator = RandomGenerator(seed: 22)
        func head(_ shape: [Int]) -> MultilayerPerceptron {
            MultilayerPerceptron(
                [3, shape.reduce(1, *)], outputShape: shape, using: &generator)
        }
        let layout = PoseLayout(
            angle: .normal(deviation: 2), shiftDeviation: 0.4, scaleDeviation: 0.3)
        let thing = CoordinateDecoder(
            CoordinateNetwork(
                contentSize: 2, hiddenSizes: [5, 5, 5], outputs: 3, hasSkips: true,
                using: &generator),
            likelihood: .bernoulli(BernoulliDecoder(Sequential([]))), layout: layout,
            sampleShape: [3, 4, 5])
        var prior = ConditionalNormalPrior(
            conditions: 3, hiddenSize: 4, latentSize: 2, using: &generator)
        prior.visitTensors { $0 += 9 * generator.normal($0.shape) }
        return [
            ("continuous Bernoulli", ContinuousBernoulliDecoder(head([40])).steps ?? [], [3]),
            ("discretized logistic", DiscretizedLogisticDecoder(head([2, 3])).steps ?? [], [3]),
            ("predicted scale", GaussianDecoder(head([4, 3]), scale: .predicted).steps ?? [], [3]),
            ("foreground", face.decoderSteps ?? [], [3]),
            ("places of a thing", thing.steps ?? [], [6]),
            ("bounded", [softBound], [30]),
        ]
    }

    private static var face: ForegroundModel<GaussianEncoder<Sequential>, MultilayerPerceptron> {
        var generator = RandomGenerator(seed: 9)
        return ForegroundModel(
            encoder: GaussianEncoder(
                Sequential([]), features: 3, latentSize: 3, using: &generator),
            head: MultilayerPerceptron([3, 40], outputShape: [4, 2, 5], using: &generator),
            sampleShape: [3, 2, 5])
    }

    private static var softBound: NetworkStep {
        .elementwise("softlyBounded", numbers: ["bound": [2]]) {
            2 - softplus(4 - softplus($0 + 2))
        }
    }
}

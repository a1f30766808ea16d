import Autograd
import Models
import TestSupport
import Testing

/// What layers say of themselves.
@Suite struct NetworkStepTests {
    private static let withoutDescription = [
        "MaskedConvolution2D", "DownwardConvolution2D", "Convolution1D", "TransposedConvolution1D",
        "Convolution3D",
        "TransposedConvolution3D", "MultiHeadAttention",
    ]

    private static func numbers(_ x: Tensor) -> [Double] {
        x.cast(to: .float64).elements(as: Double.self)
    }

    @Test(arguments: LayerCase.all) func stepsComputeWhatTheLayerDoes(_ test: LayerCase) throws {
        var generator = RandomGenerator(seed: 5)
        let layer = test.layer(&generator)
        guard let steps = layer.steps else {
            #expect(Self.withoutDescription.contains { test.testDescription.hasPrefix($0) })
            return
        }
        let input = generator.normal([3] + test.input)
        let (made, expected) = (steps(input), layer(input))
        #expect(made.shape == expected.shape)
        #expect(
            closeness(of: Self.numbers(made), to: Self.numbers(expected), tolerance: 1e-5).passes)
    }

    @Test func runningStatisticsArePartOfTheSteps() throws {
        var layer = BatchNormalization(2)
        layer.runningMean = Tensor([1.0, -2]).cast(to: .float32)
        layer.runningVariance = Tensor([4.0, 0.25]).cast(to: .float32)
        layer.weight = Tensor([3.0, -1]).cast(to: .float32)
        layer.bias = Tensor([0.5, 0.25]).cast(to: .float32)
        var generator = RandomGenerator(seed: 4)
        let input = generator.uniform([2, 2, 3, 2])
        let steps = try #require(layer.steps)
        #expect(
            closeness(
                of: Self.numbers(steps(input)), to: Self.numbers(layer(input)), tolerance: 1e-5
            ).passes)
    }

    @Test func gatesAreAProductOfTwoLists() throws {
        var generator = RandomGenerator(seed: 6)
        let layer = GatedDense(3, 2, using: &generator)
        let input = generator.normal([4, 3])
        let steps = try #require(layer.steps)
        #expect(steps.map(\.name) == ["product"])
        #expect(
            closeness(
                of: Self.numbers(steps(input)), to: Self.numbers(layer(input)), tolerance: 1e-6
            ).passes)
        // Other tensors reach the parts.
        let doubled = steps.mapTensors { 2 * $0 }
        let weights = doubled[0].parts.map { $0[0]["weight"] }
        #expect(weights == [2 * layer.value.weight, 2 * layer.gate.weight])
    }

    @Test func aFunctionOfUnknownKindHasNoDescription() {
        var generator = RandomGenerator(seed: 7)
        let own = ActivationFunction("relu") { $0 * $0 }
        #expect(own.step == nil && Activation(own).steps == nil)
        #expect(ActivationFunction.relu.step?.name == "relu")
        #expect(ActivationFunction.elu(alpha: 0.5).step?.numbers == ["alpha": [0.5]])
        #expect(MultilayerPerceptron([2, 3, 4], activation: own, using: &generator).steps == nil)
        // Between two layers, which are not there.
        #expect(MultilayerPerceptron([2, 3], activation: own, using: &generator).steps != nil)
        #expect(
            Sequential {
                Activation(.relu)
                Activation(own)
            }.steps == nil)
        #expect(Sequential {}.steps?.isEmpty == true)
    }

    @Test func aTensorThatIsNotThereTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = NetworkStep.reshape([2])["weight"]
        }
        #expect(message(of: result).contains("reshape has no tensor weight"))
    }
}

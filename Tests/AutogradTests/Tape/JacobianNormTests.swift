import Autograd
import Testing

@Suite struct JacobianNormTests {
    /// The norms by the whole Jacobian of one sample at a time.
    private func reference(_ x: Tensor, _ function: (Tensor) -> Tensor) -> Tensor {
        let norms = (0..<x.shape[0]).map { sample in
            square(jacobian(at: x[sample..<sample + 1]) { function($0) }).sum()
        }
        return stacked(norms)
    }

    private static func normal(_ shape: [Int], seed: UInt64) -> Tensor {
        var generator = RandomGenerator(seed: seed)
        return generator.normal(shape, dataType: .float64)
    }

    private static let wide = normal([7, 4], seed: 1)
    private static let narrow = normal([4, 3], seed: 2)
    private static let square5 = normal([5, 5], seed: 3)
    private static let bias = normal([4], seed: 4)
    private static let filter = normal([2, 1, 2, 2], seed: 5)

    /// Functions that leave the Jacobian in each of the forms it can have.
    static let functions: [(name: String, shape: [Int], function: @Sendable (Tensor) -> Tensor)] = [
        ("identity", [3, 7], { $0 }),
        ("elementwise", [3, 7], { tanh($0) * $0 - $0 / 3 }),
        ("one product", [3, 7], { matmul($0, wide) }),
        ("one layer", [3, 7], { sigmoid(matmul($0, wide) + bias) }),
        ("one layer, transposed", [3, 4], { sigmoid(matmul($0, wide, transposingRight: true)) }),
        ("two layers", [3, 7], { tanh(matmul(tanh(matmul($0, wide) + bias), narrow)) }),
        (
            "first layer as wide as the input", [3, 5],
            { tanh(matmul(sin(matmul($0, square5)), square5)) }
        ),
        ("residual", [3, 5], { $0 + tanh(matmul($0, square5)) }),
        ("two paths", [3, 5], { x in matmul(x, square5) * tanh(matmul(x, square5)) }),
        ("reshaped", [3, 7], { x in tanh(matmul(x, wide)).reshaped([x.shape[0], 2, 2]) }),
        (
            "images, flattened", [3, 7, 1],
            { x in sigmoid(matmul(x.reshaped([x.shape[0], 7]), wide) + bias) }
        ),
        (
            "changed, then flattened", [3, 7, 1],
            { x in tanh(matmul(sin(x).reshaped([x.shape[0], 7]), wide)) }
        ),
        (
            "samples split into several rows", [3, 8],
            { x in tanh(matmul(x.reshaped([2 * x.shape[0], 4]), narrow)).reshaped([x.shape[0], 6]) }
        ),
        ("joined", [3, 7], { x in concatenated([tanh(matmul(x, wide)), x], axis: 1) }),
        ("convolution", [3, 1, 3, 3], { relu(convolution2D($0, filter)).flattened() }),
        ("rows of several axes", [3, 2, 7], { tanh(matmul($0, wide)) }),
        ("normalised", [3, 7], { x in x / x.sum(axes: [1], keepingAxes: true) }),
        ("constant", [3, 7], { Tensor.ones([$0.shape[0], 2], dataType: .float64) }),
    ]

    @Test(arguments: functions.indices) func equalsTheJacobian(_ index: Int) {
        let (name, shape, function) = Self.functions[index]
        let x = Self.normal(shape, seed: 9)
        let found = squaredJacobianNorm(at: x, of: function)
        let expected = reference(x, function)
        #expect(found.shape == [shape[0]], "\(name)")
        let worst = (abs(found - expected) / (1 + abs(expected))).max().scalar
        #expect(worst < 1e-12, "\(name)")
        if name != "constant" { #expect(expected.min().scalar > 1e-3, "\(name)") }
    }

    @Test(arguments: functions.indices) func isDifferentiable(_ index: Int) {
        let (name, shape, function) = Self.functions[index]
        let x = Self.normal(shape, seed: 10)
        let check = gradientCheck(at: x) { squaredJacobianNorm(at: $0, of: function).sum() }
        #expect(check.passes, "\(name): \(check)")
    }

    /// A change of type in the middle of the function is one of its rows' type.
    @Test func castsBetweenOperations() {
        let x = Self.normal([3, 7], seed: 12)
        func function(_ x: Tensor) -> Tensor {
            let layer = tanh(matmul(x, Self.wide)).cast(to: .float32)
            return matmul(layer, Self.narrow.cast(to: .float32))
        }
        let found = squaredJacobianNorm(at: x, of: function)
        let expected = reference(x, function)
        #expect((abs(found - expected) / expected).max().scalar < 1e-5)
    }

    @Test func isDifferentiableInWhatTheFunctionCaptures() {
        let x = Self.normal([3, 7], seed: 11)
        let check = gradientCheck(at: Self.wide, Self.narrow) { wide, narrow in
            squaredJacobianNorm(at: x) { tanh(matmul(sigmoid(matmul($0, wide)), narrow)) }.sum()
        }
        #expect(check.passes, "\(check)")
    }
}

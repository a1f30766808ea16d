import Autograd

extension Workload {
    /// The convolutions of small image models, forward alone and with both gradients.
    static let convolutions: [Workload] = [false, true].flatMap { isBackward in
        [
            convolution(
                "conv3x3", x: [64, 32, 28, 28], filter: [64, 32, 3, 3], y: [64, 64, 28, 28],
                isBackward: isBackward
            ) { convolution2D($0, $1, padding: 1) },
            convolution(
                "conv4x4s2", x: [64, 32, 28, 28], filter: [64, 32, 4, 4], y: [64, 64, 14, 14],
                isBackward: isBackward
            ) { convolution2D($0, $1, stride: 2, padding: 1) },
            convolution(
                "convT4x4s2", x: [64, 64, 14, 14], filter: [64, 32, 4, 4], y: [64, 32, 28, 28],
                isBackward: isBackward
            ) { transposedConvolution2D($0, $1, stride: 2, padding: 1) },
        ]
    }

    private static func convolution(
        _ name: String, x: [Int], filter: [Int], y: [Int], isBackward: Bool,
        _ body: @escaping @Sendable (Tensor, Tensor) -> Tensor
    ) -> Workload {
        // Each element of the filter meets each place of the smaller image once.
        let places = min(x[2], y[2]) * min(x[3], y[3])
        let operations = 2 * x[0] * filter.reduce(places, *)
        return .kernel(
            name + (isBackward ? "_fb" : "_f"), .convolutions,
            operations: isBackward ? 3 * operations : operations
        ) { name in
            [
                Numbers.standardized("\(name)/x", x),
                Numbers.symmetric("\(name)/w", filter, bound: 0.05),
            ] + (isBackward ? [Numbers.standardized("\(name)/dy", y)] : [])
        } _: { inputs in
            guard isBackward else { return [body(inputs[0], inputs[1])] }
            let (y, pullback) = valueWithPullback(at: inputs[0], inputs[1], of: body)
            let (x, filter) = pullback(inputs[2])
            return [y, x, filter]
        }
    }
}

import Autograd

/// How a weight starts. Each is named for whom it comes from; the formulas are in terms of the
/// numbers of inputs (fan-in) and outputs (fan-out) of a unit.
public struct Initializer: Sendable {
    private let sample: @Sendable ([Int], Int, Int, inout RandomGenerator) -> Tensor

    /// An initialiser of one's own.
    public init(
        _ sample:
            @escaping @Sendable (
                _ shape: [Int], _ fanIn: Int, _ fanOut: Int, _ generator: inout RandomGenerator
            ) -> Tensor
    ) {
        self.sample = sample
    }

    /// A weight of the given shape.
    public func callAsFunction(
        _ shape: [Int], fanIn: Int, fanOut: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        sample(shape, fanIn, fanOut, &generator)
    }

    /// Uniform in ±√(6 / (fan-in + fan-out)) (Glorot and Bengio, 2010).
    public static let glorotUniform = Initializer { shape, fanIn, fanOut, generator in
        let bound = (6 / Double(fanIn + fanOut)).squareRoot()
        return generator.uniform(shape, from: -bound, to: bound)
    }
}

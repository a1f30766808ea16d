import Autograd

/// The initial distribution of a weight. The formulas use the numbers of inputs (fan-in) and
/// outputs (fan-out) of a unit; normal distributions have mean 0 and are not truncated.
public struct Initializer: Sendable {
    private let sample: @Sendable ([Int], Int, Int, inout RandomGenerator) -> Tensor

    /// A custom initialiser.
    public init(
        _ sample:
            @escaping @Sendable (
                _ shape: [Int], _ fanIn: Int, _ fanOut: Int, _ generator: inout RandomGenerator
            ) -> Tensor
    ) {
        self.sample = sample
    }

    /// Draws a weight of the given shape.
    public func callAsFunction(
        _ shape: [Int], fanIn: Int, fanOut: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        sample(shape, fanIn, fanOut, &generator)
    }

    // MARK: For layers between functions that are linear near 0, such as tanh

    /// Uniform in ±√(6 / (fan-in + fan-out)) (Glorot and Bengio, "Understanding the difficulty of
    /// training deep feedforward neural networks", 2010).
    public static let glorotUniform = uniform { 6 / ($0 + $1) }
    /// Normal with variance 2 / (fan-in + fan-out) (Glorot and Bengio, 2010).
    public static let glorotNormal = normal { 2 / ($0 + $1) }

    // MARK: For layers between logistic functions

    /// Uniform in ±4 √(6 / (fan-in + fan-out)): four times Glorot's, as the logistic function's
    /// slope at 0 is a quarter of that of tanh.
    public static let logisticUniform = uniform { 16 * 6 / ($0 + $1) }

    // MARK: For layers before rectifiers

    /// Uniform in ±√(6 / fan-in) (He et al., "Delving Deep into Rectifiers", arXiv:1502.01852).
    public static let heUniform = uniform { fanIn, _ in 6 / fanIn }
    /// Normal with variance 2 / fan-in (He et al., arXiv:1502.01852).
    public static let heNormal = normal { fanIn, _ in 2 / fanIn }

    // MARK: For layers that keep the variance of their inputs, as before selu

    /// Uniform in ±√(3 / fan-in) (LeCun et al., "Efficient BackProp", 1998).
    public static let lecunUniform = uniform { fanIn, _ in 3 / fanIn }
    /// Normal with variance 1 / fan-in (LeCun et al., 1998).
    public static let lecunNormal = normal { fanIn, _ in 1 / fanIn }

    // MARK: For any layer

    /// All elements 0.
    public static let zeros = constant(0)
    /// All elements 1.
    public static let ones = constant(1)

    /// All elements the same value.
    public static func constant(_ value: Double) -> Initializer {
        Initializer { shape, _, _, _ in Tensor(repeating: value, shape: shape) }
    }

    /// Normal with the given mean and standard deviation.
    public static func normal(mean: Double = 0, standardDeviation: Double) -> Initializer {
        Initializer { shape, _, _, generator in
            generator.normal(shape, mean: mean, standardDeviation: standardDeviation)
        }
    }

    /// Uniform in `lower..<upper`.
    public static func uniform(from lower: Double, to upper: Double) -> Initializer {
        Initializer { shape, _, _, generator in generator.uniform(shape, from: lower, to: upper) }
    }

    /// Uniform between ± the root of a bound that depends on fan-in and fan-out.
    private static func uniform(
        _ squaredBound: @escaping @Sendable (_ fanIn: Double, _ fanOut: Double) -> Double
    ) -> Initializer {
        Initializer { shape, fanIn, fanOut, generator in
            let bound = squaredBound(Double(fanIn), Double(fanOut)).squareRoot()
            return generator.uniform(shape, from: -bound, to: bound)
        }
    }

    /// Normal with a variance that depends on fan-in and fan-out.
    private static func normal(
        _ variance: @escaping @Sendable (_ fanIn: Double, _ fanOut: Double) -> Double
    ) -> Initializer {
        Initializer { shape, fanIn, fanOut, generator in
            let deviation = variance(Double(fanIn), Double(fanOut)).squareRoot()
            return generator.normal(shape, standardDeviation: deviation)
        }
    }
}

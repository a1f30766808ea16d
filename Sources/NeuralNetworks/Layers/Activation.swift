import Autograd

/// An activation function as an elementwise layer; the output has the shape of the input.
public struct Activation: Layer {
    /// The activation function.
    public let function: ActivationFunction

    /// A layer that applies the function.
    public init(_ function: ActivationFunction) { self.function = function }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        function(input)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

/// A named elementwise function, used as a value: `.relu`, `.elu(alpha: 0.5)`.
public struct ActivationFunction: Sendable, CustomStringConvertible {
    /// The name of the function.
    public let name: String
    private let function: @Sendable (Tensor) -> Tensor

    /// A custom function, whose result must have the shape of its argument.
    public init(_ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor) {
        self.name = name
        self.function = function
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { function(x) }

    public var description: String { name }

    /// max(x, 0).
    public static let relu = ActivationFunction("relu") { Autograd.relu($0) }
    /// The hyperbolic tangent.
    public static let tanh = ActivationFunction("tanh") { Autograd.tanh($0) }
    /// 1 / (1 + e⁻ˣ).
    public static let sigmoid = ActivationFunction("sigmoid") { Autograd.sigmoid($0) }
    /// log(1 + eˣ).
    public static let softplus = ActivationFunction("softplus") { Autograd.softplus($0) }
    /// x Φ(x) with the standard normal cumulative distribution function Φ.
    public static let gelu = ActivationFunction("gelu") { Autograd.gelu($0) }
    /// x sigmoid(x).
    public static let silu = ActivationFunction("silu") { Autograd.silu($0) }
    /// The scaled exponential linear unit of self-normalising networks.
    public static let selu = ActivationFunction("selu") { Autograd.selu($0) }
    /// x if positive, else eˣ − 1.
    public static let elu = elu(alpha: 1)
    /// x if positive, else 0.01 x.
    public static let leakyRelu = leakyRelu(slope: 0.01)

    /// x if positive, else `alpha` (eˣ − 1).
    public static func elu(alpha: Double) -> ActivationFunction {
        ActivationFunction("elu") { Autograd.elu($0, alpha: alpha) }
    }

    /// x if positive, else `slope` x.
    public static func leakyRelu(slope: Double) -> ActivationFunction {
        ActivationFunction("leakyRelu") { Autograd.leakyRelu($0, slope: slope) }
    }
}

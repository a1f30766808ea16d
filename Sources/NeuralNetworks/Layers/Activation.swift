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

    public var steps: [NetworkStep]? { function.step.map { [$0] } }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

/// A named elementwise function, used as a value: `.relu`, `.elu(alpha: 0.5)`.
public struct ActivationFunction: Sendable, CustomStringConvertible {
    /// The name of the function.
    public let name: String
    private let function: @Sendable (Tensor) -> Tensor
    /// Nil for a custom function, of which the name does not tell what it is.
    private let constants: [String: [Double]]?

    /// A custom function, whose result must have the shape of its argument.
    public init(_ name: String, _ function: @escaping @Sendable (Tensor) -> Tensor) {
        (self.name, self.function, constants) = (name, function, nil)
    }

    /// One of those below, which is told by its name and its constants.
    private init(
        known name: String, _ constants: [String: [Double]] = [:],
        _ function: @escaping @Sendable (Tensor) -> Tensor
    ) {
        (self.name, self.function, self.constants) = (name, function, constants)
    }

    /// The function as a step; nil for a custom one.
    public var step: NetworkStep? {
        constants.map { .elementwise(name, numbers: $0, function) }
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { function(x) }

    public var description: String { name }

    /// max(x, 0).
    public static let relu = ActivationFunction(known: "relu") { Autograd.relu($0) }
    /// The hyperbolic tangent.
    public static let tanh = ActivationFunction(known: "tanh") { Autograd.tanh($0) }
    /// 1 / (1 + e⁻ˣ).
    public static let sigmoid = ActivationFunction(known: "sigmoid") { Autograd.sigmoid($0) }
    /// log(1 + eˣ).
    public static let softplus = ActivationFunction(known: "softplus") { Autograd.softplus($0) }
    /// x Φ(x) with the standard normal cumulative distribution function Φ.
    public static let gelu = ActivationFunction(known: "gelu") { Autograd.gelu($0) }
    /// x sigmoid(x).
    public static let silu = ActivationFunction(known: "silu") { Autograd.silu($0) }
    /// The scaled exponential linear unit of self-normalising networks.
    public static let selu = ActivationFunction(known: "selu") { Autograd.selu($0) }
    /// The sine, of networks over places (Sitzmann et al., arXiv:2006.09661).
    public static let sine = ActivationFunction(known: "sine") { Autograd.sin($0) }
    /// x if positive, else eˣ − 1.
    public static let elu = elu(alpha: 1)
    /// x if positive, else 0.01 x.
    public static let leakyRelu = leakyRelu(slope: 0.01)

    /// x if positive, else `alpha` (eˣ − 1).
    public static func elu(alpha: Double) -> ActivationFunction {
        ActivationFunction(known: "elu", ["alpha": [alpha]]) { Autograd.elu($0, alpha: alpha) }
    }

    /// x if positive, else `slope` x.
    public static func leakyRelu(slope: Double) -> ActivationFunction {
        ActivationFunction(known: "leakyRelu", ["slope": [slope]]) {
            Autograd.leakyRelu($0, slope: slope)
        }
    }
}

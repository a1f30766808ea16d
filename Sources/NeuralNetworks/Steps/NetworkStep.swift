import Autograd

/// A step of what a network does to samples in evaluation mode, such as the product with a matrix. The
/// steps of a network are enough to compute it elsewhere: the page of a run does so in a browser.
///
/// Whoever computes a step knows by its name what is done with its numbers, tensors and parts. A layer
/// describes itself by its ``Layer/steps``.
public struct NetworkStep: Sendable {
    /// What is done.
    public let name: String
    /// Sizes and constants, by their names.
    public let numbers: [String: [Double]]
    /// Weights, by their names.
    public private(set) var tensors: [String: Tensor]
    /// Lists of steps that are all given the step's input, and whose results it combines.
    public private(set) var parts: [[NetworkStep]]
    private let function: @Sendable (_ step: NetworkStep, _ input: Tensor) -> Tensor

    /// - Parameter function: from an input, `[batch, …]`, to the output, by the tensors and parts of the
    ///   step that it is given.
    public init(
        _ name: String, numbers: [String: [Double]] = [:], tensors: [String: Tensor?] = [:],
        parts: [[NetworkStep]] = [],
        _ function: @escaping @Sendable (_ step: NetworkStep, _ input: Tensor) -> Tensor
    ) {
        (self.name, self.numbers, self.parts) = (name, numbers, parts)
        self.tensors = tensors.compactMapValues { $0 }
        self.function = function
    }

    /// The output for an input, `[batch, …]`.
    public func callAsFunction(_ input: Tensor) -> Tensor { function(self, input) }

    /// A tensor by its name; traps if the step has none.
    public subscript(name: String) -> Tensor {
        guard let tensor = tensors[name] else {
            programmerError("NetworkStep", "\(self.name) has no tensor \(name)")
        }
        return tensor
    }

    /// The same step with other tensors of the same shapes, also in its parts.
    public func mapTensors(_ change: (Tensor) -> Tensor) -> NetworkStep {
        var step = self
        step.tensors = tensors.mapValues(change)
        step.parts = parts.map { $0.mapTensors(change) }
        return step
    }
}

extension [NetworkStep] {
    /// What the steps make of an input, `[batch, …]`, one after another.
    public func callAsFunction(_ input: Tensor) -> Tensor { reduce(input) { $1($0) } }

    /// The same steps with other tensors of the same shapes.
    public func mapTensors(_ change: (Tensor) -> Tensor) -> [NetworkStep] {
        map { $0.mapTensors(change) }
    }

    /// The steps of several parts one after another; nil if one of them has no description.
    public init?(joining parts: [[NetworkStep]?]) {
        let known = parts.compactMap { $0 }
        guard known.count == parts.count else { return nil }
        self = Array(known.joined())
    }
}

// Steps that several layers have.
extension NetworkStep {
    /// A function of each element alone.
    public static func elementwise(
        _ name: String, numbers: [String: [Double]] = [:],
        _ function: @escaping @Sendable (Tensor) -> Tensor
    ) -> NetworkStep {
        NetworkStep(name, numbers: numbers) { _, input in function(input) }
    }

    /// 1 / (1 + e⁻ˣ) of each element.
    public static let sigmoid = elementwise("sigmoid") { Autograd.sigmoid($0) }

    /// x Wᵀ + b along the last axis: W is `[outputs, inputs]`, b `[outputs]`.
    public static func dense(weight: Tensor, bias: Tensor?) -> NetworkStep {
        NetworkStep("dense", tensors: ["weight": weight, "bias": bias]) { step, input in
            Dense(weight: step["weight"], bias: step.tensors["bias"])(input)
        }
    }

    /// scale · x + shift, where each of the `count` scales and shifts is that of one of as many equal
    /// parts of a sample, in order: of a channel, of an element, or of the whole.
    public static func affine(scale: Tensor, shift: Tensor) -> NetworkStep {
        let tensors = [
            "scale": scale.flattened(fromAxis: 0), "shift": shift.flattened(fromAxis: 0),
        ]
        return NetworkStep("affine", tensors: tensors) { step, input in
            let type = input.dataType
            let (scale, shift) = (step["scale"].cast(to: type), step["shift"].cast(to: type))
            let parts = input.reshaped([input.shape[0], scale.count, -1])
            let scaled = parts * scale.expandingAxis(1) + shift.expandingAxis(1)
            return scaled.reshaped(input.shape)
        }
    }

    /// Gives samples another shape; without one, flattens them.
    public static func reshape(_ shape: [Int]?) -> NetworkStep {
        NetworkStep("reshape", numbers: ["shape": shape?.map(Double.init) ?? [-1]]) { _, input in
            shape.map { input.reshaped([input.shape[0]] + $0) } ?? input.flattened()
        }
    }

    /// The sum of what several lists of steps make of the same input.
    public static func sum(_ parts: [[NetworkStep]]) -> NetworkStep {
        NetworkStep("sum", parts: parts) { step, input in
            step.parts.dropFirst().reduce(step.parts[0](input)) { $0 + $1(input) }
        }
    }

    /// The product of what several lists of steps make of the same input.
    public static func product(_ parts: [[NetworkStep]]) -> NetworkStep {
        NetworkStep("product", parts: parts) { step, input in
            step.parts.dropFirst().reduce(step.parts[0](input)) { $0 * $1(input) }
        }
    }
}

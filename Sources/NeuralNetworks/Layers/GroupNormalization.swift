import Autograd

/// Normalises each sample over groups of its channels and all pixels (Wu and He, "Group
/// Normalization", arXiv:1803.08494): `[batch, channels, …]` to the same shape.
///
/// Neighbouring channels form a group. One group normalises the whole sample (layer normalisation);
/// as many groups as channels give instance normalisation.
public struct GroupNormalization: Layer {
    /// The scale, `[channels]`.
    public var weight: Tensor
    /// The shift, `[channels]`.
    public var bias: Tensor
    /// The number of groups of channels.
    public let groups: Int
    /// The constant ε added to the variance.
    public let epsilon: Double

    /// Traps if the channels cannot be divided into the groups or epsilon is not above 0.
    public init(groups: Int, _ channels: Int, epsilon: Double = 1e-5) {
        guard groups > 0, channels % groups == 0, epsilon > 0 else {
            programmerError(
                "GroupNormalization",
                "\(channels) channels do not split into \(groups) groups, or epsilon \(epsilon) "
                    + "is not above 0")
        }
        weight = Tensor.ones([channels])
        bias = Tensor.zeros([channels])
        (self.groups, self.epsilon) = (groups, epsilon)
    }

    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        let channels = weight.count
        guard input.rank >= 2, input.shape[1] == channels else {
            programmerError(
                "GroupNormalization",
                "expected an input [batch, \(channels), …], found \(input.shape)")
        }
        let places = input.shape[2...].reduce(1, *)
        let grouped = input.reshaped([input.shape[0], groups, channels / groups * places])
        let result = normalized(grouped, axes: [-1], epsilon: epsilon).reshaped(input.shape)
        let aligned = [channels] + [Int](repeating: 1, count: input.rank - 2)
        return result * weight.reshaped(aligned) + bias.reshaped(aligned)
    }

    public var steps: [NetworkStep]? {
        let layer = self
        return [
            NetworkStep(
                "groupNormalization", numbers: ["groups": [Double(groups)], "epsilon": [epsilon]],
                tensors: ["weight": weight, "bias": bias]
            ) { step, input in
                var changed = layer
                (changed.weight, changed.bias) = (step["weight"], step["bias"])
                return changed(input)
            }
        ]
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("bias", &bias)
    }
}

/// A tensor with mean 0 and variance 1 (up to ε) over some axes.
private func normalized(_ x: Tensor, axes: [Int], epsilon: Double) -> Tensor {
    let deviation = x - x.mean(axes: axes, keepingAxes: true)
    let variance = square(deviation).mean(axes: axes, keepingAxes: true)
    return deviation * rsqrt(variance + epsilon)
}

import Autograd

/// Where the biases of the output start, by name.
public enum OutputBias: String, NamedOptionValue {
    case zero
    /// At the mean of the training samples (``StartsAtMean``).
    case mean
}

extension Layer {
    /// Sets the last biases.
    ///
    /// - Parameters:
    ///   - mean: of the output, of the shape of a sample.
    ///   - link: from means to what the layer gives for them.
    mutating func startOutput(
        at mean: Tensor, _ link: (Tensor) -> Tensor = { $0 }
    ) {
        guard let biased = (self as? any HasOutputBias)?.starting(at: mean, link) as? Self else {
            programmerError(
                "StartsAtMean", "a head of type \(Self.self) has no biases to start at a mean")
        }
        self = biased
    }
}

/// A layer whose output can be moved by its last biases.
private protocol HasOutputBias: Layer {
    /// Nil if the last layer has no biases.
    func starting(at mean: Tensor, _ link: (Tensor) -> Tensor) -> Self?
}

/// Biases that start with the given ones. Others, of scales that are predicted beside means, are kept.
private func replaced(_ bias: Tensor, startingWith values: Tensor) -> Tensor {
    let values = values.flattened(fromAxis: 0).cast(to: bias.dataType)
    guard values.count == bias.count || 2 * values.count == bias.count else {
        programmerError(
            "StartsAtMean", "\(values.count) means for an output of \(bias.count) biases")
    }
    return concatenated([values, bias[values.count..<bias.count]])
}

extension Dense: HasOutputBias {
    func starting(at mean: Tensor, _ link: (Tensor) -> Tensor) -> Dense? {
        guard let bias else { return nil }
        return Dense(weight: weight, bias: replaced(bias, startingWith: link(mean)))
    }
}

/// The means of each channel.
private func channelMeans(_ mean: Tensor) -> Tensor {
    let image = ImageShape(of: mean.shape, for: "StartsAtMean")
    return mean.reshaped([image.channels, -1]).mean(axes: [1])
}

extension Convolution2D: HasOutputBias {
    func starting(at mean: Tensor, _ link: (Tensor) -> Tensor) -> Convolution2D? {
        guard let bias else { return nil }
        var layer = self
        layer.bias = replaced(bias, startingWith: link(channelMeans(mean)))
        return layer
    }
}

extension TransposedConvolution2D: HasOutputBias {
    func starting(at mean: Tensor, _ link: (Tensor) -> Tensor) -> TransposedConvolution2D? {
        guard let bias else { return nil }
        var layer = self
        layer.bias = replaced(bias, startingWith: link(channelMeans(mean)))
        return layer
    }
}

extension MultilayerPerceptron: HasOutputBias {
    func starting(at mean: Tensor, _ link: (Tensor) -> Tensor) -> MultilayerPerceptron? {
        guard outputActivation == nil else { return nil }
        var network = self
        guard let last = layers.last?.starting(at: mean, link) else { return nil }
        network.layers[layers.count - 1] = last
        return network
    }
}

extension Sequential: HasOutputBias {
    func starting(at mean: Tensor, _ link: (Tensor) -> Tensor) -> Sequential? {
        guard let place = layers.lastIndex(where: { !($0 is Reshape || $0 is Flatten) }),
            let last = (layers[place] as? any HasOutputBias)?.starting(at: mean, link)
        else { return nil }
        var network = self
        network.layers[place] = last
        return network
    }
}

extension ChosenNetwork: HasOutputBias {
    func starting(at mean: Tensor, _ link: (Tensor) -> Tensor) -> ChosenNetwork? {
        switch self {
        case .dense(let network): network.starting(at: mean, link).map { .dense($0) }
        case .convolutional(let network):
            network.starting(at: mean, link).map { .convolutional($0) }
        }
    }
}

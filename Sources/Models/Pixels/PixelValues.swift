import Autograd
import Distributions

/// What the pixels of images can be, and how likely each is, given the numbers that a ``PixelNetwork``
/// computes for it.
public enum PixelValues: Hashable, Sendable {
    /// 0 or 1, by the log-odds of 1.
    case binary
    /// One of so many symbols, numbered from 0, that are told the network as one-hot vectors.
    case symbols(Int)
    /// One of so many grey values, equally spaced from 0 to 1, by a probability for each (van den Oord et
    /// al., arXiv:1601.06759, section 3.3).
    case categorical(Int)
    /// One of 256 grey values, equally spaced from 0 to 1, by a mixture of so many logistic distributions
    /// (``LogisticMixture``).
    case logistics(Int)

    /// How many values a channel of a pixel can have.
    public var levels: Int {
        switch self {
        case .binary: 2
        case .symbols(let count), .categorical(let count): count
        case .logistics: 256
        }
    }

    /// How many numbers a network is told of a pixel.
    func inputs(channels: Int) -> Int {
        if case .symbols(let count) = self { count * channels } else { channels }
    }

    /// How many numbers a network computes for a pixel.
    func outputs(channels: Int) -> Int {
        switch self {
        case .binary: channels
        case .symbols(let count), .categorical(let count): count * channels
        case .logistics(let components):
            LogisticMixture.parameters(components: components, channels: channels)
        }
    }

    /// What a network is told of pixels: `[batch, channels, …]` to `[batch, inputs, …]`.
    func features(of pixels: Tensor) -> Tensor {
        guard case .symbols(let count) = self else { return pixels }
        let told = oneHot(levels(of: pixels), depth: count, dataType: pixels.dataType)
        return channelsFirst(told).reshaped(
            [pixels.shape[0], pixels.shape[1] * count] + pixels.shape.dropFirst(2))
    }

    /// The logarithms of the probabilities of images, `[batch]`, in nats.
    ///
    /// - Parameters:
    ///   - images: `[batch, channels, height, width]`.
    ///   - outputs: of a network, `[batch, outputs, height, width]`.
    func logProbability(of images: Tensor, given outputs: Tensor) -> Tensor {
        switch self {
        case .binary:
            Bernoulli(logits: outputs).logProbability(of: images).flattened().sum(axes: [1])
        case .symbols, .categorical:
            Categorical(logits: logits(outputs, channels: images.shape[1]))
                .logProbability(of: levels(of: images)).flattened().sum(axes: [1])
        case .logistics(let components):
            LogisticMixture(outputs, components: components, channels: images.shape[1])
                .logProbability(of: images).flattened().sum(axes: [1])
        }
    }

    /// Pixels drawn by what a network computed, `[batch, outputs]`: `[batch, channels]`.
    func drawn(
        _ outputs: Tensor, channels: Int, by choice: SymbolChoice,
        using generator: inout RandomGenerator
    ) -> Tensor {
        var pixel = outputs.sliced(axis: 1, 0..<0)
        for channel in 0..<channels {
            let logits = logits(of: channel, outputs, channels: channels, given: pixel)
            let level = choice(Categorical(logits: logits)).sampleLabels(using: &generator)
            let value = level.cast(to: outputs.dataType) * unit
            pixel = concatenated([pixel, value.expandingAxis(1)], axis: 1)
        }
        return pixel
    }

    /// Of all values of a channel of pixels, given those of the channels before: `[batch, levels]`.
    private func logits(
        of channel: Int, _ outputs: Tensor, channels: Int, given pixel: Tensor
    ) -> Tensor {
        switch self {
        case .binary:
            let logOdds = outputs.sliced(axis: 1, channel..<channel + 1)
            return concatenated([Tensor.zeros(like: logOdds), logOdds], axis: 1)
        case .symbols, .categorical:
            return logits(outputs, channels: channels)[0..., channel]
        case .logistics(let components):
            return LogisticMixture(outputs, components: components, channels: channels)
                .logProbabilities(ofChannel: channel, given: pixel)
        }
    }

    /// `[batch, channels * levels, …]` to `[batch, channels, …, levels]`.
    private func logits(_ outputs: Tensor, channels: Int) -> Tensor {
        let (batch, others) = (outputs.shape[0], Array(outputs.shape.dropFirst(2)))
        let split = outputs.reshaped([batch, channels, levels] + others)
        return split.transposed([0, 1] + Array(3..<split.rank) + [2])
    }

    /// `[batch, channels, …, levels]` to `[batch, channels, levels, …]`.
    private func channelsFirst(_ told: Tensor) -> Tensor {
        told.transposed([0, 1, told.rank - 1] + Array(2..<told.rank - 1))
    }

    /// The distance of two values.
    private var unit: Double {
        if case .symbols = self { 1 } else { 1 / Double(levels - 1) }
    }

    /// The positions of values among all, `int32`.
    private func levels(of pixels: Tensor) -> Tensor {
        round(stopGradient(pixels) / unit).cast(to: .int32)
    }
}

/// How a symbol is chosen by its probability: as likely as it is, or more typically
/// (``Categorical/narrowed(temperature:topK:topP:)``).
public struct SymbolChoice: Hashable, Sendable {
    /// By which the logits are divided.
    public var temperature: Double
    /// How many symbols are possible; all if nil.
    public var topK: Int?
    /// The share of the probability that stays possible; all if nil.
    public var topP: Double?

    /// As likely as they are unless told otherwise.
    public init(temperature: Double = 1, topK: Int? = nil, topP: Double? = nil) {
        (self.temperature, self.topK, self.topP) = (temperature, topK, topP)
    }

    func callAsFunction(_ symbols: Categorical) -> Categorical {
        self == SymbolChoice()
            ? symbols : symbols.narrowed(temperature: temperature, topK: topK, topP: topP)
    }
}

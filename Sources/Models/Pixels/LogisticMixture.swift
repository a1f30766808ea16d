import Autograd
import Distributions

/// A mixture of discretised logistic distributions of 8-bit pixels, whose channels depend on those before
/// within a component: locations of green move with red, those of blue with both (Salimans et al.,
/// "PixelCNN++", arXiv:1701.05517, section 2.1 and 2.2).
struct LogisticMixture {
    /// Logarithms of the components' probabilities, `[batch, components, …]`.
    private let logWeights: Tensor
    /// Of each channel, without what the others add, `[batch, components, …]`.
    private let locations: [Tensor]
    /// Of each channel, `[batch, components, …]`.
    private let logScales: [Tensor]
    /// How much locations of a channel move with each channel before, `[batch, components, …]`.
    private let slopes: [[Tensor]]

    /// How many numbers describe it.
    static func parameters(components: Int, channels: Int) -> Int {
        components * (1 + 2 * channels + channels * (channels - 1) / 2)
    }

    /// - Parameter outputs: `[batch, parameters, …]`. Zeros are locations in the middle, and scales of
    ///   about an eighth.
    init(_ outputs: Tensor, components: Int, channels: Int) {
        var place = 0
        func next() -> Tensor {
            defer { place += components }
            return outputs.sliced(axis: 1, place..<place + components)
        }
        logWeights = logSoftmax(next(), axis: 1)
        locations = (0..<channels).map { _ in 0.5 + 0.5 * next() }
        logScales = (0..<channels).map { _ in softlyBounded(next() - 2, to: 7) }
        slopes = (0..<channels).map { channel in (0..<channel).map { _ in tanh(next()) } }
    }

    /// Of each pixel, `[batch, …]`, in nats.
    ///
    /// - Parameter pixels: `[batch, channels, …]`.
    func logProbability(of pixels: Tensor) -> Tensor {
        locations.indices.reduce(logWeights) { sum, channel in
            let own = pixels.sliced(axis: 1, channel..<channel + 1)
            let likelihood = distribution(ofChannel: channel, given: pixels)
            return sum + likelihood.logProbability(of: own.broadcast(to: sum.shape))
        }.logSumExp(axes: [1])
    }

    /// Of all values of a channel, `[batch, levels]`, up to a constant for each pixel.
    ///
    /// - Parameter pixels: the channels before, `[batch, channel]`.
    func logProbabilities(ofChannel channel: Int, given pixels: Tensor) -> Tensor {
        let before = (0..<channel).reduce(logWeights) { sum, channel in
            let own = pixels.sliced(axis: 1, channel..<channel + 1)
            let likelihood = distribution(ofChannel: channel, given: pixels)
            return sum + likelihood.logProbability(of: own.broadcast(to: sum.shape))
        }
        let likelihood = distribution(ofChannel: channel, given: pixels)
        let values = Tensor.linearSpace(
            from: 0, through: 1, count: likelihood.levels, dataType: pixels.dataType)
        let shape = [values.count] + before.shape
        let each = likelihood.logProbability(
            of: values.reshaped([-1, 1, 1]).broadcast(to: shape))
        return (before + each).logSumExp(axes: [2]).transposed()
    }

    private func distribution(
        ofChannel channel: Int, given pixels: Tensor
    ) -> DiscretizedLogistic {
        let location = slopes[channel].enumerated().reduce(locations[channel]) { sum, next in
            let (other, slope) = next
            return sum + slope * (pixels.sliced(axis: 1, other..<other + 1) - 0.5)
        }
        return DiscretizedLogistic(location: location, logScale: logScales[channel])
    }
}

import Autograd
import Datasets
import Distributions

/// A model of black and white images, or other vectors of zeros and ones, by a masked dense network, the
/// MADE (Germain et al., "MADE: Masked Autoencoder for Distribution Estimation", arXiv:1502.03509): each
/// element has a probability by those before it.
public struct OrderedPixelModel: Trainable {
    /// From elements to log-odds, each of the elements before it.
    public var network: AutoregressiveNetwork
    public var choice = SymbolChoice()
    private let sampleShape: [Int]

    /// - Parameters:
    ///   - hiddenSizes: the units of the hidden layers; traps if there are none.
    public init(sampleShape: [Int], hiddenSizes: [Int], using generator: inout RandomGenerator) {
        self.sampleShape = sampleShape
        network = AutoregressiveNetwork(
            components: sampleShape.reduce(1, *), hiddenSizes: hiddenSizes, outputs: 1,
            activation: .relu, using: &generator)
    }

    /// Grey values become black or white at random.
    public func prepared(_ batch: Batch, in context: inout PassContext) -> Batch {
        batch.withDrawnPixels(using: &context.generator)
    }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> LogProbabilities {
        let elements = batch.input.flattened()
        let likelihood = Bernoulli(logits: logits(of: elements, in: &context))
        return LogProbabilities(likelihood.logProbability(of: elements).sum(axes: [1]))
    }

    private func logits(of elements: Tensor, in context: inout PassContext) -> Tensor {
        network(elements, in: &context).squeezed(axes: [1])
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("network", &network) }
}

extension OrderedPixelModel: HasExactLikelihood {}

extension OrderedPixelModel: DrawsPixels {
    public var sampleOrigin: String { "Drawn pixel by pixel, each given those before." }

    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        requireNoCondition(condition, "OrderedPixelModel")
        return drawn(after: Tensor.zeros([count, 0], dataType: dataType), using: &generator)
    }

    public func completed(
        _ batch: Batch, keepingRows rows: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        let elements = batch.withDrawnPixels(using: &generator).input.flattened()
        let kept = rows * (sampleShape.last ?? 1)
        guard 0...elements.shape[1] ~= kept else {
            programmerError(
                "OrderedPixelModel", "\(rows) rows kept of samples of shape \(sampleShape)")
        }
        return drawn(after: elements[0..., 0..<kept], using: &generator)
    }

    /// Elements one after another.
    ///
    /// - Parameter start: the first ones, `[count, elements]`.
    private func drawn(
        after start: Tensor, using generator: inout RandomGenerator
    ) -> Tensor {
        let (count, elements) = (start.shape[0], sampleShape.reduce(1, *))
        var value = start
        var context = PassContext.evaluation
        for place in start.shape[1]..<elements {
            // What comes later is not seen.
            let all = value.padded([(0, 0), (0, elements - place)])
            let logOdds = logits(of: all, in: &context)[0..., place..<place + 1]
            let pixel = PixelValues.binary.drawn(
                logOdds, channels: 1, by: choice, using: &generator)
            value = concatenated([value, pixel], axis: 1)
        }
        return value.reshaped([count] + sampleShape)
    }
}

import Autograd
import Datasets
import Distributions
import Foundation

/// A model of images that gives each pixel a probability by the pixels before it, p(x) = Π p(xᵢ | x₁ … xᵢ₋₁)
/// in row-major order: a sum of logarithms, exactly (van den Oord et al., arXiv:1601.06759).
///
/// ```swift
/// let model = PixelModel(
///     ResidualPixelNetwork(inputs: 1, outputs: 1, maps: 32, blocks: 15, using: &generator),
///     of: .binary, sampleShape: [28, 28])
/// let objective = model.objective(NegativeLogLikelihood())
/// ```
public struct PixelModel<Network: PixelNetwork>: Trainable {
    /// Computes what the probabilities of pixels follow from.
    public var network: Network
    /// What pixels can be.
    public let pixels: PixelValues
    public var choice = SymbolChoice()
    private let sampleShape: [Int]
    private let image: ImageShape

    /// Traps if samples of the shape are not images.
    public init(_ network: Network, of pixels: PixelValues, sampleShape: [Int]) {
        (self.network, self.pixels, self.sampleShape) = (network, pixels, sampleShape)
        image = ImageShape(of: sampleShape, for: "PixelModel")
    }

    /// Grey values become black or white at random, if that is what pixels are.
    public func prepared(_ batch: Batch, in context: inout PassContext) -> Batch {
        pixels == .binary ? batch.withDrawnPixels(using: &context.generator) : batch
    }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> LogProbabilities {
        logProbabilities(of: batch, given: nil, in: &context)
    }

    /// - Parameter condition: what is known of each image, `[batch, conditions]`.
    func logProbabilities(
        of batch: Batch, given condition: Tensor?, in context: inout PassContext
    ) -> LogProbabilities {
        let images = images(batch.input)
        let outputs = network(pixels.features(of: images), given: condition, in: &context)
        return LogProbabilities(pixels.logProbability(of: images, given: outputs))
    }

    /// Samples as `[batch, channels, height, width]`.
    private func images(_ samples: Tensor) -> Tensor {
        samples.reshaped([samples.shape[0]] + image.shape)
    }

    public func additionalMetrics(
        of pass: ForwardPass<LogProbabilities>
    ) -> [(name: String, value: Double)] {
        let nats = -pass.logProbabilities.mean().scalar / Double(pass.batch.target[0].count)
        switch pixels {
        case .binary: return []
        case .symbols: return [("natsPerSymbol", nats)]
        case .categorical, .logistics: return [("bitsPerDimension", nats / log(2))]
        }
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("network", &network) }
}

extension PixelModel: HasExactLikelihood {}

extension Batch {
    /// With black or white pixels, drawn with grey values as the probabilities of white.
    func withDrawnPixels(using generator: inout RandomGenerator) -> Batch {
        var batch = self
        batch.input = generator.bernoulli(probabilities: input)
        batch.target = batch.input
        return batch
    }
}

extension PixelModel: DrawsPixels {
    public var sampleOrigin: String { "Drawn pixel by pixel, each given those before." }

    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        requireNoCondition(condition, "PixelModel")
        return drawn(count, given: nil, using: &generator)
    }

    public func completed(
        _ batch: Batch, keepingRows rows: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        drawn(
            batch.count, after: batch, keepingRows: rows, given: nil, using: &generator)
    }

    /// - Parameters:
    ///   - start: samples of which the first rows are kept.
    ///   - condition: what is known of each image, `[count, conditions]`.
    func drawn(
        _ count: Int, after start: Batch? = nil, keepingRows rows: Int = 0,
        given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        guard 0...image.size.height ~= rows else {
            programmerError(
                "PixelModel", "\(rows) rows kept of images of shape \(image.shape)")
        }
        let (height, width) = (image.size.height, image.size.width)
        var context = PassContext.evaluation(generator)
        let kept = start.map { images(prepared($0, in: &context).input) }
        generator = context.generator
        let inputs = pixels.inputs(channels: image.channels)
        var pass = PixelByPixel(width: width)
        var finished: [Tensor] = []
        var above = Tensor.zeros([count, inputs, 1, width], dataType: dataType)
        var before = Tensor.zeros([count, inputs], dataType: dataType)
        for row in 0..<height {
            pass.beginRow()
            let seen = network.rows(above, given: condition, in: &pass)
            let own: [Tensor] = (0..<width).map { column in
                pass.begin(column: column)
                let outputs = network.pixels(before, below: seen, given: condition, in: &pass)
                let value =
                    if row < rows, let kept {
                        kept[0..., 0..., row, column]
                    } else {
                        pixels.drawn(
                            outputs, channels: image.channels, by: choice, using: &generator)
                    }
                before = pixels.features(of: value)
                return value
            }
            finished.append(stacked(own, axis: 2))
            above = pixels.features(of: finished[row].expandingAxis(2))
        }
        return stacked(finished, axis: 2).reshaped([count] + sampleShape)
    }
}

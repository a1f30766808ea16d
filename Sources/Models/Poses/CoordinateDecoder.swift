import Autograd
import Distributions

/// A decoder of images that draws a thing in a pose: pixel by pixel it asks what is at the place of the
/// thing that the pose puts there.
public struct CoordinateDecoder: DecoderNetwork {
    /// Says what is where.
    public var network: CoordinateNetwork
    /// Of what the network says.
    public var likelihood: ChosenDecoder<Sequential>
    /// Which numbers of a code are the pose.
    public let layout: PoseLayout
    /// The share of an image's pixels that a training pass looks at, drawn anew for each: log-likelihoods
    /// are as many times greater, so that their means are those of all pixels.
    public let share: Double
    private let image: ImageShape
    private let sampleShape: [Int]

    /// Traps if the samples are no images, or the share is not above 0 and at most 1.
    public init(
        _ network: CoordinateNetwork, likelihood: ChosenDecoder<Sequential>, layout: PoseLayout,
        sampleShape: [Int], share: Double = 1
    ) {
        guard share > 0, share <= 1 else {
            programmerError("CoordinateDecoder", "a share of \(share) of the pixels")
        }
        (self.network, self.likelihood, self.layout) = (network, likelihood, layout)
        (self.share, self.sampleShape) = (share, sampleShape)
        image = ImageShape(of: sampleShape, for: "CoordinateDecoder")
    }

    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> AnyDistribution {
        let (height, width) = (image.size.height, image.size.width)
        let pixels = pixelCoordinates(height: height, width: width, dataType: code.dataType)
        // Sound: a share of a count.
        let count = max(1, Int((share * Double(height * width)).rounded()))
        let isPart = context.isTraining && count < height * width
        let chosen =
            isPart
            ? Tensor(context.generator.permutation(height * width).prefix(count).map { Int32($0) })
            : nil
        let points = chosen.map { pixels.gathered(at: $0) } ?? pixels
        let said = network(
            layout.poses(of: code).places(of: points), layout.content(of: code), in: &context)
        guard let chosen else { return likelihood(image(of: said), in: &context) }
        return AnyDistribution(
            SomePixels(likelihood(said, in: &context), at: chosen, of: sampleShape))
    }

    /// Pixels, `[batch, height * width, channels]`, as images.
    private func image(of pixels: Tensor) -> Tensor {
        let shape = [pixels.shape[0], image.size.height, image.size.width]
        guard sampleShape.count == 3 else { return pixels.reshaped(shape) }
        return pixels.reshaped(shape + [image.channels]).transposed([0, 3, 1, 2])
    }

    public var steps: [NetworkStep]? {
        guard let said = network.steps, let likelihood = likelihood.steps else { return nil }
        let byChannel = NetworkStep("transpose") { _, input in input.transposed([0, 2, 1]) }
        return [.places(in: image.size, layout)] + said + [byChannel, .reshape(sampleShape)]
            + likelihood
    }

    public var codeNames: [String] { layout.names }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("network", &network)
        visitor("likelihood", &likelihood)
    }
}

/// A distribution of images of which only some pixels are known: log-probabilities are those of these
/// pixels, times as many as stand for all.
struct SomePixels: Distribution {
    private let known: AnyDistribution
    private let places: Tensor
    private let sampleShape: [Int]

    /// - Parameters:
    ///   - known: of pixels, `[batch, places, channels]`.
    ///   - places: among the pixels of an image, row by row.
    init(_ known: AnyDistribution, at places: Tensor, of sampleShape: [Int]) {
        (self.known, self.places, self.sampleShape) = (known, places, sampleShape)
    }

    var shape: [Int] { [known.shape[0]] + sampleShape }
    var dataType: DataType { known.dataType }
    var eventRank: Int { sampleShape.count }
    var support: ClosedRange<Double> { known.support }

    // Of the other pixels nothing is known.
    var mean: Tensor { Tensor(repeating: .nan, shape: shape, dataType: dataType) }
    var variance: Tensor { mean }
    func sample(_ draws: [Int], using generator: inout RandomGenerator) -> Tensor {
        Tensor(repeating: .nan, shape: draws + shape, dataType: dataType)
    }

    func logProbability(of x: Tensor) -> Tensor {
        let pixels = sampleShape.suffix(2).reduce(1, *)
        let leading = Array(x.shape.dropLast(sampleShape.count))
        let all = x.reshaped([-1, sampleShape.count == 3 ? sampleShape[0] : 1, pixels])
        let some = all.gathered(at: places, axis: 2).transposed([0, 2, 1])
        let ratio = Double(pixels) / Double(places.count)
        return ratio
            * known.logProbability(of: some.reshaped(leading + known.shape.dropFirst()))
    }
}

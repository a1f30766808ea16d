import Autograd

/// A model that restores what a degradation takes from pictures.
///
/// ```swift
/// let model = Restoring(network, from: Greying(), of: [3, 32, 32])
/// ```
///
/// Trained on clean pictures alone: the network sees them degraded, and they are its target. As
/// an autoencoder its encoder is the degradation, which has nothing to learn, its code what that
/// leaves of a picture.
public struct Restoring<Network: PictureTransformer>: PictureRestorer {
    public var network: Network
    public let degradation: any Corruption
    private let sampleShape: [Int]

    /// - Parameter sampleShape: of a clean picture, `[height, width]` or
    ///   `[channels, height, width]`.
    public init(_ network: Network, from degradation: some Corruption, of sampleShape: [Int]) {
        self.network = network
        self.degradation = degradation
        self.sampleShape = sampleShape
    }

    public var transformer: any PictureTransformer { network }

    /// In an evaluation the quality of the restored pictures is measured, and that of the degraded.
    public func pass(_ input: Tensor, target: Tensor, in context: inout Context) -> Pass {
        let degraded = degraded(input, using: &context.generator)
        let restored = network(degraded, in: &context)
        let model = self
        return Pass(
            input: degraded, target: target, posterior: Point(degraded), code: degraded,
            output: Gaussian(mean: restored.reshaped(target.shape), scale: 1), in: &context,
            encode: { $0 },
            measures: { model.quality(of: restored, from: degraded, truth: target) })
    }

    public func degraded(_ samples: Tensor, using generator: inout RandomGenerator) -> Tensor {
        degradation(asPictures(samples), using: &generator)
    }

    /// Pictures degraded, with the same random numbers each time.
    public func encode(_ input: Tensor) -> Tensor {
        var generator = RandomGenerator(seed: 0)
        return degraded(input, using: &generator)
    }

    public func decode(_ code: Tensor) -> Tensor {
        network(code).reshaped([code.shape[0]] + sampleShape)
    }

    /// Means over the pictures of how good they are, with values clipped to 0 … 1. A picture
    /// without any error counts as 100 decibels; where pictures are too small for the window of
    /// the structural similarity, it is left out.
    private func quality(
        of restored: Tensor, from degraded: Tensor, truth: Tensor
    ) -> [(name: String, value: Double)] {
        let truth = asPictures(truth)
        func mean(_ values: Tensor) -> Double { minimum(values, 100).mean().scalar }
        let candidates = [("", restored), ("Before", network.baseline(degraded))]
        return candidates.flatMap { suffix, pictures in
            let pictures = clamp(stopGradient(pictures), from: 0, through: 1)
            var measures = [("psnr" + suffix, mean(peakSignalToNoiseRatio(pictures, truth)))]
            if truth.shape.suffix(2).allSatisfy({ $0 >= structuralSimilarityWindow }) {
                measures.append(("ssim" + suffix, mean(structuralSimilarity(pictures, truth))))
            }
            return measures
        }
    }

    private func asPictures(_ samples: Tensor) -> Tensor {
        guard samples.shape.dropFirst() == sampleShape[...], let picture = PictureShape(sampleShape)
        else {
            programmerError(
                "Restoring",
                "samples of shape \(samples.shape), expected pictures of \(sampleShape)")
        }
        return samples.reshaped([-1] + picture.shape)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("network", &network) }
}

/// A ``Restoring`` model of any network.
public protocol PictureRestorer: AutoencoderModel {
    /// What it restores pictures by, of any size.
    var transformer: any PictureTransformer { get }
    /// What is left of samples `[batch, …]`: pictures `[batch, channels, height, width]`.
    func degraded(_ samples: Tensor, using generator: inout RandomGenerator) -> Tensor
}

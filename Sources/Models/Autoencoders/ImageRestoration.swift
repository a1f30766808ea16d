import Autograd
import Datasets

/// A model that restores degraded images.
///
/// ```swift
/// let model = ImageRestoration(network, from: Greying(), of: [3, 32, 32])
/// ```
///
/// Trained on clean images only: the network sees them degraded, and the clean ones are its target.
public struct ImageRestoration<Network: ImageTransformer>: Restores, Trainable {
    /// The network that restores degraded images.
    public var network: Network
    /// The degradation that it undoes.
    public let degradation: any Corruption
    private let sampleShape: [Int]

    /// - Parameter sampleShape: of a clean image, `[height, width]` or
    ///   `[channels, height, width]`.
    public init(_ network: Network, from degradation: some Corruption, of sampleShape: [Int]) {
        self.network = network
        self.degradation = degradation
        self.sampleShape = sampleShape
    }

    public var transformer: any ImageTransformer { network }

    public func callAsFunction(_ batch: Batch, in context: inout PassContext) -> RestorationOutput {
        let degraded = degraded(batch.input, using: &context.generator)
        let restored = network(degraded, in: &context)
        return RestorationOutput(
            degraded: degraded, restored: restored,
            likelihood: Independent(
                Normal(mean: restored.reshaped(batch.target.shape), scale: 1)))
    }

    /// The quality of the restored images and, for comparison, of the baseline (suffix `Before`).
    public func additionalMetrics(
        of pass: ForwardPass<RestorationOutput>
    ) -> [(name: String, value: Double)] {
        quality(of: pass.restored, from: pass.degraded, truth: pass.target)
    }

    public func degraded(_ samples: Tensor, using generator: inout RandomGenerator) -> Tensor {
        degradation(asImages(samples), using: &generator)
    }

    /// Samples, degraded with the same random numbers each time, then restored.
    public func reconstruct(_ batch: Batch) -> Tensor {
        var generator = RandomGenerator(seed: 0)
        return network(degraded(batch.input, using: &generator))
            .reshaped([batch.count] + sampleShape)
    }

    /// Mean quality over the images, with values clipped to 0 … 1. An image without any error
    /// counts as 100 decibels; the structural similarity is left out if images are too small for
    /// its window.
    private func quality(
        of restored: Tensor, from degraded: Tensor, truth: Tensor
    ) -> [(name: String, value: Double)] {
        let truth = asImages(truth)
        func mean(_ values: Tensor) -> Double { minimum(values, 100).mean().scalar }
        let candidates = [("", restored), ("Before", network.baseline(degraded))]
        return candidates.flatMap { suffix, images in
            let images = clamp(stopGradient(images), from: 0, through: 1)
            var measures = [("psnr" + suffix, mean(peakSignalToNoiseRatio(images, truth)))]
            if truth.shape.suffix(2).allSatisfy({ $0 >= structuralSimilarityWindow }) {
                measures.append(("ssim" + suffix, mean(structuralSimilarity(images, truth))))
            }
            return measures
        }
    }

    private func asImages(_ samples: Tensor) -> Tensor {
        guard samples.shape.dropFirst() == sampleShape[...], let image = ImageShape(sampleShape)
        else {
            programmerError(
                "ImageRestoration",
                "samples of shape \(samples.shape), expected images of \(sampleShape)")
        }
        return samples.reshaped([-1] + image.shape)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("network", &network) }
}

/// The output of a pass of an ``ImageRestoration`` model.
public struct RestorationOutput: HasLikelihood {
    /// The degraded images, `[batch, channels, height, width]`.
    public let degraded: Tensor
    /// The restored images, `[batch, channels, height, width]`.
    public let restored: Tensor
    /// Of the clean images.
    public let likelihood: Independent<Normal>
}

/// A model that undoes a degradation of images of any size.
public protocol Restores: Reconstructs {
    /// The network that restores images.
    var transformer: any ImageTransformer { get }
    /// Samples `[batch, …]`, degraded: images `[batch, channels, height, width]`.
    func degraded(_ samples: Tensor, using generator: inout RandomGenerator) -> Tensor
}

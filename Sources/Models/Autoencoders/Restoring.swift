import Autograd
import Datasets

/// A model that restores what a degradation takes from pictures.
///
/// ```swift
/// let model = Restoring(network, from: Greying(), of: [3, 32, 32])
/// ```
///
/// Trained on clean pictures alone: the network sees them degraded, and they are its target.
public struct Restoring<Network: PictureTransformer>: Restores, Trainable {
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

    public func callAsFunction(_ batch: Batch, in context: inout Context) -> RestorationOutput {
        let degraded = degraded(batch.input, using: &context.generator)
        let restored = network(degraded, in: &context)
        return RestorationOutput(
            degraded: degraded, restored: restored,
            likelihood: Gaussian(mean: restored.reshaped(batch.target.shape), scale: 1))
    }

    /// The quality of the restored pictures, and that of the degraded.
    public func measures(
        of pass: Pass<RestorationOutput>
    ) -> [(name: String, value: Double)] {
        quality(of: pass.restored, from: pass.degraded, truth: pass.target)
    }

    public func degraded(_ samples: Tensor, using generator: inout RandomGenerator) -> Tensor {
        degradation(asPictures(samples), using: &generator)
    }

    /// Samples, degraded with the same random numbers each time, and restored.
    public func reconstruct(_ batch: Batch) -> Tensor {
        var generator = RandomGenerator(seed: 0)
        return network(degraded(batch.input, using: &generator))
            .reshaped([batch.count] + sampleShape)
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

/// What a pass of a ``Restoring`` model gives.
public struct RestorationOutput: HasLikelihood {
    /// What was left of the pictures, `[batch, channels, height, width]`.
    public let degraded: Tensor
    /// What the network made of that, `[batch, channels, height, width]`.
    public let restored: Tensor
    /// Of the clean pictures.
    public let likelihood: Gaussian
}

/// A model that undoes what a degradation does to pictures, of any size.
public protocol Restores: Reconstructs {
    /// What it restores pictures by.
    var transformer: any PictureTransformer { get }
    /// What is left of samples `[batch, …]`: pictures `[batch, channels, height, width]`.
    func degraded(_ samples: Tensor, using generator: inout RandomGenerator) -> Tensor
}

import Autograd
import Datasets

/// A model whose outputs can start at the mean of the samples, so that it need not learn first what is
/// common to all of them (as Burda's program for arXiv:1509.00519 does).
///
/// ```swift
/// var model = LatentVariableModel(encoder: encoder, decoder: BernoulliDecoder(head))
/// model.startOutput(atMeanOf: dataset.training)
/// ```
public protocol StartsAtMean: Module {
    /// Gives the biases of the last layer values with which codes that say nothing are decoded to these
    /// means: each element has its own behind a dense layer, each channel behind a convolution. Those
    /// of probabilities are limited to 0.001 … 0.999, as the logit has to be finite; a continuous
    /// Bernoulli likelihood starts at the same logits, and so nearer to one half. Traps if the last
    /// layer has no biases, or others than samples of this shape have.
    ///
    /// - Parameter mean: of the shape of a sample.
    mutating func startOutput(at mean: Tensor)
}

extension StartsAtMean {
    /// Starts the outputs at the mean of samples.
    public mutating func startOutput(atMeanOf samples: Examples) {
        startOutput(at: samples.mean())
    }
}

// MARK: - Models

extension Autoencoder: StartsAtMean where D: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { decoder.startOutput(at: mean) }
}

extension LatentVariableModel: StartsAtMean where D: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { decoder.startOutput(at: mean) }
}

extension LadderNetwork: StartsAtMean where D: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { decoder.startOutput(at: mean) }
}

extension Denoising: StartsAtMean where Model: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { model.startOutput(at: mean) }
}

extension Scaled: StartsAtMean where Model: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) {
        model.startOutput(at: scale?.scaled(mean) ?? mean)
    }
}

// MARK: - Decoders

extension BernoulliDecoder: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { head.startOutput(at: mean, logit) }
}

extension ContinuousBernoulliDecoder: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { head.startOutput(at: mean, logit) }
}

extension DiscretizedLogisticDecoder: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { head.startOutput(at: mean) }
}

extension GaussianDecoder: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { head.startOutput(at: mean) }
}

extension OptimalGaussianDecoder: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { head.startOutput(at: mean) }
}

extension LaplaceDecoder: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { head.startOutput(at: mean) }
}

extension StudentTDecoder: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { head.startOutput(at: mean) }
}

extension ChosenDecoder: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) {
        func started<Decoder: StartsAtMean>(_ decoder: Decoder) -> Decoder {
            var decoder = decoder
            decoder.startOutput(at: mean)
            return decoder
        }
        self =
            switch self {
            case .bernoulli(let decoder): .bernoulli(started(decoder))
            case .continuousBernoulli(let decoder): .continuousBernoulli(started(decoder))
            case .discretizedLogistic(let decoder): .discretizedLogistic(started(decoder))
            case .gaussian(let decoder): .gaussian(started(decoder))
            case .optimalGaussian(let decoder): .optimalGaussian(started(decoder))
            case .laplace(let decoder): .laplace(started(decoder))
            case .studentT(let decoder): .studentT(started(decoder))
            }
    }
}

/// The logits of probabilities, which are limited first.
private func logit(_ probabilities: Tensor) -> Tensor {
    let limited = clamp(probabilities, from: 0.001, through: 0.999)
    return log(limited / (1 - limited))
}

import Autograd
import Datasets
import Distributions

/// A variational autoencoder of what images show in front of a background, such as faces: beside the image
/// it predicts a mask, 1 where the foreground is (Toledo and Antonelo, "Face Reconstruction with Variational
/// Autoencoder and Face Masks", arXiv:2112.02139).
///
/// In passes the background of the output is that of the input, by the true mask of the batch
/// (``Batch/region``) or, without one, by an ellipse in the middle: so every error is one of the foreground,
/// and codes need say nothing of the rest. A trained model puts what it decodes in front of the input
/// by the mask that it predicts.
public struct ForegroundModel<E: VariationalEncoder, Head: Layer>: Trainable {
    /// From images to posteriors of codes.
    public var encoder: E
    /// From codes to logits, `[batch, channels + 1, height, width]`: of the image, then of the mask.
    public var head: Head
    /// Of images, `[height, width]` or `[channels, height, width]`.
    public let sampleShape: [Int]

    /// Traps unless samples are images.
    public init(encoder: E, head: Head, sampleShape: [Int]) {
        _ = ImageShape(of: sampleShape, for: "ForegroundModel")
        (self.encoder, self.head, self.sampleShape) = (encoder, head, sampleShape)
    }

    private var image: ImageShape { ImageShape(of: sampleShape, for: "ForegroundModel") }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> ForegroundOutput {
        let (start, encoder) = (context, encoder)
        let posterior = encoder(batch.input, in: &context)
        let draw = encoder.draw(1, from: posterior, using: &context.generator)
        let mask = mask(of: batch)
        let decoded = decoded(draw.code, in: &context)
        return ForegroundOutput(
            likelihood: Independent(
                Normal(mean: composed(decoded.image, mask, batch.target), scale: 1),
                axes: sampleShape.count),
            maskLogits: decoded.maskLogits, trueMask: mask,
            latentVariables: [
                LatentVariable(
                    posterior: posterior, draw: draw)
            ],
            encoderInput: batch.input,
            encode: { input in
                var context = start
                return encoder.centre(of: encoder(input, in: &context))
            })
    }

    /// How far the predicted mask covers the true one: their intersection by their union.
    public func additionalMetrics(of pass: ForwardPass<ForegroundOutput>) -> [(
        name: String, value: Double
    )] {
        let (found, truth) = (pass.maskLogits .> 0, pass.trueMask .> 0.5)
        func count(_ marks: Tensor) -> Tensor {
            marks.cast(to: .float64).flattened().sum(axes: [1])
        }
        let both = count(found .& truth)
        return [
            ("maskOverlap", (both / maximum(count(found .| truth), 1)).mean().scalar)
        ]
    }

    // MARK: Parts

    /// The image that a code says, `[batch, …]`, and the logits of its mask, `[batch, height, width]`.
    private func decoded(
        _ code: Tensor, in context: inout PassContext
    ) -> (image: Tensor, maskLogits: Tensor) {
        let output = head(code, in: &context)
        let channels = image.channels
        return (
            sigmoid(output.sliced(axis: 1, 0..<channels)).reshaped([code.shape[0]] + sampleShape),
            output.sliced(axis: 1, channels..<channels + 1).squeezed(axes: [1])
        )
    }

    /// The true masks of a batch, `[batch, height, width]`.
    private func mask(of batch: Batch) -> Tensor {
        let (height, width) = (image.size.height, image.size.width)
        let shape = [batch.count, height, width]
        if let region = batch.region {
            guard region.shape == shape else {
                programmerError(
                    "ForegroundModel", "masks of shape \(region.shape), expected \(shape)")
            }
            return region.cast(to: batch.input.dataType)
        }
        return centredEllipse(image.size).cast(to: batch.input.dataType).broadcast(to: shape)
    }

    /// The first where the mask is 1, the second where it is 0.
    private func composed(_ front: Tensor, _ mask: Tensor, _ back: Tensor) -> Tensor {
        let mask = image.shape.count == sampleShape.count ? mask.expandingAxis(1) : mask
        return mask * front + (1 - mask) * back
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("head", &head)
    }
}

/// 1 within the ellipse in the middle that is nine tenths as high and eight tenths as wide as an image, else
/// 0, `[height, width]`: where a face is, roughly, in a picture of it.
func centredEllipse(_ size: Size2D) -> Tensor {
    let elements = (0..<size.height * size.width).map { index -> Float in
        func place(_ position: Int, _ side: Int, _ share: Double) -> Double {
            (2 * (Double(position) + 0.5) / Double(side) - 1) / share
        }
        let y = place(index / size.width, size.height, 0.9)
        let x = place(index % size.width, size.width, 0.8)
        return x * x + y * y <= 1 ? 1 : 0
    }
    return Tensor(elements, shape: [size.height, size.width])
}

/// The output of a pass of a ``ForegroundModel``.
public struct ForegroundOutput: HasLikelihood, HasLatentVariables, HasEncoder, HasMask {
    /// Of the image with the background of the target.
    public let likelihood: Independent<Normal>
    public let maskLogits: Tensor
    public let trueMask: Tensor
    public let latentVariables: [LatentVariable]
    public let encoderInput: Tensor
    public let encode: @Sendable (Tensor) -> Tensor

    public var code: Tensor { latentVariables[0].code }
}

// MARK: - What it can do

extension ForegroundModel: DescribesDecoder {
    /// In front of a middle grey.
    public var decoderSteps: [NetworkStep]? {
        let channels = image.channels
        let composed = NetworkStep("foreground") { _, output in
            let seen = sigmoid(output.sliced(axis: 1, channels..<channels + 1))
            return 0.5 + seen * (sigmoid(output.sliced(axis: 1, 0..<channels)) - 0.5)
        }
        return head.steps.map { $0 + [composed, .reshape(sampleShape)] }
    }
}

extension ForegroundModel: Encodes, DecodesOnto, Reconstructs {
    public func encode(_ batch: Batch) -> Tensor { encoder.centre(of: encoder(batch.input)) }

    /// In front of a middle grey.
    public func decode(_ code: Tensor) -> Tensor {
        decode(code, onto: Tensor(0.5, dataType: code.dataType))
    }

    public func decode(_ code: Tensor, onto samples: Tensor) -> Tensor {
        var context = PassContext.evaluation
        let decoded = decoded(code, in: &context)
        return composed(decoded.image, sigmoid(decoded.maskLogits), samples)
    }

    public func reconstruct(_ batch: Batch) -> Tensor {
        decode(encode(batch), onto: batch.input)
    }
}

extension ForegroundModel: Generates {
    public var codePrior: CodePrior { .standardNormal }

    /// Traps if a condition is given.
    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        requireNoCondition(condition, "ForegroundModel")
        return decode(generator.normal([count, encoder.latentSize], dataType: dataType))
    }
}

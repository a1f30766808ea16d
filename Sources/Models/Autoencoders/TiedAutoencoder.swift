import Autograd
import Datasets

/// An autoencoder of one layer whose decoder uses the transposed weights of the encoder, so that
/// both share one parameter: W to the code and Wᵀ back.
///
///     code = activation(x Wᵀ + b)        values = code W + c
public struct TiedAutoencoder<Activation: Layer, D: DecoderNetwork>: TiedLayer {
    /// W, `[latentSize, elements]`.
    public var weight: Tensor
    /// b, `[latentSize]`.
    public var codeBias: Tensor
    /// c, `[elements]`.
    public var outputBias: Tensor
    /// From the encoder's pre-activations to the code, of the same shape.
    public var activation: Activation
    /// From the values, `[batch, elements]`, to a likelihood of the samples.
    public var output: D

    /// - Parameters:
    ///   - activation: of the code, such as `Activation(.sigmoid)`, or `Sequential {}` for none.
    ///   - output: turns the values into a likelihood, such as
    ///     `BernoulliDecoder(Reshape([28, 28]))`, for which they are logits.
    public init(
        elements: Int, latentSize: Int, activation: Activation, output: D,
        using generator: inout RandomGenerator
    ) {
        weight = Initializer.glorotUniform(
            [latentSize, elements], fanIn: elements, fanOut: latentSize, using: &generator)
        codeBias = Tensor.zeros([latentSize])
        outputBias = Tensor.zeros([elements])
        self.activation = activation
        self.output = output
    }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> AutoencoderOutput<PointMass, D.Output> {
        let (start, model) = (context, self)
        let code = code(of: batch.input, in: &context)
        return AutoencoderOutput(
            posterior: PointMass(code), code: code,
            likelihood: output(values(of: code), in: &context),
            encoderInput: batch.input,
            encode: { input in
                var context = start
                return model.code(of: input, in: &context)
            },
            decode: { model.decode($0) },
            decoderParameters: { [model.weight, model.outputBias] })
    }

    public func encode(_ batch: Batch) -> Tensor {
        var context = PassContext.evaluation
        return code(of: batch.input, in: &context)
    }

    public func decode(_ code: Tensor) -> Tensor { output(values(of: code)).mean }

    private func code(of input: Tensor, in context: inout PassContext) -> Tensor {
        activation(
            matmul(input.flattened(), weight, transposingRight: true) + codeBias, in: &context)
    }

    private func values(of code: Tensor) -> Tensor { matmul(code, weight) + outputBias }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("weight", &weight)
        visitor("codeBias", &codeBias)
        visitor("outputBias", &outputBias)
        visitor("activation", &activation)
        visitor("output", &output)
    }
}

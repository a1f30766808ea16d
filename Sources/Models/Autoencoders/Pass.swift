import Autograd

/// What one pass of a batch through an autoencoder has given: all that the terms of an
/// objective may look at.
public struct Pass: Sendable {
    /// What the encoder saw, `[batch, …]`.
    public let input: Tensor
    /// What is to be reconstructed: the input itself, or for example the input before it was
    /// corrupted.
    public let target: Tensor
    /// What the encoder said of the codes.
    public let posterior: any Latent
    /// The codes that were decoded: samples of the posterior.
    public let code: Tensor
    /// What the decoder said of the target.
    public let output: any Likelihood
    /// The encoder as this pass used it (in its mode, with its random numbers), from inputs to
    /// mean codes: for terms that differentiate it.
    public let encode: @Sendable (Tensor) -> Tensor
    /// A source of random numbers for terms that need some: of its own for each pass.
    public let generator: RandomGenerator
    /// What an evaluation measures besides the objective: means over the samples.
    public private(set) var measures: @Sendable () -> [(name: String, value: Double)]

    /// - Parameter context: of the pass, whose generator gives off that of the terms.
    public init(
        input: Tensor, target: Tensor, posterior: any Latent, code: Tensor,
        output: any Likelihood, in context: inout Context,
        encode: @escaping @Sendable (Tensor) -> Tensor,
        measures: @escaping @Sendable () -> [(name: String, value: Double)] = { [] }
    ) {
        self.input = input
        self.target = target
        self.posterior = posterior
        self.code = code
        self.output = output
        self.encode = encode
        generator = context.generatorForTerms()
        self.measures = measures
    }

    /// The same pass, of which an evaluation measures more.
    func measuring(
        _ more: @escaping @Sendable () -> [(name: String, value: Double)]
    ) -> Pass {
        var pass = self
        pass.measures = { [measures] in measures() + more() }
        return pass
    }
}

import Autograd
import Datasets
import Distributions

/// A distribution that is fitted to the codes of a trained model, to draw new codes from: where the codes
/// of samples do not fill the model's own prior, or there is none (Ghosh et al., arXiv:1903.12436; in two
/// stages Dai and Wipf, "Diagnosing and Enhancing VAE Models", arXiv:1903.05789).
public struct FittedPrior: Sendable {
    /// Which kind of distribution.
    public enum Kind: String, NamedOptionValue {
        /// A normal distribution with full covariance.
        case normal
        /// A mixture of ten normal distributions with full covariances.
        case mixture
        /// A second variational autoencoder, of the codes.
        case autoencoder
        /// A masked autoregressive flow (Papamakarios et al., arXiv:1705.07057).
        case flow
    }

    private let shape: [Int]
    private let centre: Tensor
    private let unit: Tensor
    private let draw: @Sendable (Int, inout RandomGenerator) -> Tensor
    private let density: @Sendable (Tensor) -> Tensor?

    /// Fits a distribution. Traps unless there is a code, or if one is not finite.
    ///
    /// - Parameters:
    ///   - codes: `[count, …]`.
    ///   - seed: of all random numbers.
    ///   - monitor: called while a network is trained; an error that it throws ends the work.
    public init(
        _ kind: Kind, to codes: Tensor, seed: UInt64 = 0,
        monitor: ProgressMonitor<some Error> = .silent
    ) throws {
        guard codes.rank > 1, codes.count > 0 else {
            programmerError("FittedPrior", "codes of shape \(codes.shape)")
        }
        requireFinite(codes, "FittedPrior", "code")
        shape = Array(codes.shape.dropFirst())
        // Networks learn of standardised codes.
        let flat = codes.flattened().cast(to: .float32)
        let centre = flat.mean(axes: [0])
        let unit = sqrt(square(flat - centre).mean(axes: [0])) + 1e-6
        (self.centre, self.unit) = (centre, unit)
        let standard = (flat - centre) / unit
        var generator = RandomGenerator(seed: seed)
        switch kind {
        case .normal, .mixture:
            let components = kind == .normal ? 1 : min(10, standard.shape[0])
            let mixture = NormalMixture(of: standard, components: components, using: &generator)
            draw = { mixture.sample($0, using: &$1).cast(to: .float32) }
            density = { mixture.logDensity(of: $0) }
        case .autoencoder:
            let model = try Self.trained(
                Self.secondStage(standard.shape[1], &generator),
                Reconstruction() + Annealing.linear(until: 0.5) * KullbackLeibler(), standard,
                seed, monitor)
            // Their noise is a part of the codes.
            draw = { count, generator in
                var context = PassContext.evaluation
                let code = model.prior(for: model.encoder, in: &context)
                    .sample([count], using: &generator)
                return model.decoder(code).sample(using: &generator)
            }
            density = { _ in nil }
        case .flow:
            let size = standard.shape[1]
            let model = try Self.trained(
                AutoregressiveDensity(size: size, using: &generator), NegativeLogDensity(),
                standard,
                seed, monitor)
            draw = { model.distribution.sample([$0], using: &$1) }
            density = { model.distribution.logProbability(of: $0) }
        }
    }

    /// New codes, `[count, …]`.
    public func sample(_ count: Int, using generator: inout RandomGenerator) -> Tensor {
        (draw(count, &generator) * unit + centre).reshaped([count] + shape)
    }

    /// The log-densities of codes in nats, `[count]`; nil if they are not known.
    public func logDensity(of codes: Tensor) -> Tensor? {
        let standard = (codes.flattened().cast(to: .float32) - centre) / unit
        return density(standard).map { $0 - log(unit).sum().cast(to: $0.dataType) }
    }

    private static func secondStage(
        _ size: Int, _ generator: inout RandomGenerator
    ) -> LatentVariableModel<
        GaussianEncoder<MultilayerPerceptron>, StandardNormalPrior,
        GaussianDecoder<MultilayerPerceptron>
    > {
        let body = MultilayerPerceptron(
            [size, 256, 256], outputActivation: .relu, using: &generator)
        let head = MultilayerPerceptron([size, 256, 256, size], using: &generator)
        return LatentVariableModel(
            encoder: GaussianEncoder(body, features: 256, latentSize: size, using: &generator),
            decoder: GaussianDecoder(head, scale: .learned))
    }

    /// Trained in about 2,000 steps of 256 codes.
    private static func trained<Model: Trainable>(
        _ model: Model, _ objective: some ObjectiveComponent<Model.Output>, _ codes: Tensor,
        _ seed: UInt64, _ monitor: ProgressMonitor<some Error>
    ) throws -> Model {
        let batches = (codes.shape[0] + 255) / 256
        let epochs = max(1, min(500, 2000 / batches))
        var trainer = Trainer(
            model, objective: objective, optimizer: Adam(for: model, learningRate: 1e-3),
            plan: TrainingPlan(
                epochs: epochs, batchSize: 256, seed: seed,
                schedule: .cosine(steps: epochs * batches)))
        try trainer.train(on: Examples(codes), monitor: monitor)
        return trainer.model
    }
}

/// A model of vectors by a masked autoregressive flow: three functions, each with its components in the
/// order opposite to the one before.
struct AutoregressiveDensity: Trainable {
    private var networks: [AutoregressiveNetwork]
    private let size: Int

    init(size: Int, using generator: inout RandomGenerator) {
        self.size = size
        networks = [false, true, false].map { isReversed in
            AutoregressiveNetwork(
                components: size, hiddenSizes: [128], outputs: 2, isReversed: isReversed,
                using: &generator)
        }
    }

    var distribution: Transformed<Independent<Normal>, Chain> {
        let functions = networks.map { network in
            Inverted(
                AutoregressiveFunction { x in
                    var context = PassContext.evaluation
                    let outputs = network(x, in: &context)
                    return (
                        outputs[.ellipsis, 0, 0...],
                        softlyBounded(outputs[.ellipsis, 1, 0...], to: 5)
                    )
                })
        }
        return Transformed(
            Independent(Normal.standard([size], dataType: dataType), axes: 1),
            by: Chain(functions))
    }

    func callAsFunction(_ batch: Batch, in context: inout PassContext) -> LogDensityOutput {
        LogDensityOutput(logDensity: distribution.logProbability(of: batch.input))
    }

    mutating func visit(_ visitor: inout ModuleVisitor) { visitor("networks", &networks) }
}

/// The log-density of each sample, `[batch]`.
struct LogDensityOutput: Sendable {
    let logDensity: Tensor
}

/// The negative log-density of the samples, in nats.
struct NegativeLogDensity: ObjectiveTerm {
    var name: String { "negativeLogDensity" }
    func callAsFunction(_ pass: ForwardPass<LogDensityOutput>) -> Tensor { -pass.logDensity }
}

import Autograd

/// A recipe of a variational autoencoder: what such recipes have in common, so that each is the
/// composition of the parts in which it differs.
public protocol VariationalRecipe: NetworkRecipe {
    /// The weight of the divergence.
    var beta: Double { get }
    /// How the divergence costs.
    var divergence: DivergenceOptions { get }
}

extension OptionDeclaration<Double> {
    /// For a recipe's ``VariationalRecipe/beta``.
    public static let beta = OptionDeclaration(
        "weight of the Kullback-Leibler divergence", in: 0...)
}

extension VariationalRecipe {
    /// Dense, where it is no option.
    public var network: NetworkOptions { NetworkOptions() }

    public func validateTogether() throws(OptionError) { try divergence.validateTogether() }

    /// The negative evidence lower bound, with the divergence weighted as the options say.
    func objective<Output: HasLikelihood & HasLatentVariables>() -> Objective<Output> {
        Reconstruction() + beta * divergence.term()
    }

    /// A model with an encoder and a prior, and its training by the evidence lower bound
    /// with these options.
    func program(
        _ encoder: some VariationalEncoder, prior: some Prior = StandardNormalPrior(),
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let output = output.chosen(for: data)
        let model = LatentVariableModel(
            encoder: encoder, prior: prior, decoder: decoder(output, using: &generator))
        return SingleObjective(Scaled(model, by: output.scale), objective: objective(), training)
    }
}

extension NetworkRecipe {
    /// A model with normal posteriors and the standard normal prior, and its training by an objective.
    func gaussianProgram(
        _ objective: Objective<VariationalOutput<ChosenDecoder<ChosenNetwork>.Output>>,
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        SingleObjective(
            gaussianModel(for: data, using: &generator), objective: objective, training)
    }

    /// A model with normal posteriors and the standard normal prior.
    func gaussianModel(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> Scaled<
        LatentVariableModel<
            GaussianEncoder<ChosenNetwork>, StandardNormalPrior, ChosenDecoder<ChosenNetwork>
        >
    > {
        let output = output.chosen(for: data)
        let model = LatentVariableModel(
            encoder: gaussianEncoder(for: data, using: &generator),
            decoder: decoder(output, using: &generator))
        return Scaled(model, by: output.scale)
    }

    /// The body of an encoder, from samples to the last hidden layer.
    ///
    /// - Parameter conditions: how many numbers follow each sample.
    func body(
        for data: DataDescription, conditions: Int = 0, activation: ActivationFunction = .relu,
        using generator: inout RandomGenerator
    ) -> ChosenNetwork {
        network.body(
            hiddenSizes, for: data, conditions: conditions, activation: activation,
            outputActivation: activation, using: &generator)
    }

    /// The number of features that the body gives for a sample.
    func features(for data: DataDescription, conditions: Int = 0) -> Int {
        hiddenSizes.last ?? network.features(of: data) + conditions
    }

    /// A decoder with the hidden layers in reverse order.
    ///
    /// - Parameter conditions: how many numbers follow each code.
    func decoder(
        _ output: SampleOutput, conditions: Int = 0, activation: ActivationFunction = .relu,
        using generator: inout RandomGenerator
    ) -> ChosenDecoder<ChosenNetwork> {
        output.decoder(
            network.head(
                [latentSize + conditions] + hiddenSizes.reversed(), for: output.data,
                activation: activation, using: &generator),
            scale: .learned)
    }

    /// An encoder with a normal posterior.
    ///
    /// - Parameter conditions: how many numbers follow each sample.
    func gaussianEncoder(
        for data: DataDescription, conditions: Int = 0, activation: ActivationFunction = .relu,
        using generator: inout RandomGenerator
    ) -> GaussianEncoder<ChosenNetwork> {
        let body = body(
            for: data, conditions: conditions, activation: activation, using: &generator)
        return GaussianEncoder(
            body, features: features(for: data, conditions: conditions), latentSize: latentSize,
            using: &generator)
    }
}

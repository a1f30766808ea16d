import Autograd
import Datasets
import Experiments
import Models

/// The β-VAE whose weight grows over the first steps, as a user writes it: this file is all of it.
struct AnnealedVAE: Recipe {
    static let name = "annealed-vae"
    static let summary = "variational autoencoder with an annealed divergence"
    static let citation = "Bowman et al., arXiv:1511.06349 (2015)"

    @Option("final weight of the divergence", in: 0...) var beta = 1.0
    @Option("steps until the divergence has its full weight", in: 0...1_000_000) var warmUp = 500
    var training = TrainingOptions(epochs: 20)

    func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let body = MultilayerPerceptron(
            [data.elements, 64], outputActivation: .relu, using: &generator)
        let head = MultilayerPerceptron(
            [2, 64, data.elements], outputShape: data.sampleShape, using: &generator)
        let model = LatentVariableModel(
            encoder: GaussianEncoder(body, features: 64, latentSize: 2, using: &generator),
            decoder: BernoulliDecoder(head))
        return SingleObjective(
            model,
            objective: Reconstruction()
                + beta * (Schedule.warmUp(steps: warmUp) * KullbackLeibler()),
            training)
    }
}

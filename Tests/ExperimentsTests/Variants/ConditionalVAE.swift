import Autograd
import Datasets
import Experiments
import Models

/// The conditional variational autoencoder (Sohn, Lee and Yan, 2015), as a user writes it: encoder
/// and decoder are told the class.
struct ConditionalVAE: Trainable, Conditional, Encodes, Reconstructs, Generates {
    var encoder: GaussianEncoder<MultilayerPerceptron>
    var decoder: BernoulliDecoder<MultilayerPerceptron>
    let classes: Int

    struct Output: HasLikelihood, HasLatentVariables {
        let posterior: Independent<Normal>
        let code: Tensor
        let likelihood: Independent<Bernoulli>
        var latentVariables: [LatentVariable] {
            [LatentVariable(posterior: posterior, code: code)]
        }
    }

    func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Output {
        let posterior = encoder(told(batch.input, batch.labels), in: &context)
        let code = posterior.sample(using: &context.generator)
        let likelihood = decoder(told(code, batch.labels), in: &context)
        return Output(posterior: posterior, code: code, likelihood: likelihood)
    }

    private func told(_ values: Tensor, _ labels: Tensor?) -> Tensor {
        guard let labels else { fatalError("a conditional model needs labels") }
        let marks = oneHot(labels, depth: classes, dataType: values.dataType)
        return concatenated([values.flattened(), marks], axis: 1)
    }

    func encode(_ batch: Batch) -> Tensor { encoder(told(batch.input, batch.labels)).mean }

    func reconstruct(_ batch: Batch) -> Tensor {
        decoder(told(encode(batch), batch.labels)).mean
    }

    func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        let labels = condition ?? Tensor((0..<count).map { Int32($0 % classes) })
        return decoder(told(generator.normal([count, encoder.latentSize]), labels)).mean
    }

    mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("encoder", &encoder)
        visitor("decoder", &decoder)
    }
}

struct ConditionalVAERecipe: Recipe {
    static let name = "class-vae"
    static let summary = "variational autoencoder conditioned on the class"
    static let citation = "Sohn, Lee and Yan, NeurIPS (2015)"

    @Option(.latentSize) var latentSize = 8
    var training = TrainingOptions(epochs: 20)

    func requirement(of data: DataDescription) -> String? {
        data.classes == nil ? "a label for each sample" : nil
    }

    func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let classes = data.classes ?? 1
        let body = MultilayerPerceptron(
            [data.elements + classes, 128], outputActivation: .relu, using: &generator)
        let head = MultilayerPerceptron(
            [latentSize + classes, 128, data.elements], outputShape: data.sampleShape,
            using: &generator)
        let model = ConditionalVAE(
            encoder: GaussianEncoder(
                body, features: 128, latentSize: latentSize, using: &generator),
            decoder: BernoulliDecoder(head), classes: classes)
        return SingleObjective(
            model, objective: Reconstruction() + KullbackLeibler(), training)
    }
}

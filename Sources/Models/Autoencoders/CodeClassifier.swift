import Autograd
import Datasets

/// A model with latent variables and a classifier of its codes, which learns beside it from the samples
/// with a label and does not change it: it sees draws of the code in training, and otherwise the mean.
public struct CodeClassifier<Model: AutoencoderModel>: AutoencoderModel, Classifies
where Model.Output: HasLatentVariables {
    /// The model whose codes are classified.
    public var model: Model
    /// From flattened codes to logits of classes.
    public var classifier: MultilayerPerceptron

    /// Adds a classifier to a model that draws one code of each sample.
    public init(_ model: Model, _ classifier: MultilayerPerceptron) {
        (self.model, self.classifier) = (model, classifier)
    }

    /// The output of the model, and logits.
    public struct Output: HasLikelihood, HasLatentVariables, HasLogits {
        /// The output of the model.
        public let base: Model.Output
        public let logits: Tensor
        public var likelihood: Model.Output.TargetLikelihood { base.likelihood }
        public var latentVariables: [LatentVariable] { base.latentVariables }
        public var code: Tensor { base.code }
        public var draws: Draws { base.draws }
    }

    public func prepared(_ batch: Batch, in context: inout PassContext) -> Batch {
        model.prepared(batch, in: &context)
    }

    public func callAsFunction(_ batch: Batch, in context: inout PassContext) -> Output {
        let base = model(batch, in: &context)
        let code = context.isTraining ? base.code : model.encode(batch)
        return Output(base: base, logits: classifier(stopGradient(code), in: &context))
    }

    public func additionalMetrics(of pass: ForwardPass<Output>) -> [(name: String, value: Double)] {
        []
    }

    public func logits(of batch: Batch) -> Tensor { classifier(model.encode(batch)) }
    public func encode(_ batch: Batch) -> Tensor { model.encode(batch) }
    public func decode(_ code: Tensor) -> Tensor { model.decode(code) }
    public func reconstruct(_ batch: Batch) -> Tensor { model.reconstruct(batch) }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor.inline("model", &model)
        visitor("classifier", &classifier)
    }
}

extension CodeClassifier: Generates where Model: Generates {
    public var codePrior: CodePrior { model.codePrior }
    public var sampleOrigin: String { model.sampleOrigin }

    public func sample(
        _ count: Int, given condition: Tensor?, using generator: inout RandomGenerator
    ) -> Tensor {
        model.sample(count, given: condition, using: &generator)
    }
}

extension CodeClassifier: EstimatesLikelihood, Scores where Model: EstimatesLikelihood {
    public func logLikelihood(
        of batch: Batch, using generator: inout RandomGenerator
    ) -> Tensor {
        model.logLikelihood(of: batch, using: &generator)
    }

    public func logWeights(
        of batch: Batch, draws: Int, using generator: inout RandomGenerator
    ) -> Tensor {
        model.logWeights(of: batch, draws: draws, using: &generator)
    }
}

extension CodeClassifier: StartsAtMean where Model: StartsAtMean {
    public mutating func startOutput(at mean: Tensor) { model.startOutput(at: mean) }
}

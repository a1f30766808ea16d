import Autograd
import Datasets

/// A feature extractor followed by a dense layer with one logit for each class.
///
/// ```swift
/// let classifier = Classifier(Encoding(autoencoder), count: 30, classes: 10, using: &generator)
/// var trainer = Trainer(
///     classifier, objective: Objective(Classification()),
///     optimizer: Adam(for: classifier), plan: TrainingPlan(epochs: 10))
/// try trainer.train(on: Examples(images, labels: labels))
/// ```
///
/// The features are trained too, and the held-out metrics include the `classificationError`.
public struct Classifier<Features: Layer>: Trainable, Classifies {
    /// From samples, `[batch, …]`, to features.
    public var features: Features
    /// From features, flattened, to logits.
    public var head: Dense

    /// - Parameters:
    ///   - count: the number of features of a sample.
    ///   - classes: the number of classes.
    public init(
        _ features: Features, count: Int, classes: Int, using generator: inout RandomGenerator
    ) {
        self.features = features
        head = Dense(count, classes, using: &generator)
    }

    /// The logits of the classes in evaluation mode, `[batch, classes]`.
    public func logits(of batch: Batch) -> Tensor {
        head(features(batch.input).flattened())
    }

    public func callAsFunction(
        _ batch: Batch, in context: inout PassContext
    ) -> ClassifierOutput {
        let values = features(batch.input, in: &context)
        return ClassifierOutput(
            code: values, logits: head(values.flattened(), in: &context))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("features", &features)
        visitor("head", &head)
    }
}

/// The output of a pass of a ``Classifier``.
public struct ClassifierOutput: HasCode, HasLogits {
    /// The features.
    public let code: Tensor
    public let logits: Tensor
}

/// The encoder of an autoencoder as a layer, always in evaluation mode: the base of classifiers
/// and other networks.
public struct Encoding<Model: Encodes>: Layer {
    /// The model whose encoder is used.
    public var model: Model

    /// A layer that encodes samples by `model`.
    public init(_ model: Model) { self.model = model }

    /// Encodes samples, `[batch, …]`.
    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        model.encode(input)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("model", &model) }
}

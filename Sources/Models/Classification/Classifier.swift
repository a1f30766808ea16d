import Autograd
import Datasets

/// Features of a sample, and on top of them a dense layer with a logit for each class.
///
/// ```swift
/// let classifier = Classifier(Encoding(autoencoder), count: 30, classes: 10, using: &generator)
/// var trainer = Trainer(
///     classifier, objective: Objective(Classification()),
///     optimizer: Adam(for: classifier), plan: TrainingPlan(epochs: 10))
/// try trainer.train(on: Examples(images, labels: labels))
/// ```
///
/// The features are trained along, and the held-out metrics tell the `classificationError`.
public struct Classifier<Features: Layer>: Trainable, Classifies {
    /// From samples, `[batch, …]`, to features.
    public var features: Features
    /// From features, flattened, to logits.
    public var head: Dense

    /// - Parameters:
    ///   - count: how many numbers the features of a sample are.
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

/// What a pass of a ``Classifier`` gives.
public struct ClassifierOutput: HasCode, HasLogits {
    /// The features.
    public let code: Tensor
    public let logits: Tensor
}

/// The codes of an autoencoder as a layer, in evaluation mode whatever the context: what
/// classifiers and other networks are put on.
public struct Encoding<Model: Encodes>: Layer {
    public var model: Model

    public init(_ model: Model) { self.model = model }

    /// From samples to their codes, `[batch, …]`.
    public func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        model.encode(input)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("model", &model) }
}

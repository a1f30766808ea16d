import Autograd

/// Features of a sample, and on top of them a dense layer with a logit for each class.
///
/// ```swift
/// let classifier = Classifier(Encoding(autoencoder), count: 30, classes: 10, using: &generator)
/// var trainer = Trainer(
///     classifier, objective: Objective(Reconstruction(.crossEntropy)),
///     optimizer: Adam(for: classifier), plan: TrainingPlan(epochs: 10))
/// try trainer.train(on: Samples(images, targets: labels))
/// ```
///
/// The features are trained along, and the held-out metrics tell the `classificationError`.
public struct Classifier<Features: Layer>: Trainable {
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
    public func callAsFunction(_ input: Tensor) -> Tensor {
        head(features(input).flattened())
    }

    /// - Parameter target: class numbers, `int32` `[batch]`, from 0 and below the number of
    ///   classes, or it traps; or probabilities of the classes.
    public func pass(_ input: Tensor, target: Tensor, in context: inout Context) -> Pass {
        if target.dataType == .int32 {
            requireClasses(target, below: head.weight.shape[0], "Classifier")
        }
        let (start, features) = (context, features)
        let values = features(input, in: &context)
        return Pass(
            input: input, target: target, posterior: Point(values), code: values,
            output: Categorical(logits: head(values.flattened(), in: &context)), in: &context,
            encode: { input in
                var context = start
                return features(input, in: &context)
            })
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("features", &features)
        visitor("head", &head)
    }
}

/// The codes of an autoencoder as a layer, in evaluation mode whatever the context: what
/// classifiers and other networks are put on.
public struct Encoding<Model: AutoencoderModel>: Layer {
    public var model: Model

    public init(_ model: Model) { self.model = model }

    /// From samples to their codes, `[batch, …]`.
    public func callAsFunction(_ input: Tensor, in context: inout Context) -> Tensor {
        model.encode(input)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("model", &model) }
}

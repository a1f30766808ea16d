import Autograd
import Distributions
import Foundation

/// An encoder whose codes are several choices among classes, as one-hot vectors, relaxed in training so
/// that gradients flow through the draws (Jang et al., arXiv:1611.01144). Its prior is a
/// ``UniformCategoricalPrior``. Codes are `[batch, variables, classes]`; in evaluation draws are one-hot, and the
/// codes that stand for samples are probabilities.
public struct CategoricalEncoder<Body: Layer>: VariationalEncoder {
    /// From samples, `[batch, …]`, to features.
    public var body: Body
    /// From flattened features to the logits of all variables, one after another.
    public var logits: Dense
    /// The temperature of the relaxation when training begins, and when it ends.
    public let temperatures: (first: Double, last: Double)
    /// Whether draws in training are one-hot, with the gradient of relaxed ones.
    public let isStraightThrough: Bool
    /// The number of classes of a variable.
    public let classes: Int

    /// Traps if there are no variables or classes, or a temperature is not positive.
    ///
    /// - Parameter features: the number of features that the body computes for a sample.
    public init(
        _ body: Body, features: Int, variables: Int, classes: Int,
        temperatures: (first: Double, last: Double) = (1, 0.5), isStraightThrough: Bool = false,
        using generator: inout RandomGenerator
    ) {
        guard variables > 0, classes > 0, temperatures.first > 0, temperatures.last > 0 else {
            programmerError(
                "CategoricalEncoder",
                "\(variables) variables of \(classes) classes at temperatures \(temperatures)")
        }
        self.body = body
        self.classes = classes
        self.temperatures = temperatures
        self.isStraightThrough = isStraightThrough
        logits = Dense(features, variables * classes, using: &generator)
    }

    /// The number of variables.
    public var latentSize: Int { logits.weight.shape[0] / classes }

    public func callAsFunction(
        _ input: Tensor, in context: inout PassContext
    ) -> Independent<GumbelSoftmax> {
        let features = body(input, in: &context).flattened()
        let logits = logits(features, in: &context).reshaped([input.shape[0], -1, classes])
        // Lower by the same factor in equal times.
        let (first, last) = temperatures
        let temperature = first * pow(last / first, context.progress)
        let training: GumbelSoftmax.Draw = isStraightThrough ? .straightThrough : .relaxed
        return Independent(
            GumbelSoftmax(
                logits: logits, temperature: temperature,
                draw: context.isTraining ? training : .oneHot))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("body", &body)
        visitor("logits", &logits)
    }
}

/// Choices among classes, all of which are equally likely.
public struct UniformCategoricalPrior: Prior {
    /// The number of classes of a variable.
    public let classes: Int

    /// Traps if there are no classes.
    public init(classes: Int) {
        guard classes > 0 else { programmerError("UniformCategoricalPrior", "\(classes) classes") }
        self.classes = classes
    }

    public func callAsFunction(
        for encoder: some VariationalEncoder, in context: inout PassContext
    ) -> any ContinuousDistribution {
        Independent(
            GumbelSoftmax(
                logits: Tensor.zeros([encoder.latentSize, classes], dataType: encoder.dataType),
                temperature: 1, draw: .oneHot),
            axes: 1)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {}
}

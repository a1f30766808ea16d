import Autograd
import Distributions

/// Posteriors of codes given samples and their classes, q(z | x, y).
///
/// The first layer adds up what sample and class say, which is one dense layer of both, but computes the
/// part of a sample once for all classes that it may have.
public struct ClassConditionedEncoder<Head: VariationalEncoder>: Module {
    /// From flattened samples to the first hidden layer, before its activation.
    public var samples: Dense
    /// From one-hot classes to the same.
    public var classes: Dense
    /// From the first hidden layer to the last.
    public var hidden: MultilayerPerceptron
    /// From the last hidden layer to the posteriors.
    public var head: Head
    private let activation: ActivationFunction

    /// Traps without hidden layers.
    ///
    /// - Parameters:
    ///   - elements: the number of elements of a sample.
    ///   - hiddenSizes: of the layers between sample and code.
    ///   - head: of so many features as the last of these has units.
    public init(
        elements: Int, classes: Int, hiddenSizes: [Int], head: Head,
        activation: ActivationFunction = .softplus, using generator: inout RandomGenerator
    ) {
        guard let first = hiddenSizes.first else {
            programmerError("ClassConditionedEncoder", "no hidden layers")
        }
        samples = Dense(elements, first, using: &generator)
        self.classes = Dense(classes, first, hasBias: false, using: &generator)
        hidden = MultilayerPerceptron(
            hiddenSizes, activation: activation, outputActivation: activation, using: &generator)
        self.head = head
        self.activation = activation
    }

    /// - Parameters:
    ///   - input: samples, `[batch, …]`.
    ///   - marks: one-hot classes, `[n * batch, classes]`: one of each sample after another, n times.
    public func callAsFunction(
        _ input: Tensor, given marks: Tensor, in context: inout PassContext
    ) -> Head.Output {
        head.posterior(
            of: input, features: { features(of: $0, given: marks, input.shape[0], in: &$1) },
            in: &context)
    }

    /// Of samples, of which the head may look at several for each of a batch, one after another.
    private func features(
        of samples: Tensor, given marks: Tensor, _ batch: Int, in context: inout PassContext
    ) -> Tensor {
        let each = samples.shape[0] / batch
        let known = classes(marks, in: &context).repeated(each, axis: 0)
        let seen = self.samples(samples.flattened(), in: &context)
        let first = Draws(marks.shape[0] / batch).repeated(seen) + known
        return hidden(activation(first), in: &context)
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) {
        visitor("samples", &samples)
        visitor("classes", &classes)
        visitor("hidden", &hidden)
        visitor.inline("head", &head)
    }
}

extension ClassConditionedEncoder where Head == GaussianEncoder<Sequential> {
    /// With normal posteriors. Traps without hidden layers.
    ///
    /// - Parameters:
    ///   - elements: the number of elements of a sample.
    ///   - hiddenSizes: of the layers between sample and code.
    public init(
        elements: Int, classes: Int, hiddenSizes: [Int], latentSize: Int,
        activation: ActivationFunction = .softplus, using generator: inout RandomGenerator
    ) {
        guard let last = hiddenSizes.last else {
            programmerError("ClassConditionedEncoder", "no hidden layers")
        }
        self.init(
            elements: elements, classes: classes, hiddenSizes: hiddenSizes,
            head: GaussianEncoder(
                Sequential([]), features: last, latentSize: latentSize, using: &generator),
            activation: activation, using: &generator)
    }
}

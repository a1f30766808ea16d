import Autograd

/// A module that maps codes, `[batch, …]`, to a likelihood of the samples.
public protocol DecoderNetwork: Module {
    associatedtype Output: Likelihood
    func callAsFunction(_ code: Tensor, in context: inout PassContext) -> Output
}

extension DecoderNetwork {
    /// The likelihood in evaluation mode.
    public func callAsFunction(_ code: Tensor) -> Output {
        var context = PassContext.evaluation
        return self(code, in: &context)
    }
}

/// A decoder whose head computes the logits of a ``Bernoulli`` likelihood.
public struct BernoulliDecoder<Head: Layer>: DecoderNetwork {
    /// From codes to logits, of the shape of the samples.
    public var head: Head

    /// A decoder with the given head.
    public init(_ head: Head) { self.head = head }

    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> Bernoulli {
        Bernoulli(logits: head(code, in: &context))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("head", &head) }
}

/// A decoder whose head computes the class logits of a ``Categorical`` likelihood.
public struct CategoricalDecoder<Head: Layer>: DecoderNetwork {
    /// From codes to logits, `[batch, …, components * classes]`.
    public var head: Head
    /// The number of classes of each component.
    public let classes: Int

    /// A decoder with the given head and number of classes.
    public init(_ head: Head, classes: Int) {
        self.head = head
        self.classes = classes
    }

    /// A likelihood with logits `[batch, …, components, classes]`. Traps if the size of the head's
    /// last axis is not a multiple of the number of classes.
    public func callAsFunction(_ code: Tensor, in context: inout PassContext) -> Categorical {
        let logits = head(code, in: &context)
        guard let last = logits.shape.last, classes > 0, last % classes == 0 else {
            programmerError(
                "CategoricalDecoder",
                "logits of shape \(logits.shape) do not divide into \(classes) classes")
        }
        return Categorical(
            logits: logits.reshaped(logits.shape.dropLast() + [last / classes, classes]))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("head", &head) }
}

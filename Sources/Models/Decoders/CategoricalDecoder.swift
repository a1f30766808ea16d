import Autograd
import Distributions

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
    public func callAsFunction(
        _ code: Tensor, in context: inout PassContext
    ) -> Independent<Categorical> {
        let logits = head(code, in: &context)
        guard let last = logits.shape.last, classes > 0, last % classes == 0 else {
            programmerError(
                "CategoricalDecoder",
                "logits of shape \(logits.shape) do not divide into \(classes) classes")
        }
        return Independent(
            Categorical(
                logits: logits.reshaped(logits.shape.dropLast() + [last / classes, classes])))
    }

    public mutating func visit(_ visitor: inout ModuleVisitor) { visitor("head", &head) }
}

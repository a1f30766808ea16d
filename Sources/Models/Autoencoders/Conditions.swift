import Autograd

extension Tensor {
    /// Samples or codes, each followed by what is known of it: `[batch, …]` and `[batch, conditions]`
    /// to `[batch, elements + conditions]`.
    func joined(with conditions: Tensor) -> Tensor {
        concatenated([flattened(), conditions.cast(to: dataType)], axis: 1)
    }
}

/// A network of the first elements of each sample, beside which the others, conditions, pass unchanged:
/// `[batch, elements + conditions]` to `[batch, features + conditions]`.
struct WithConditions: Layer {
    private var network: Sequential
    private let elements: Int

    /// - Parameters:
    ///   - network: from `[batch, elements]`; its output is flattened.
    ///   - elements: how many elements of a sample are not conditions.
    init(_ network: Sequential, elements: Int) {
        (self.network, self.elements) = (network, elements)
    }

    func callAsFunction(_ input: Tensor, in context: inout PassContext) -> Tensor {
        let features = network(input[.all, ..<elements], in: &context)
        return features.joined(with: input[.all, elements...])
    }

    mutating func visit(_ visitor: inout ModuleVisitor) { visitor.inline("network", &network) }
}

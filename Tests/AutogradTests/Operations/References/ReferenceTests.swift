import Autograd
import TestSupport
import Testing

/// Values, gradients and Hessian-vector products of operations, compared with PyTorch's.
@Suite struct ReferenceTests {
    @Test(arguments: ReferenceCase.all)
    func agreesWithPyTorch(_ reference: ReferenceCase) throws {
        let operation = try #require(referenceOperations[reference.operation])
        let arguments = reference.arguments.map(\.tensor)
        let apply: @Sendable ([Tensor]) -> [Tensor] = { operation($0, reference) }
        expect(apply(arguments), reference.values, "value")
        guard let weights = reference.weights?.map(\.tensor),
            let directions = reference.directions?.map(\.tensor)
        else { return }
        func gradients(_ arguments: [Tensor]) -> [Tensor] {
            gradient(at: arguments) { total(apply($0), weights) }
        }
        expect(gradients(arguments), reference.gradients ?? [], "gradient")
        expect(
            gradient(at: arguments) { total(gradients($0), directions) },
            reference.products ?? [], "product")
    }

    /// Every name of the list stands in the file.
    @Test func allOperationsAreCompared() {
        #expect(Set(ReferenceCase.all.map(\.operation)) == Set(referenceOperations.keys))
    }

    private func total(_ values: [Tensor], _ weights: [Tensor]) -> Tensor {
        zip(values, weights).map { ($0 * $1).sum() }.reduce(Tensor(0, dataType: .float64), +)
    }

    private func expect(
        _ found: [Tensor], _ expected: [ReferenceCase.Elements], _ what: String
    ) {
        #expect(found.map(\.shape) == expected.map(\.shape), "\(what)")
        guard found.map(\.shape) == expected.map(\.shape) else { return }
        for (found, expected) in zip(found, expected) {
            let comparison = closeness(
                of: found.cast(to: .float64), to: expected.tensor, tolerance: 1e-10,
                nanIsEqual: true)
            #expect(comparison.passes, "\(what)")
        }
    }
}

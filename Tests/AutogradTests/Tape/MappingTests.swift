import Autograd
import TestSupport
import Testing

/// Functions of one sample, applied to batches.
@Suite struct MappingTests {
    private static let x = Tensor((0..<15).map { 0.1 * Double($0) - 0.7 }, shape: [5, 3])
    private static let matrix = Tensor((0..<6).map { 0.3 * Double($0) - 1 }, shape: [3, 2])

    private func layer(_ x: Tensor, _ matrix: Tensor) -> Tensor {
        tanh(matmul(x.reshaped([1, 3]), matrix).reshaped([2]))
    }

    @Test func isTheFunctionOfTheBatch() {
        let found = mapped(over: Self.x) { layer($0, Self.matrix) }
        let expected = tanh(matmul(Self.x, Self.matrix))
        #expect(closeness(of: found, to: expected, tolerance: 1e-15).passes)
        let labels = Tensor([2, 0, 1, 1, 0] as [Int32])
        let picked = mapped(over: Self.x, labels) { x, label in x.gathered(at: label) }
        let along = Self.x.gatheredAlong(axis: 1, at: labels.reshaped([5, 1])).reshaped([5])
        #expect(picked.isIdentical(to: along))
    }

    @Test func isDifferentiableInTheBatchAndWhatIsCaptured() {
        let check = gradientCheck(at: Self.x, Self.matrix, order: 2) { x, matrix in
            mapped(over: [x]) { layer($0[0], matrix) }
        }
        #expect(check.passes, "\(check)")
    }
}

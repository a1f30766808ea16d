import Autograd
import FileSupport
import Testing

@testable import Datasets

/// Data of which only some samples keep their labels.
@Suite struct KeptLabelsTests {
    private func data(_ labels: [Int32]?) -> Dataset {
        func examples(_ labels: [Int32]?) -> Examples {
            Examples(
                Tensor.range(30).reshaped([30, 1]).cast(to: .float32),
                labels: labels.map { Tensor($0) })
        }
        return Dataset(
            name: "d", training: examples(labels), test: examples((0..<30).map { Int32($0 % 3) }),
            classNames: ["a", "b", "c"], source: "made")
    }

    private func labels(_ examples: Examples) throws -> [Int32] {
        try #require(examples.labels).elements(as: Int32.self)
    }

    /// Twenty of a, eight of b and two of c.
    private let uneven = (0..<30).map { Int32($0 % 3 == 0 || $0 < 15 ? 0 : $0 > 27 ? 2 : 1) }

    @Test func classesAreBalanced() throws {
        let whole = data(uneven)
        for (count, expected) in [
            (3, [1, 1, 1]), (6, [2, 2, 2]), (11, [5, 4, 2]), (30, [20, 8, 2]),
        ] {
            let kept = try whole.keepingLabels(count, seed: 4)
            let found = try labels(kept.training)
            #expect((0..<3).map { label in found.count { $0 == label } } == expected)
            #expect(found.count { $0 < 0 } == 30 - count)
            // Each has its own label or none, and nothing else changes.
            #expect(zip(found, uneven).allSatisfy { $0 == -1 || $0 == $1 })
            #expect(kept.training.inputs.isIdentical(to: whole.training.inputs))
            #expect(try labels(kept.test) == labels(whole.test))
            #expect(kept.classNames == ["a", "b", "c"])
            #expect((kept.training.checksum == whole.training.checksum) == (count == 30))
        }
    }

    @Test func theSeedChooses() throws {
        let whole = data((0..<30).map { Int32($0 % 3) })
        let first = try labels(whole.keepingLabels(6, seed: 1).training)
        #expect(try labels(whole.keepingLabels(6, seed: 1).training) == first)
        #expect(try labels(whole.keepingLabels(6, seed: 2).training) != first)
        // Those without a label have none to keep.
        let some = data((0..<30).map { $0 < 10 ? Int32($0 % 2) : -1 })
        let kept = try labels(some.keepingLabels(4, seed: 1).training)
        #expect(kept[10...].allSatisfy { $0 == -1 } && kept.count { $0 >= 0 } == 4)
    }

    @Test func whatCannotBeKept() {
        func expectError(_ labels: [Int32]?, keeping count: Int, _ text: String) {
            let error = #expect(throws: FileError.self) {
                try data(labels).keepingLabels(count, seed: 0)
            }
            #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
        }
        let three = (0..<30).map { Int32($0 % 3) }
        expectError(
            three, keeping: 31,
            "expected 31 training samples with labels, to keep as many, found 30")
        expectError(
            three, keeping: 2, "expected at least 3 labels to keep, one for each class, found 2")
        expectError(nil, keeping: 5, "expected training samples with labels, to keep 5, found none")
        let (none, one) = ([Int32](repeating: -1, count: 30), [Int32](repeating: 1, count: 30))
        expectError(none, keeping: 5, "found none")
        expectError(
            one, keeping: 5, "expected labels of at least two classes, to keep 5, found one class")
    }
}

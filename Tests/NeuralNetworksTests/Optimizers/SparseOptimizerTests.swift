import Autograd
import Foundation
import ModelTestSupport
import Models
import TestSupport
import Testing

@Suite struct SparseOptimizerTests {
    private let indices = Tensor([4, 1, 4, 6, 1, 4] as [Int32], shape: [2, 3])

    private func table(_ type: DataType = .float64) -> Tensor {
        var generator = RandomGenerator(seed: 1)
        return generator.normal([9, 21], dataType: type)
    }

    /// Gradients of lookups, different in each step.
    private func gradient(_ step: Int, _ type: DataType = .float64) -> Tensor {
        var generator = RandomGenerator(seed: UInt64(100 + step))
        return generator.normal([2, 3, 21], dataType: type)
    }

    @Test(arguments: [DataType.float32, .float64])
    func descentIsThatOfTheWholeTable(_ type: DataType) {
        var (byLookup, byRow, dense) = (table(type), table(type), table(type))
        var optimizer = SparseSGD(learningRate: 0.1)
        let rows = RowSelection(indices, of: 9)
        for step in 0..<3 {
            let gradient = gradient(step, type)
            optimizer.update(&byLookup, at: indices, along: gradient)
            let sums = gradient.scatterAdded(at: rows.positions, size: rows.count)
            optimizer.update(&byRow, rows: rows, along: sums)
            dense -= 0.1 * gradient.scatterAdded(at: indices, size: 9)
        }
        let tolerance = type == .float32 ? 1e-6 : 1e-14
        #expect(closeness(of: byLookup, to: dense, tolerance: tolerance).passes)
        #expect(closeness(of: byRow, to: dense, tolerance: tolerance).passes)
    }

    /// The equations of the documentation, row by row.
    @Test(arguments: [DataType.float32, .float64])
    func adamFollowsItsEquations(_ type: DataType) {
        var table = table(type)
        var optimizer = SparseAdam(
            for: table, learningRate: 0.05, firstDecay: 0.8, secondDecay: 0.9, epsilon: 1e-3)
        var expected = numbers(table)
        var (first, second) = (
            [Double](repeating: 0, count: 189), [Double](repeating: 0, count: 189)
        )
        for step in 1...4 {
            // The sixth row is looked up in the first two steps alone.
            let lookups =
                step <= 2 ? indices : Tensor([4, 1, 4, 0, 1, 4] as [Int32], shape: [2, 3])
            let gradient = gradient(step, type)
            optimizer.update(&table, at: lookups, along: gradient)
            let sums = numbers(gradient.scatterAdded(at: lookups, size: 9))
            let touched = Set(lookups.elements(as: Int32.self))
            let correction = ((1 - pow(0.9, Double(step))).squareRoot(), 1 - pow(0.8, Double(step)))
            for index in 0..<189 where touched.contains(Int32(index / 21)) {
                first[index] = 0.8 * first[index] + 0.2 * sums[index]
                second[index] = 0.9 * second[index] + 0.1 * sums[index] * sums[index]
                expected[index] -=
                    0.05 * correction.0 / correction.1 * first[index]
                    / (second[index].squareRoot() + 1e-3)
            }
        }
        let reference = Tensor(expected, shape: [9, 21]).cast(to: type)
        let tolerance = type == .float32 ? 1e-5 : 1e-12
        #expect(closeness(of: table, to: reference, tolerance: tolerance).passes)
        let moments = optimizer.allTensors.filter { $0.path == "firstMoment" }.map(\.tensor)
        let firstMoment = Tensor(first, shape: [9, 21]).cast(to: type)
        #expect(moments.count == 1)
        #expect(closeness(of: moments[0], to: firstMoment, tolerance: tolerance).passes)
    }

    @Test func otherRowsKeepTheirBits() {
        let others = Tensor([0, 2, 3, 5, 7, 8] as [Int32])
        func expectKept(_ optimizer: some SparseOptimizer) {
            var (optimizer, table) = (optimizer, self.table())
            optimizer.update(&table, at: indices, along: gradient(0))
            let before = self.table().gathered(at: others)
            #expect(table.gathered(at: others).isIdentical(to: before))
            #expect(!table.isIdentical(to: self.table()))
        }
        expectKept(SparseSGD(learningRate: 0.1))
        expectKept(SparseAdam(for: table()))
    }

    /// A table that nobody else holds is written where it is; a copy that is held stays as it was.
    @Test func tablesAreWrittenInPlaceWhereUnshared() {
        func address(_ tensor: Tensor) -> UnsafeRawPointer? {
            tensor.withUnsafeBytes { $0.baseAddress }
        }
        var optimizer = SparseAdam(for: table())
        var table = Tensor(self.table().elements(as: Double.self), shape: [9, 21])
        let place = address(table)
        optimizer.update(&table, at: indices, along: gradient(0))
        #expect(address(table) == place)
        let copy = table
        let held = Tensor(copy.elements(as: Double.self), shape: copy.shape)
        optimizer.update(&table, at: indices, along: gradient(1))
        #expect(address(table) != place)
        #expect(copy.isIdentical(to: held))
        #expect(!table.isIdentical(to: held))
    }

    @Test func resultsAreTheSameForAnyNumberOfThreads() async {
        await #expect(processExitsWith: .success) {
            func result(threads: Int) -> [Tensor] {
                Threads.count = threads
                var generator = RandomGenerator(seed: 3)
                var first = generator.normal([5_000, 70])
                var second = first
                var (descent, adam) = (SparseSGD(learningRate: 0.1), SparseAdam(for: first))
                for _ in 0..<2 {
                    let indices = generator.integers([3_000], in: 0..<5_000)
                    let gradient = generator.normal([3_000, 70])
                    descent.update(&first, at: indices, along: gradient)
                    adam.update(&second, at: indices, along: gradient)
                }
                return [first, second]
            }
            let serial = result(threads: 1)
            for threads in [2, 3] {
                let isSame = zip(serial, result(threads: threads)).allSatisfy {
                    $0.isIdentical(to: $1)
                }
                #expect(isSame, "\(threads) threads")
            }
        }
    }

    @Test func itsStateIsSaved() {
        let optimizer = SparseAdam(for: table())
        #expect(optimizer.allTensors.map(\.path) == ["firstMoment", "secondMoment", "steps"])
        #expect(optimizer.parameters.isEmpty)
    }

    @Test func gradientsThatDoNotFitTrap() async {
        let byRow = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var (optimizer, table) = (SparseSGD(learningRate: 1), Tensor.zeros([4, 2]))
            let rows = RowSelection(Tensor([1, 1, 3] as [Int32]), of: 4)
            optimizer.update(&table, rows: rows, along: Tensor.zeros([3, 2]))
        }
        #expect(
            message(of: byRow).contains(
                "SparseSGD: a gradient of float32 of shape [3, 2] for 2 rows of a table of "
                    + "float32 of shape [4, 2]"))
        let byLookup = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var table = Tensor.zeros([4, 2])
            var optimizer = SparseAdam(for: table)
            optimizer.update(
                &table, at: Tensor([1, 1, 3] as [Int32]), along: Tensor.zeros([2, 2]))
        }
        #expect(
            message(of: byLookup).contains(
                "SparseAdam: a gradient of float32 of shape [2, 2] for lookups of shape [3] in a "
                    + "table of float32 of shape [4, 2]"))
    }

    @Test func anotherTableTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var table = Tensor.zeros([4, 2])
            var optimizer = SparseAdam(for: Tensor.zeros([5, 2]))
            optimizer.update(&table, at: Tensor([1] as [Int32]), along: Tensor.zeros([1, 2]))
        }
        #expect(
            message(of: result).contains(
                "SparseAdam: made for a table of shape [5, 2], not of [4, 2]"))
    }

    @Test func decaysOutOfRangeTrap() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = SparseAdam(for: Tensor.zeros([5, 2]), firstDecay: 1)
        }
        #expect(
            message(of: result).contains(
                "SparseAdam: the first decay is 1.0, not a number from 0 to below 1"))
    }
}

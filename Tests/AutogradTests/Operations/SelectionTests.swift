import Autograd
import Foundation
import TestSupport
import Testing

@Suite struct SubscriptTests {
    private let x = Tensor.range(24, dataType: .int32).reshaped([2, 3, 4])

    private func numbers(_ tensor: Tensor) -> [Int32] { tensor.elements(as: Int32.self) }

    @Test func severalIndicesSelect() {
        #expect(numbers(x[1, 2, 3]) == [23])
        #expect(x[1, 2, 3].shape == [] && x[-1, -1].shape == [4])
        #expect(numbers(x[.ellipsis, 0]) == [0, 4, 8, 12, 16, 20])
        #expect(numbers(x[0, 1...2, ..<2]) == [4, 5, 8, 9])
        #expect(numbers(x[1, (-2)..., stride(from: 3, through: 0, by: -3)]) == [19, 16, 23, 20])
        #expect(numbers(x[1, (-2)..., stride(from: -1, through: -4, by: -3)]) == [19, 16, 23, 20])
        #expect(x[.newAxis, 0, .ellipsis, .newAxis].shape == [1, 3, 4, 1])
        #expect(numbers(x[0, Tensor([2, 0] as [Int32]), 1..<2]) == [9, 1])
        #expect(x[.all, Tensor([0, 1, 2, 2] as [Int32], shape: [2, 2])].shape == [2, 2, 2, 4])
        #expect(x[.all, .all, 4..<4].shape == [2, 3, 0])
    }

    @Test func masksSelect() {
        #expect(numbers(x[x .> 20]) == [21, 22, 23])
        #expect(numbers(x[.all, Tensor([true, false, true]), 0]) == [0, 8, 12, 20])
        let rows = Tensor([true, false, false, false, false, true], shape: [2, 3])
        #expect(numbers(x[rows]) == [0, 1, 2, 3, 20, 21, 22, 23] && x[rows].shape == [2, 4])
        #expect(x[x .> 99].shape == [0])
    }

    @Test func selectionsAreAssigned() {
        var y = x
        y[0] = Tensor(7, dataType: .int32)
        y[1, .all, 0] = Tensor([-1, -2, -3] as [Int32])
        #expect(numbers(y[0]) == [Int32](repeating: 7, count: 12))
        #expect(numbers(y[1]) == [-1, 13, 14, 15, -2, 17, 18, 19, -3, 21, 22, 23])
        y[y .> 14] = Tensor(0, dataType: .int32)
        #expect(numbers(y[1]) == [-1, 13, 14, 0, -2, 0, 0, 0, -3, 0, 0, 0])
        // Of equal positions the last counts; what is assigned nowhere changes nothing.
        y[0, 0, Tensor([1, 1] as [Int32])] = Tensor([5, 6] as [Int32])
        y[y .> 99] = Tensor(1, dataType: .int32)
        #expect(numbers(y[0, 0]) == [7, 6, 7, 7])
        #expect(numbers(x) == (0..<24).map { Int32($0) }, "a copy changes, not the tensor")
        y[1..<2] += Tensor(1, dataType: .int32)
        #expect(numbers(y[1, 0]) == [0, 14, 15, 1])
    }

    /// What is overwritten has no derivative, twice the same place that of the last alone.
    @Test func assignmentsHaveTheirDerivatives() {
        let (x, values) = (Tensor([1.0, 2, 3, 4]), Tensor([5.0, 6, 7]))
        let (before, after) = gradient(at: x, values) { x, values in
            var y = x
            y[Tensor([2, 0, 2] as [Int32])] = values
            return (y * y).sum()
        }
        #expect(before == Tensor([0, 4, 0, 8.0]) && after == Tensor([0, 12, 14.0]))
    }
}

@Suite struct SearchingTests {
    @Test func uniqueElementsAreCountedAndFound() {
        let x = Tensor([3, 1, .nan, 3, -0.0, 0, .nan, 3] as [Float], shape: [2, 4])
        let (values, counts, positions) = x.unique()
        #expect(values.elements(as: Float.self).prefix(3) == [0, 1, 3])
        #expect(values.shape == [4] && values[3].isNaN.scalar == 1)
        #expect(counts.elements(as: Int32.self) == [2, 1, 3, 2])
        #expect(positions.elements(as: Int32.self) == [2, 1, 3, 2, 0, 0, 3, 2])
        #expect(positions.shape == [2, 4])
        #expect(Tensor([] as [Float]).unique().counts.shape == [0])
    }

    @Test func histogramsCountWhatIsInside() {
        let x = Tensor([0, 0.24, 0.25, 0.5, 1, 1.01, -0.01, .nan, .infinity] as [Float])
        #expect(x.histogram(parts: 4, in: 0...1).elements(as: Int32.self) == [2, 1, 1, 1])
        #expect(
            Tensor([] as [Float]).histogram(parts: 2, in: 0...1) == .zeros([2], dataType: .int32))
    }

    @Test func sortedVectorsAreSearched() {
        let sorted = Tensor([1.0, 2, 2, 5])
        let values = Tensor([0, 1, 2, 3, 5, 9.0], shape: [2, 3])
        let before = sorted.searchSorted(values)
        #expect(before.elements(as: Int32.self) == [0, 0, 1, 3, 3, 4] && before.shape == [2, 3])
        #expect(
            sorted.searchSorted(values, afterEquals: true).elements(as: Int32.self)
                == [0, 1, 3, 3, 4, 4])
        let withoutNumber = Tensor([1, 2, .nan, .nan])
        let extremes = Tensor([Double.nan, .infinity, -.infinity])
        #expect(withoutNumber.searchSorted(extremes).elements(as: Int32.self) == [2, 2, 0])
        #expect(
            withoutNumber.searchSorted(extremes, afterEquals: true).elements(as: Int32.self)
                == [4, 2, 0])
    }

    /// Also far apart, where exponentials would vanish or overflow.
    @Test func sumsOfExponentialsKeepTheirDigits() {
        let x = Tensor([-2000.0, -2000, 5, 1000, 999])
        let sums = x.cumulativeLogSumExp().elements(as: Double.self)
        #expect(sums.prefix(4) == [-2000, -2000 + log(2.0), 5, 1000])
        let slopes = gradient(at: x) { $0.cumulativeLogSumExp()[1] }
        #expect(slopes == Tensor([0.5, 0.5, 0, 0, 0]))
    }

    @Test func tensorsAreEqualByValue() {
        let a = Tensor([1, -0.0, 3] as [Float])
        #expect(a == Tensor([1, 0, 3] as [Float]) && a != Tensor([1, 0, 4] as [Float]))
        #expect(a != a.cast(to: .float64) && a != a.reshaped([1, 3]))
        #expect(Tensor([Float.nan]) != Tensor([Float.nan]))
        #expect(Tensor([] as [Float]) == Tensor([] as [Float]))
        #expect(ceil(Tensor([-1.5, -0.5, 0, 0.2, 2])) == Tensor([-1.0, 0, 0, 1, 2]))
    }

    /// Also where factors are zero.
    @Test func productsHaveTheirDerivatives() {
        let x = Tensor([2.0, 0, 3, 4])
        #expect(gradient(at: x) { $0.product() } == Tensor([0, 24, 0, 0.0]))
        let twice = Tensor([2.0, 0, 3, 0])
        let second = hessian(at: twice) { $0.product() }
        #expect(second[1, 3].scalar == 6 && second[0, 1].scalar == 0)
    }

    /// The value is that of the step, the derivative that of the identity, of both orders.
    @Test func stepsWithoutADerivativeArePassedThrough() {
        let x = Tensor([0.2, 1.7, -0.6])
        func cubes(_ x: Tensor) -> Tensor {
            let rounded = straightThrough(round(stopGradient(x)), along: x)
            return (rounded * rounded * rounded).sum()
        }
        #expect(cubes(x).scalar == 7)
        #expect(gradient(at: x) { cubes($0) } == Tensor([0, 12, 3.0]))
        #expect(hessian(at: x) { cubes($0) }.diagonal() == Tensor([0, 12, -6.0]))
    }
}

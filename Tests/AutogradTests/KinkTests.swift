import Autograd
import TestSupport
import Testing

/// The derivatives that the documentation names where mathematics leaves a choice.
@Suite struct KinkTests {
    private func slope(at x: [Double], of function: (Tensor) -> Tensor) -> [Double] {
        numbers(gradient(at: Tensor(x)) { function($0).sum() })
    }

    private func curvature(at x: [Double], of function: (Tensor) -> Tensor) -> [Double] {
        numbers(gradient(at: Tensor(x)) { x in gradient(at: x) { function($0).sum() }.sum() })
    }

    @Test func absoluteValue() {
        #expect(slope(at: [-2, -0.0, 0, 3]) { abs($0) } == [-1, 0, 0, 1])
        #expect(curvature(at: [-2, 0, 3]) { abs($0) } == [0, 0, 0])
    }

    @Test func rectifiers() {
        #expect(slope(at: [-2, -0.0, 0, 3]) { relu($0) } == [0, 0, 0, 1])
        #expect(curvature(at: [-2, 0, 3]) { relu($0) } == [0, 0, 0])
        #expect(slope(at: [-2, 0, 3]) { leakyRelu($0, slope: 0.25) } == [0.25, 0.25, 1])
        // The derivative from the left, as the one of the leaky rectifier.
        #expect(slope(at: [0]) { elu($0, alpha: 1.5) } == [1.5])
        #expect(slope(at: [0]) { elu($0) } == [1])
        #expect(curvature(at: [0]) { elu($0, alpha: 1.5) } == [1.5])
    }

    @Test func extremaOfTwoShareAlike() {
        let (left, right) = gradient(at: Tensor([1.0, 2, 3]), Tensor([2.0, 2, 2])) {
            maximum($0, $1).sum()
        }
        #expect(numbers(left) == [0, 0.5, 1])
        #expect(numbers(right) == [1, 0.5, 0])
        let (least, other) = gradient(at: Tensor([1.0, 2, 3]), Tensor([2.0, 2, 2])) {
            minimum($0, $1).sum()
        }
        #expect(numbers(least) == [1, 0.5, 0])
        #expect(numbers(other) == [0, 0.5, 1])
        // With itself the halves add up.
        #expect(slope(at: [1, 2]) { maximum($0, $0) } == [1, 1])
    }

    @Test func clampPassesHalfAtItsEnds() {
        #expect(
            slope(at: [-2, -1, 0, 1, 2]) { clamp($0, from: -1, through: 1) }
                == [0, 0.5, 1, 0.5, 0])
    }

    @Test func extremaOfManyShareAlike() {
        #expect(slope(at: [3, 1, 3, 3]) { 6 * $0.max() } == [2, 0, 2, 2])
        #expect(slope(at: [1, 1, 3, 1]) { 6 * $0.min() } == [2, 2, 0, 2])
        let rows = Tensor([1.0, 1, 2, 5, 4, 5], shape: [2, 3])
        #expect(
            numbers(gradient(at: rows) { $0.max(axes: [1]).sum() }) == [0, 0, 1, 0.5, 0, 0.5])
        #expect(
            numbers(gradient(at: rows) { $0.max(axes: [0], keepingAxes: true).sum() })
                == [0, 0, 0, 1, 1, 1])
        #expect(curvature(at: [3, 1, 3]) { $0.max() } == [0, 0, 0])
    }

    @Test func powersAtZero() {
        #expect(slope(at: [0, 0]) { pow($0, 0) } == [0, 0])
        #expect(slope(at: [0, -2]) { pow($0, 1) } == [1, 1])
        #expect(slope(at: [0, -2]) { pow($0, 2) } == [0, -4])
        #expect(curvature(at: [0, -2]) { pow($0, 2) } == [2, 2])
        #expect(curvature(at: [0, -2]) { pow($0, 1) } == [0, 0])
        let (base, exponent) = gradient(at: Tensor([0.0, 0, 0]), Tensor([1.0, 2, 0])) {
            pow($0, $1).sum()
        }
        #expect(numbers(base) == [1, 0, 0])
        #expect(numbers(exponent) == [0, 0, 0])
    }

    @Test func negativeBasesOfWholePowers() {
        let y = Tensor([2.0, 3])
        #expect(slope(at: [-3, -2]) { pow($0, y) } == [-6, 12])
    }

    /// The branch not taken contributes nothing, not even not-a-number.
    @Test func selectionIgnoresTheOtherBranch() {
        let mask = Tensor([true, false])
        #expect(
            slope(at: [4, -1]) { select(mask, sqrt(select(mask, $0, $0 * 0 + 1)), $0 * 0) }
                == [0.25, 0])
        #expect(slope(at: [-1e4, 2]) { elu($0) } == [0, 1])
        #expect(slope(at: [1e4, 2]) { elu($0) } == [1, 1])
    }

    @Test func castPassesTheGradientInTheTypeOfItsArgument() {
        let x = Tensor([1.5, 2] as [Float])
        let slope = gradient(at: x) { ($0.cast(to: .float64) * 3).sum() }
        #expect(slope.dataType == .float32)
        #expect(numbers(slope) == [3, 3])
    }

    @Test func saturatedLogarithmOfSums() {
        let x = Tensor([1e4, -1e4, 1e4, -.infinity], shape: [2, 2])
        #expect(
            closeness(of: numbers(x.logSumExp(axes: [1])), to: [1e4, 1e4], tolerance: 0).passes)
        let slope = gradient(at: x) { $0.logSumExp(axes: [1]).sum() }
        #expect(numbers(slope) == [1, 0, 1, 0])
        #expect(Tensor([-Double.infinity, -.infinity]).logSumExp().scalar == -.infinity)
        #expect(Tensor([Double.infinity, 1]).logSumExp().scalar == .infinity)
        #expect(Tensor([Double.nan, 1]).logSumExp().scalar.isNaN)
    }
}

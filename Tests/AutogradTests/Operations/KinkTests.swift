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

    /// A value that is no number has a slope that is none, whatever the other operand.
    @Test func notANumberHasNoSlope() {
        let nan = Double.nan
        for (a, b) in [(1.0, nan), (nan, 1.0), (nan, nan), (-.infinity, nan)] {
            let greater = gradient(at: Tensor([a]), Tensor([b])) { maximum($0, $1).sum() }
            #expect(greater.0.scalar.isNaN && greater.1.scalar.isNaN)
            let lesser = gradient(at: Tensor([a]), Tensor([b])) { minimum($0, $1).sum() }
            #expect(lesser.0.scalar.isNaN && lesser.1.scalar.isNaN)
        }
        let functions: [@Sendable (Tensor) -> Tensor] = [
            { clamp($0, from: -1, through: 1) }, { maximum($0, 0) }, { minimum($0, 0) },
            { relu($0) }, { leakyRelu($0) }, { elu($0) }, { selu($0) }, { abs($0) },
            { gelu($0) }, { silu($0) },
        ]
        for (index, function) in functions.enumerated() {
            let slopes = slope(at: [nan, 0.5], of: function)
            #expect(slopes[0].isNaN && slopes[1].isFinite, "function \(index)")
        }
        // In a row that is no number none of its elements has a slope.
        let rows = Tensor([1, nan, 2, 3], shape: [2, 2])
        for slopes in [
            gradient(at: rows) { $0.max(axes: [1]).sum() },
            gradient(at: rows) { $0.min(axes: [1]).sum() },
        ] {
            #expect(slopes[0].isNaN.all().scalar == 1 && slopes[1].isFinite.all().scalar == 1)
        }
        // Infinities are numbers here.
        let infinite = gradient(
            at: Tensor([Double.infinity, -.infinity, .infinity]),
            Tensor([Double.infinity, 0, -.infinity])
        ) { maximum($0, $1).sum() }
        #expect(numbers(infinite.0) == [0.5, 0, 1])
        #expect(numbers(infinite.1) == [0.5, 1, 0])
    }

    @Test func normAtZero() {
        #expect(slope(at: [0, 0, 0]) { $0.norm() } == [0, 0, 0])
        #expect(curvature(at: [0, 0, 0]) { $0.norm() } == [0, 0, 0])
        let rows = Tensor([3, 4, 0, 0], shape: [2, 2])
        let slopes = gradient(at: rows) { $0.norm(axes: [1]).sum() }
        #expect(closeness(of: numbers(slopes), to: [0.6, 0.8, 0, 0], tolerance: 1e-15).passes)
        // Third derivatives of |x| are 0 as well.
        let third = gradient(at: Tensor([0.0, 2])) { x in
            gradient(at: x) { x in
                gradient(at: x) { $0.norm(axes: []).sum() }.sum()
            }.sum()
        }
        #expect(numbers(third) == [0, 0])
    }

    @Test func deviationOfEquals() {
        #expect(slope(at: [5, 5, 5]) { $0.standardDeviation() } == [0, 0, 0])
        #expect(curvature(at: [5, 5, 5]) { $0.standardDeviation() } == [0, 0, 0])
        #expect(Tensor([2.0, 4, 4, 4, 5, 5, 7, 9]).standardDeviation().scalar == 2)
        #expect(Tensor([1.0, 3]).standardDeviation(correction: 1).scalar == 2.0.squareRoot())
    }

    /// Neither squares that overflow nor ones that vanish spoil a norm, its slope or a deviation.
    @Test func normsOfExtremes() {
        let half = 0.5.squareRoot()
        func check(_ size: Double, _ type: DataType, _ tolerance: Double) {
            let x = Tensor([size, -size, 0, 0, 3, 4], shape: [3, 2]).cast(to: type)
            let (norms, pullback) = valueWithPullback(at: x) { $0.norm(axes: [1]) }
            let found = numbers(norms)
            #expect(Swift.abs(found[0] / size / 2.0.squareRoot() - 1) < tolerance)
            #expect(found[1] == 0 && found[2] == 5)
            let slopes = numbers(pullback(.ones(like: norms)))
            #expect(
                closeness(
                    of: slopes, to: [half, -half, 0, 0, 0.6, 0.8], tolerance: tolerance
                ).passes)
            let deviation = x[0].standardDeviation().scalar
            #expect(Swift.abs(deviation / size - 1) < tolerance)
        }
        for size in [1e-30, 1e-20, 1, 1e18, 1e30, 2e38] { check(size, .float32, 3e-7) }
        for size in [1e-300, 1e-160, 1, 1e150, 1e200, 1e308] { check(size, .float64, 1e-15) }
        #expect(Tensor([1, Double.infinity]).norm().scalar == .infinity)
        #expect(Tensor([1, Double.nan]).norm().scalar.isNaN)
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
        // Where the greatest is infinite the slopes are those of the greatest.
        let infinite = Tensor([Double.infinity, 1, -.infinity, -.infinity, 0, 0], shape: [3, 2])
        let (sums, pullback) = valueWithPullback(at: infinite) { $0.logSumExp(axes: [1]) }
        #expect(numbers(sums) == [.infinity, -.infinity, numbers(log(Tensor([2.0])))[0]])
        #expect(numbers(pullback(.ones(like: sums))) == [1, 0, 0.5, 0.5, 0.5, 0.5])
    }
}

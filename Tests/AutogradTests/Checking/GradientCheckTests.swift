import Autograd
import TestSupport
import Testing

/// The check of gradients finds what is wrong, and nothing where nothing is.
@Suite struct GradientCheckTests {
    private static let x = Tensor([0.3, -0.8, 1.2] as [Float])

    /// A sine whose first and second derivatives are off by the given factors.
    private static func sine(_ x: Tensor, first: Double = 1, second: Double = 1) -> Tensor {
        func cosine(_ x: Tensor) -> Tensor {
            customDerivative(at: x) {
                cos($0)
            } pullback: { x, _, cotangent in
                cotangent * sin(x) * -second
            }
        }
        return customDerivative(at: x) {
            sin($0)
        } pullback: { x, _, cotangent in
            cotangent * cosine(x) * first
        }
    }

    private static let modes: [GradientCheckMode] = [.elements, .directional()]

    @Test(arguments: modes)
    func rightRulesPass(_ mode: GradientCheckMode) {
        let check = gradientCheck(at: Self.x, order: 2, mode: mode) { Self.sine($0) }
        #expect(check.passes, "\(check)")
        #expect(check.comparisons.count == 6)
        #expect(check.description.hasPrefix("passes (6 comparisons); closest to failing: "))
    }

    @Test(arguments: modes)
    func aRuleATwentiethOfAPercentOffIsCaught(_ mode: GradientCheckMode) {
        for factor in [1.0005, 0.9995] {
            let check = gradientCheck(at: Self.x, mode: mode) { Self.sine($0, first: factor) }
            #expect(!check.passes)
            let worst = check.worst
            #expect((worst?.excess ?? 0) > 50)
        }
    }

    @Test(arguments: modes)
    func aWrongSecondDerivativeIsCaughtAtOrderTwo(_ mode: GradientCheckMode) {
        let first = gradientCheck(at: Self.x, mode: mode) { Self.sine($0, second: 1.0005) }
        #expect(first.passes, "\(first)")
        let second = gradientCheck(at: Self.x, order: 2, mode: mode) {
            Self.sine($0, second: 1.0005)
        }
        #expect(!second.passes)
        #expect(second.worst?.what.hasPrefix("second derivative") == true)
    }

    @Test(arguments: modes)
    func aLostGradientIsCaught(_ mode: GradientCheckMode) {
        let check = gradientCheck(at: Self.x, mode: mode) { $0 * stopGradient($0) }
        #expect(!check.passes)
    }

    @Test func theWorstElementIsNamed() {
        let x = Tensor([1.0, 2, 3, 4, 5, 6], shape: [2, 3])
        let factors = Tensor([1.0, 1, 1, 1, 1.5, 1], shape: [2, 3])
        let check = gradientCheck(at: Tensor([1.0]), x) { _, x in
            customDerivative(at: x) {
                $0.sum()
            } pullback: { x, _, cotangent in
                cotangent * factors
            }
        }
        #expect(!check.passes)
        #expect(check.worst?.what == "derivative at element [1, 1] of argument 1")
        #expect(check.description.hasPrefix("1 of 7 comparisons fail; worst: derivative at"))
        let worst = check.worst
        #expect(abs((worst?.analytic ?? 0) - 1.5 * (worst?.numeric ?? 0)) < 1e-6)
    }

    @Test(arguments: modes)
    func notANumberFails(_ mode: GradientCheckMode) {
        // In the value, so in the differences; in the derivative; in both.
        let value = gradientCheck(at: Self.x, mode: mode) { x in
            customDerivative(at: x) {
                $0 * .nan
            } pullback: { _, _, cotangent in
                cotangent
            }
        }
        #expect(!value.passes)
        let derivative = gradientCheck(at: Self.x, mode: mode) { x in
            customDerivative(at: x) {
                $0
            } pullback: { _, _, cotangent in
                cotangent * .nan
            }
        }
        #expect(!derivative.passes)
        #expect(derivative.worst?.excess == .infinity)
        #expect(!gradientCheck(at: Self.x, mode: mode) { log($0 - 5) }.passes)
        #expect(!gradientCheck(at: Self.x, mode: mode) { exp($0 + 1e4) }.passes)
    }

    @Test(arguments: modes)
    func nothingToCompareFails(_ mode: GradientCheckMode) {
        let check = gradientCheck(at: Tensor([] as [Float]), order: 2, mode: mode) { $0 }
        #expect(!check.passes)
        #expect(check.comparisons.isEmpty)
        #expect(check.description == "nothing to compare: no argument has an element")
        let one = Tensor(1, dataType: .float64)
        #expect(!gradientCheck(at: [] as [Tensor], mode: mode) { _ in one }.passes)
    }

    @Test func valuesWithoutElementsHaveZeroDerivatives() {
        let check = gradientCheck(at: Self.x) { $0.sliced(axis: 0, 1..<1) }
        #expect(check.passes)
        #expect(check.comparisons.allSatisfy { $0.analytic == 0 && $0.numeric == 0 })
    }

    /// Whatever the arguments' type, the function sees double precision.
    @Test func computesInDoublePrecision() {
        let check = gradientCheck(at: Self.x, [Self.x, Self.x]) { x, others in
            #expect(x.dataType == .float64)
            #expect(others.allSatisfy { $0.dataType == .float64 })
            return x * others[0] - others[1]
        }
        #expect(check.passes, "\(check)")
        #expect(check.comparisons.count == 9)
    }

    @Test func theSeedDecides() {
        func first(_ seed: UInt64) -> Double? {
            gradientCheck(at: Self.x, mode: .directional(), seed: seed) { sin($0) }
                .comparisons.first?.analytic
        }
        #expect(first(1) == first(1))
        #expect(first(1) != first(2))
    }
}

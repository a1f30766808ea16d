import GradientTesting
import Testing

@Suite struct GradientTestingTests {
    @Test func rightGradientsPass() {
        let result = expectGradients(at: Tensor([0.5, -1]), [Tensor([2.0, 1])]) { $0 * sin($1[0]) }
        #expect(result.comparisons.count == 4)
    }

    @Test(.gradientCheck(order: 2, tolerance: 1e-5, seed: 3)) func theTraitGivesTheSettings() {
        #expect(GradientCheckTrait.current.seed == 3)
        let result = expectGradients(ofShapes: [2, 3], [3]) { tanh($0[0] * $0[1]) }
        #expect(result.comparisons.count == 2 * 9)
        #expect(expectGradients(ofShapes: [2], order: 1) { sin($0[0]) }.comparisons.count == 2)
    }

    @Test func withoutTheTraitThereAreDefaults() {
        #expect(GradientCheckTrait.current.order == 1)
        #expect(GradientCheckTrait.current.tolerance == 1e-6)
    }

    @Suite(.gradientCheck(mode: .directional(directions: 2))) struct Inner {
        @Test func theSuiteGivesTheSettings() {
            let result = expectGradients(ofShapes: [4, 5]) { square($0[0]) }
            #expect(result.comparisons.count == 2)
        }

        @Test(.gradientCheck(order: 2)) func theTestsOwnCount() {
            #expect(expectGradients(ofShapes: [2]) { exp($0[0]) }.comparisons.count == 4)
        }
    }

    @Test func wrongGradientsAreCaught() {
        withKnownIssue {
            expectGradients(at: Tensor([1.0, 2])) { x in
                customDerivative(at: x, of: { $0 * $0 }) { x, _, cotangent in
                    cotangent * x * Tensor([2.0, 2.5])
                }
            }
        } matching: { issue in
            let text = issue.comments.map(\.rawValue).joined()
            return text.contains("1 of 2 comparisons fail")
                && text.contains("derivative at element [1] of argument 0")
                && issue.sourceLocation?.fileID.hasSuffix("GradientTestingTests.swift") == true
        }
    }

    @Test(.gradientCheck(order: 2)) func wrongSecondDerivativesAreCaught() {
        withKnownIssue {
            expectGradients(ofShapes: [2]) { x in
                customDerivative(at: x[0], of: { $0 * $0 }) { x, _, cotangent in
                    2 * cotangent * stopGradient(x)
                }
            }
        } matching: { issue in
            issue.comments.map(\.rawValue).joined().contains("second derivative at element")
        }
    }

    @Test func nothingToCompareFails() {
        withKnownIssue { expectGradients(ofShapes: [0]) { $0[0] } }
    }
}

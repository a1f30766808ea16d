import Autograd
import LatentAnalysis
import TestSupport
import Testing

/// How angles are compared with the truth.
@Suite struct OrientationTests {
    private let truth = (0..<360).map { Double($0) }

    @Test func anyOffsetAndSenseAreFound() {
        let classes = truth.map { Int($0) % 2 }
        let told = zip(truth, classes).map { $1 == 0 ? 33.3 - $0 : $0 - 200 + 720 }
        let alignment = AngleAlignment(of: told, to: truth, classes: classes) { _ in 360 }
        let errors = alignment.errors(of: told, to: truth, classes: classes)
        #expect(errors.allSatisfy { $0 < 0.11 })
        // Read for the other class they are far off.
        let others = alignment.errors(of: told, to: truth, classes: classes.map { 1 - $0 })
        #expect(others.reduce(0, +) / 360 > 60)
    }

    @Test func whatIsTheSameUpsideDownIsNoError() {
        let told = truth.map { $0 + ($0 < 90 ? 180 : 0) }
        let none = truth.map { _ in 0 }
        func mean(_ symmetry: Double) -> Double {
            let alignment = AngleAlignment(of: told, to: truth, classes: none) { _ in symmetry }
            return alignment.errors(of: told, to: truth, classes: none).reduce(0, +) / 360
        }
        #expect(mean(180) < 0.11)
        #expect(abs(mean(360) - 45) < 0.2)
    }

    @Test func oneAngleForAllIsWrongByAQuarterOfTheRange() {
        let spread = (0..<1001).map { -60 + 0.12 * Double($0) }
        let none = spread.map { _ in 0 }
        let zeros = spread.map { _ in 0.0 }
        let alignment = AngleAlignment(of: zeros, to: spread, classes: none) { _ in 360 }
        let errors = alignment.errors(of: zeros, to: spread, classes: none)
        #expect(abs(errors.reduce(0, +) / 1001 - 30) < 0.1)
    }

    @Test func correlationsDoNotDependOnWhereAnglesCountFrom() {
        let angles = [10.0, 50, 80, -30, 5, 20]
        #expect(abs(circularCorrelation(of: angles, with: angles.map { $0 + 355 }) - 1) < 1e-12)
        #expect(abs(circularCorrelation(of: angles, with: angles.map { 7 - $0 }) + 1) < 1e-12)
        #expect(circularCorrelation(of: angles, with: angles.map { _ in 3 }) == 0)
        // By hand: sines of ±30° and ±90° about 0.
        let known = circularCorrelation(of: [-90, -30, 30, 90], with: [-30, -90, 90, 30])
        #expect(abs(known - 0.8) < 1e-12)
    }

    @Test func mistakesTrap() async throws {
        let uneven = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = AngleAlignment(of: [1], to: [1, 2], classes: [0, 0]) { _ in 360 }
        }
        #expect(message(of: uneven).contains("1 angles with 2 true ones of 2 classes"))
    }
}

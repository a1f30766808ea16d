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

    /// A model whose upright is another for each shape.
    @Test func offsetsGoWithPlaces() {
        var generator = RandomGenerator(seed: 1)
        let places = generator.uniform([360], dataType: .float64).elements(as: Double.self)
        let contents = Tensor(places, shape: [360, 1])
        let classes = truth.map { Int($0) % 2 }
        let told = truth.indices.map { index in
            classes[index] == 0
                ? truth[index] + 90 * places[index] : 40 * places[index] - truth[index]
        }
        let zeros = truth.map { _ in 0.0 }
        func mean(_ told: [Double]) -> Double {
            let alignment = LocalAngleAlignment(
                of: told, to: truth, at: contents, classes: classes, neighbours: 5
            ) { _ in 360 }
            let errors = alignment.errors(of: told, to: truth, at: contents, classes: classes)
            return errors.reduce(0, +) / 360
        }
        #expect(mean(told) < 2)
        let one = AngleAlignment(of: told, to: truth, classes: classes) { _ in 360 }
        let errors = one.errors(of: told, to: truth, classes: classes)
        #expect(errors.reduce(0, +) / 360 > 10)
        // Places alone tell little of the angle: five of 180 are another's.
        #expect(mean(zeros) > 50)
        // A class that was not there is read as it is.
        let known = LocalAngleAlignment(
            of: told, to: truth, at: contents, classes: zeros.map { _ in 3 }
        ) { _ in 360 }
        let others = known.errors(of: [10], to: [30], at: Tensor(rows: [[0.5]]), classes: [1])
        #expect(others == [20])
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
        let elsewhere = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            _ = LocalAngleAlignment(
                of: [1, 2], to: [1, 2], at: Tensor.zeros([3, 1]), classes: [0, 0]
            ) { _ in 360 }
        }
        #expect(message(of: elsewhere).contains("2 angles with places of shape [3, 1]"))
    }
}

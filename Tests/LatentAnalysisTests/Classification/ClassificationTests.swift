import Autograd
import Datasets
import Foundation
import Models
import TestSupport
import Testing

@testable import LatentAnalysis

@Suite struct LBFGSTests {
    private func rosenbrock(_ x: Tensor) -> Tensor {
        let (a, b) = (x.sliced(axis: 0, 0..<1), x.sliced(axis: 0, 1..<2))
        return (square(1 - a) + 100 * square(b - square(a))).sum()
    }

    @Test func findsTheMinimumAtTheEndOfACurvedValley() {
        var values: [Double] = []
        let found = LBFGS(tolerance: 1e-9).minimum(
            from: [Tensor([-1.2, 1])],
            monitor: ProgressMonitor { event in
                if case .advanced(_, let told) = event { values += told.map(\.value) }
            },
            of: { rosenbrock($0[0]) })
        #expect(closeness(of: found[0], to: Tensor([1.0, 1]), tolerance: 1e-8).passes)
        // As many as of an unlimited memory; steepest descent takes thousands.
        #expect(values.count < 60)
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 > $1 })
    }

    /// In as many steps as there are different curvatures, about, whatever the units.
    @Test func severalTensorsAreOneVector() {
        let curvatures = Tensor([1.0, 10, 1000])
        var steps = 0
        let found = LBFGS(tolerance: 1e-8).minimum(
            from: [Tensor([5.0, 5, 5]), Tensor([7.0])],
            monitor: ProgressMonitor { _ in steps += 1 },
            of: { (curvatures * square($0[0] - 2)).sum() + square($0[1] + $0[0].sum()).sum() })
        #expect(closeness(of: found[0], to: Tensor([2.0, 2, 2]), tolerance: 1e-7).passes)
        #expect(closeness(of: found[1], to: Tensor([-6.0]), tolerance: 1e-7).passes)
        #expect(steps < 40)
    }

    @Test func tellsNobodyWhereNobodyAsks() {
        let found = LBFGS(tolerance: 1e-9).minimum(from: [Tensor([5.0])]) {
            square($0[0] - 3).sum()
        }
        #expect(abs(found[0].scalar - 3) < 1e-8)
    }

    @Test func whatIsThrownEndsTheSearch() {
        struct Enough: Error {}
        #expect(throws: Enough.self) {
            try LBFGS().minimum(
                from: [Tensor([3.0])], monitor: ProgressMonitor(check: { throw Enough() }),
                of: { square($0[0]).sum() })
        }
    }
}

@Suite struct ClassificationTests {
    /// At the minimum the penalised weights, and for the biases zero, are what the samples say:
    /// Σ (label − probability) · feature, with the features that the regression scales.
    @Test func logisticRegressionMeetsTheConditionsOfTheMinimum() {
        var generator = RandomGenerator(seed: 1)
        let samples = generator.normal([60, 4], mean: 3, standardDeviation: 2, dataType: .float64)
        let labels = generator.integers([60], in: 0..<3)
        let penalty = 0.7
        let found = LogisticRegression(
            of: samples, labels: labels, classes: 3, penalty: penalty)
        let mean = samples.mean(axes: [0])
        let scale = 1 / square(samples - mean).mean().scalar.squareRoot()
        let excess =
            oneHot(labels, depth: 3, dataType: .float64) - softmax(found.logits(of: samples))
        let features = (samples - mean) * scale
        let expected = found.weight * (penalty / scale)
        #expect(
            closeness(
                of: matmul(excess, features, transposingLeft: true), to: expected,
                tolerance: 1e-2
            ).passes)
        #expect(
            closeness(
                of: excess.sum(axes: [0]), to: Tensor.zeros(like: found.bias), tolerance: 1e-2
            )
            .passes)
        // Other units change nothing.
        let other = LogisticRegression(
            of: samples * 100 - 7, labels: labels, classes: 3, penalty: penalty)
        #expect(
            closeness(
                of: other.logits(of: samples * 100 - 7), to: found.logits(of: samples),
                tolerance: 1e-3
            ).passes)
    }

    /// A known optimum: one feature, two classes, with the logarithms of the odds ±1 by design.
    @Test func logisticRegressionFindsKnownOdds() {
        // At −1 three of four have label 0, at 1 three of four have label 1.
        let samples = Tensor([-1.0, -1, -1, -1, 1, 1, 1, 1], shape: [8, 1])
        let labels = Tensor([Int32(0), 0, 0, 1, 1, 1, 1, 0])
        let found = LogisticRegression(of: samples, labels: labels, classes: 2, penalty: 0)
        let logits = found.logits(of: Tensor([1.0, -1], shape: [2, 1])).elements(as: Double.self)
        #expect(abs(logits[1] - logits[0] - log(3)) < 1e-3)
        #expect(abs(logits[3] - logits[2] + log(3)) < 1e-3)
        #expect(found.classes(of: samples).elements(as: Int32.self) == [0, 0, 0, 0, 1, 1, 1, 1])
    }

    @Test func thePenaltyIsChosenByWhatIsLeftOut() {
        var generator = RandomGenerator(seed: 3)
        let noise = generator.normal([240, 60], dataType: .float64)
        let hint =
            noise.sliced(axis: 1, 0..<1).squeezed() + 2
            * generator.normal([240], dataType: .float64)
        func best(_ samples: Tensor, _ labels: Tensor) -> Double {
            var generator = RandomGenerator(seed: 0)
            return LogisticRegression.bestPenalty(
                of: [0.01, 1000], samples: samples, labels: labels, classes: 2, using: &generator)
        }
        // Sixty features, of which one says a little: to trust them all is to learn noise.
        #expect(best(noise, (hint .> 0).cast(to: .int32)) == 1000)
        // One feature says all of a rare class: who trusts it too little never finds the class.
        let rare = (Tensor.range(240, dataType: .float64) .< 30).cast(to: .int32)
        #expect(best(rare.cast(to: .float64).reshaped([240, 1]), rare) == 0.01)
        // Nothing can be left out.
        #expect(best(noise[0..<5], Tensor([Int32(0), 1, 0, 1, 1])) == 0.01)
    }

    @Test func digitsAreTold() throws {
        let digits = try Dataset.named("digits8x8")
        let training = digits.training[Array(0..<600)]
        let images = digits.test.scaled().flattened()
        let labels = try #require(digits.test.labels)
        let regression = try LogisticRegression(
            of: training.scaled().flattened(), labels: #require(training.labels), classes: 10)
        let neighbours = try NearestNeighbourClassifier(
            of: training.scaled().flattened(), labels: #require(training.labels), neighbours: 3)
        for predictions in [regression.classes(of: images), neighbours.classes(of: images)] {
            let error = ConfusionMatrix(labels: labels, predictions: predictions, classes: 10).error
            #expect(error < 0.12, "\(error)")
        }
    }

    @Test func neighboursVote() {
        let line = Tensor([0.0, 1, 2, 10, 11, 20], shape: [6, 1])
        let labels = Tensor([Int32(4), 4, 7, 7, 7, 2])
        let queries = Tensor([0.4, 2.1, 9, 19, 6.6], shape: [5, 1])
        func classes(_ neighbours: Int) -> [Int32] {
            NearestNeighbourClassifier(of: line, labels: labels, neighbours: neighbours)
                .classes(of: queries).elements()
        }
        #expect(classes(1) == [4, 7, 7, 2, 7])
        #expect(classes(3) == [4, 4, 7, 7, 7])
        // One vote each: the nearest decides.
        let two = classes(2)
        #expect(two[1] == 7 && two[3] == 2)
    }

    @Test func confusionIsCounted() {
        let matrix = ConfusionMatrix(
            labels: Tensor([Int32(0), 0, 1, 2, 2, 2]),
            predictions: Tensor([Int32(0), 1, 1, 2, 0, 0]), classes: 3)
        #expect(matrix.counts == [[1, 1, 0], [0, 1, 0], [2, 0, 1]])
        #expect(matrix.total == 6 && matrix.accuracy == 0.5 && matrix.error == 0.5)
    }

    /// Samples of any size are told apart, and what is no number is not taken for a class.
    @Test func largeNumbersAreClassified() {
        let labels = Tensor([Int32(0), 0, 1, 1])
        for unit in [1e-30, 1e20, 1e37] {
            let samples = Tensor([-1, -2, 1, 2.0], shape: [4, 1]).cast(to: .float32) * unit
            let found = LogisticRegression(of: samples, labels: labels, classes: 2)
            #expect(found.classes(of: samples).elements(as: Int32.self) == [0, 0, 1, 1], "\(unit)")
        }
    }

    @Test(arguments: [
        (Float.nan, Int32(1), "sample 2 has an element that is infinite or not a number"),
        (.infinity, 1, "sample 2 has an element that is infinite or not a number"),
        (1, -1, "sample 2 has the label -1, expected class numbers from 0 and below 2"),
        (1, 2, "sample 2 has the label 2, expected class numbers from 0 and below 2"),
    ])
    func whatCannotBeLearnedTraps(_ value: Float, _ label: Int32, _ expected: String) async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { [bits = value.bitPattern as UInt32, label = label as Int32] in
            let value = Float(bitPattern: bits)
            _ = LogisticRegression(
                of: Tensor([0, 1, value, 3] as [Float], shape: [4, 1]),
                labels: Tensor([0, 1, label, 1] as [Int32]), classes: 2)
        }
        #expect(message(of: result).contains("LogisticRegression: " + expected))
    }

    @Test func aQueryWithoutNeighboursTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let line = Tensor([0, 1, 2] as [Float], shape: [3, 1])
            let classifier = NearestNeighbourClassifier(
                of: line, labels: Tensor([0, 1, 1] as [Int32]), neighbours: 1)
            _ = classifier.classes(of: Tensor([1, .nan] as [Float], shape: [2, 1]))
        }
        #expect(message(of: result).contains("query 1 has an element"))
    }

    @Test func aClassifierNamesALabelThatIsNoClass() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var generator = RandomGenerator(seed: 1)
            let classifier = Classifier(Flatten(), count: 2, classes: 3, using: &generator)
            var context = PassContext.evaluation
            let batch = Batch(Tensor.zeros([2, 2]), labels: Tensor([2, 3] as [Int32]))
            _ = Classification()(classifier.pass(batch, in: &context))
        }
        #expect(message(of: result).contains("Classification: sample 1 has the label 3"))
    }

    @Test func aLossWithoutAValueAtTheStartTraps() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = LBFGS().minimum(from: [Tensor([-1.0])]) { log($0[0]).sum() } }
        #expect(message(of: result).contains("LBFGS: the function is nan at the start"))
    }

    @Test func ofNoSamplesThereIsNoAccuracy() {
        let empty = Tensor([] as [Int32])
        #expect(ConfusionMatrix(labels: empty, predictions: empty, classes: 2).accuracy.isNaN)
    }
}

import Autograd
import Datasets
import Models
import TestSupport
import Testing

@Suite struct ImageFeaturesTests {
    @Test func digitsAreLearnt() throws {
        let digits = try Dataset.named("digits8x8")
        var parts: [Double] = []
        let monitor = ProgressMonitor { event in
            if case .advanced(let part, _) = event { parts.append(part) }
        }
        let features = try ImageFeatures(
            learnedFrom: digits.training, classes: 10, seed: 1, monitor: monitor)
        #expect(try features.accuracy(on: digits.test) > 0.96)
        #expect(parts.last == 1 && parts == parts.sorted() && parts.count > 100)
        let found = features(digits.test.scaled())
        #expect(found.shape == [digits.test.count, ImageFeatures.count] && found.allFinite)
        // Pixels are scaled as in training.
        #expect(features(digits.test.inputs).isIdentical(to: found))
        // Its classes are what the features say.
        let logits = features.classifier.head(found)
        let isRight = logits.argmax() .== (try #require(digits.test.labels))
        let share = isRight.cast(to: .float64).mean().scalar
        #expect(try abs(features.accuracy(on: digits.test) - share) < 1e-12)
    }

    /// Images of two kinds: bright above or bright below.
    private func images(_ shape: [Int], count: Int = 40) -> Examples {
        var generator = RandomGenerator(seed: 2)
        let noise = generator.uniform([count] + shape)
        let axis = shape.count - 2
        var profile = [Int](repeating: 1, count: shape.count + 1)
        profile[axis + 1] = shape[axis]
        let rows = Tensor((0..<shape[axis]).map { Float($0 * 2 < shape[axis] ? 1 : -1) })
        let labels = (0..<count).map { Int32($0 % 2) }
        let signs = Tensor(labels.map { Float(2 * $0 - 1) })
            .reshaped([count] + shape.map { _ in 1 })
        return Examples(
            300 + 50 * (noise + rows.reshaped(profile) * signs), labels: Tensor(labels))
    }

    /// Of any shape and on any scale.
    @Test(arguments: [[3, 7, 5], [2, 1], [1, 17, 3], [13, 20], [3, 32, 32]])
    func anyShape(_ shape: [Int]) throws {
        let examples = images(shape)
        let features = try ImageFeatures(learnedFrom: examples, classes: 2, seed: 3)
        #expect(features(examples.inputs).shape == [40, 64])
        #expect(try features.accuracy(on: examples) > 0.9)
    }

    @Test func seedDeterminesAll() throws {
        let examples = images([6, 6], count: 300)
        func found(_ seed: UInt64) throws -> Tensor {
            try ImageFeatures(learnedFrom: examples, classes: 2, seed: seed)(examples.inputs)
        }
        let first = try found(1)
        #expect(try found(1).isIdentical(to: first))
        #expect(try !found(2).isIdentical(to: first))
    }

    /// Images that are drawn anew for each batch are learnt as what they are on average.
    @Test func expectedPixelsAreLearnt() throws {
        let digits = try Dataset.named("digits8x8")
        let few = Dataset(
            name: "few", training: digits.training[Array(0..<60)], test: digits.test,
            classNames: digits.classNames, source: "")
        let drawn = try few.binarized(.dynamic)
        let features = try [few, drawn].map {
            try ImageFeatures(learnedFrom: $0.training, classes: 10)(digits.test.scaled())
        }
        #expect(closeness(of: features[1], to: features[0], tolerance: 1e-3).passes)
    }

    @Test func stopsWhenAsked() throws {
        let monitor = ProgressMonitor<CancellationError>(isCancelled: { true })
        #expect(throws: CancellationError.self) {
            try ImageFeatures(learnedFrom: images([4, 4]), classes: 2, monitor: monitor)
        }
    }

    @Test func mistakesTrap() async {
        var result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) { _ = try ImageFeatures(learnedFrom: Examples(.zeros([4, 5, 5])), classes: 2) }
        #expect(message(of: result).contains("2 classes of examples of shape [4, 5, 5]"))
        result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let examples = Examples(.zeros([2, 5, 5]), labels: Tensor([0, 2] as [Int32]))
            _ = try ImageFeatures(learnedFrom: examples, classes: 2)
        }
        #expect(message(of: result).contains("each with a label below the number of classes"))
    }
}

import Autograd
import Datasets
import Foundation
import Models
import TestSupport
import Testing

@testable import Experiments

/// How new samples are measured by the command.
@Suite struct QualityCommandTests {
    private struct Answer: Decodable {
        struct Measures: Decodable, Equatable {
            let frechetDistance: Double
            let kernelDiscrepancy: Double
            let kernelDiscrepancyError: Double
            let precision: Double
            let recall: Double

            var areFinite: Bool {
                [frechetDistance, kernelDiscrepancy, kernelDiscrepancyError, precision, recall]
                    .allSatisfy(\.isFinite)
            }
        }
        struct Quality: Decodable, Equatable {
            let samples: Int
            let testSamples: Int
            let prior: String
            let accuracy: Double
            let made: Measures
            let training: Measures
            let reconstructions: Measures?
        }
        let quality: Quality?
    }

    private func run(_ words: [String], in folder: TestFolder) throws -> ProgramOutcome {
        try ProgramProcess(words, in: folder, shell: nil).outcome()
    }

    private func quality(_ words: String..., in folder: TestFolder) throws -> Answer.Quality {
        let outcome = try run(
            ["evaluate", "run", "--quality", "--json", "--quiet"] + words, in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
        return try #require(answer.quality)
    }

    /// A model that has hardly learnt makes worse samples than the data have, and other numbers of
    /// threads make no difference.
    @Test func samplesAreComparedWithTestImages() throws {
        let folder = try TrainedFixture.copy()
        let found = try quality("--threads", "1", in: folder)
        #expect(found.samples == 360 && found.testSamples == 360 && found.prior == "own")
        #expect(found.accuracy > 0.96)
        let reconstructions = try #require(found.reconstructions)
        let (made, training) = (found.made, found.training)
        #expect(made.areFinite && training.areFinite && reconstructions.areFinite)
        #expect(training.frechetDistance < 0.2 * made.frechetDistance)
        #expect(abs(training.kernelDiscrepancy) < 0.2 * made.kernelDiscrepancy)
        #expect(training.precision > made.precision && training.recall > made.recall)
        #expect(training.precision > 0.8 && training.recall > 0.8)
        #expect(reconstructions.frechetDistance > training.frechetDistance)
        #expect(try quality("--threads", "2", in: folder) == found)
    }

    /// The samples are those of `sample`, and the features those of the library.
    @Test func samplesAreThoseOfTheCommand() throws {
        let folder = try TrainedFixture.copy()
        let found = try quality("--prior", "mixture", "--samples", "200", in: folder)
        #expect(found.prior == "mixture" && found.samples == 200 && found.testSamples == 200)
        let sampled = try tapestry(
            "sample", "run", "--prior", "mixture", "--count", "200", "--output", "s.npy",
            in: folder)
        #expect(sampled.status == 0, "\(sampled.error)")
        let digits = try Dataset.named("digits8x8")
        let features = try ImageFeatures(learnedFrom: digits.training, classes: 10)
        #expect(try features.accuracy(on: digits.test) == found.accuracy)
        var generator = RandomGenerator(seed: 0)
        let test = digits.test[generator.permutation(360).prefix(200).sorted()]
        let distance = frechetDistance(
            between: features(try NPY.read(folder.path("s.npy"))), and: features(test.scaled()))
        #expect(abs(distance - found.made.frechetDistance) < 1e-9 * distance)
    }

    @Test func theTableSaysWhatItIsOf() {
        func measures(_ distance: Double) -> SampleQuality.Measures {
            SampleQuality.Measures(
                frechetDistance: distance, kernelDiscrepancy: distance / 8,
                kernelDiscrepancyError: 0.5, precision: 0.5, recall: 1)
        }
        let quality = SampleQuality(
            samples: 1200, testSamples: 1000, prior: "own", accuracy: 0.975, made: measures(20),
            training: measures(2), reconstructions: nil)
        #expect(
            quality.text == """
                Quality of 1,200 samples beside 1,000 test samples:
                                      samples           training samples
                  Fréchet distance    20.000            2.0000
                  Kernel discrepancy  2.5000 ± 0.50000  0.25000 ± 0.50000
                  Precision           50.00 %           50.00 %
                  Recall              100.00 %          100.00 %
                The features are those of a classifier that was trained here, and classifies 97.50 % \
                of the test samples correctly: these numbers are not comparable with published ones, \
                of Inception features.

                """)
    }

    /// Of points the modes that samples lie in.
    @Test func modesOfPointsAreCounted() throws {
        let folder = TestFolder()
        let trained = try run(
            [
                "train", "gan", "--data", "circle", "--epochs", "1", "--hidden-sizes", "8",
                "--output", "run", "--quiet",
            ], in: folder)
        #expect(trained.status == 0, "\(trained.error)")
        let outcome = try run(
            ["evaluate", "run", "--quality", "--samples", "300", "--quiet"], in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(outcome.output.contains("Modes of 300 samples:"))
        #expect(outcome.output.contains(/Modes found +\d of 8\n/))
        #expect(outcome.output.contains(/Test samples within them +9[789]\.\d+ %\n/))
        #expect(outcome.output.contains("Critic loss"))
        struct Answer: Decodable {
            struct Modes: Decodable { let samples, modes: Int }
            let modes: Modes
        }
        let json = try run(["evaluate", "run", "--quality", "--json", "--quiet"], in: folder)
        let answer = try JSONDecoder().decode(Answer.self, from: Data(json.output.utf8))
        #expect(answer.modes.samples == 2000 && answer.modes.modes == 8)
    }

    /// All is known before anything is computed.
    @Test func wrongQuestionsHaveOneLine() throws {
        let folder = try TrainedFixture.copy()
        for (words, message) in [
            (["--samples", "30"], "--samples: only with --quality"),
            (["--prior", "flow"], "--prior: only with --quality"),
            (["--quality", "--samples", "19"], "expected a whole number from 20 to 10000"),
            (["--quality", "--prior", "flaw"], #"did you mean "flow"?"#),
            (["--quality", "--part", "training"], "is about the test part, not --part training"),
            (["--draws", "10"], "--draws: only with --likelihood"),
            (["--likelihood", "--count", "0"], "--count 0: expected a whole number"),
        ] {
            // Also of a run that is not there.
            let outcome = try run(["evaluate", "none"] + words, in: folder)
            #expect(outcome.status == 2 && outcome.complaints.count == 1)
            #expect(outcome.error.contains(message), "\(outcome.error)")
        }
    }

    @Test func unfitDataAndModelsAreTold() throws {
        let folder = TestFolder()
        var generator = RandomGenerator(seed: 1)
        try NPY.write(generator.uniform([60, 6, 6]), to: folder.path("x.npy"))
        try NPY.write(Tensor((0..<60).map { Int32($0 % 3) }), to: folder.path("y.npy"))
        func failure(
            _ recipe: String, _ words: String..., message: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let path = "run \(UUID().uuidString)"
            let trained = try run(
                ["train", recipe, "--epochs", "1", "--output", path, "--quiet"] + words,
                in: folder)
            #expect(trained.status == 0, "\(trained.error)", sourceLocation: sourceLocation)
            expectFailure(
                try tapestry("evaluate", path, "--quality", "--quiet", in: folder), message,
                sourceLocation: sourceLocation)
        }
        try failure("vae", "--data", "rings", message: "rings: expected images")
        try failure(
            "table", "--data", "customers", message: "customers: expected images")
        try failure("vae", "--data", "x.npy", message: "x.npy: expected labels, found none")
        try failure(
            "vae", "--data", "x.npy", "--labels", "y.npy",
            message: "x.npy: expected at least 20 test samples")
        try failure(
            "vae", "--data", "x.npy", "--labels", "y.npy", "--test-share", "0",
            message: "test samples apart from the training samples")
        try failure(
            "dncnn", "--data", "x.npy", "--labels", "y.npy",
            message: "expected a model with a generator of samples")
        try failure(
            "vae", "--data", "digits8x8", "--normal", "3", message: "labels of at least two classes"
        )
    }
}

import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// Commands about models that are told the label of each sample.
@Suite struct ConditionalCommandTests {
    /// A run on the 8 × 8 digits, made once.
    private static let made: (folder: TestFolder, outcome: ProgramOutcome) = {
        let folder = TestFolder()
        let outcome = try! tapestry(
            "train", "conditional-vae", "--data", "digits8x8", "--epochs", "12", "--latent-size",
            "2", "--hidden-sizes", "64", "--prior", "conditional", "--learning-rate", "0.005",
            "--output", "run", "--quiet", in: folder)
        return (folder, outcome)
    }()

    private func copy() throws -> TestFolder {
        let folder = TestFolder()
        try folder.copy("run", from: Self.made.folder)
        return folder
    }

    @Test func thePageShowsClassesAndTransfer() throws {
        #expect(Self.made.outcome.status == 0, "\(Self.made.outcome.error)")
        let folder = try copy()
        let page = try folder.text("run/report.html")
        for part in ["A class for each row", "Transfer", "decoded under each class"] {
            #expect(page.contains(part), "\(part)")
        }
        // Tiles of 64 pixels with 4 between them: a row for each class.
        let samples = try PNG.read(folder.path("run/samples.png"))
        #expect(samples.height == 684 && samples.width == 684)
        let transfer = try PNG.read(folder.path("run/transfer.png"))
        #expect(transfer.height == 684 && transfer.width == 752)
        let before = try folder.bytes("run/transfer.png")
        try FileManager.default.removeItem(atPath: folder.path("run/transfer.png"))
        #expect(try tapestry("transfer", "run", "--quiet", in: folder).status == 0)
        #expect(try folder.bytes("run/transfer.png") == before)
        let drawn = try tapestry("sample", "run", "--output", "all.png", "--quiet", in: folder)
        #expect(drawn.status == 0)
        #expect(try folder.bytes("all.png") == folder.bytes("run/samples.png"))
    }

    /// New images are of the classes of training images, as frequent as there.
    @Test func theQualityOfAllClassesIsMeasured() throws {
        struct Answer: Decodable {
            struct Measures: Decodable { let frechetDistance: Double }
            struct Quality: Decodable { let made, training: Measures }
            let quality: Quality
        }
        let folder = try copy()
        let outcome = try tapestry("evaluate", "run", "--quality", "--json", "--quiet", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let found = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8)).quality
        #expect(found.training.frechetDistance < found.made.frechetDistance)
        #expect(found.made.frechetDistance.isFinite)
        let trained = try TrainedRun(TrainingRun.open(at: folder.path("run")))
        let told = try #require(trained.usualConditions(4000, seed: 3)).elements(as: Int32.self)
        let known = try #require(trained.experiment.dataset.training.labels).elements(
            as: Int32.self)
        for label in Int32(0)..<10 {
            let share = Double(known.count { $0 == label }) / Double(known.count)
            #expect(abs(Double(told.count { $0 == label }) / 4000 - share) < 0.03)
        }
    }

    @Test func samplesAreOfTheClassAskedFor() throws {
        let folder = try copy()
        var means: [Tensor] = []
        for label in ["0", "1"] {
            let outcome = try tapestry(
                "sample", "run", "--label", label, "--count", "30", "--output", "\(label).npy",
                "--quiet", in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let samples = try NPY.read(folder.path("\(label).npy"))
            #expect(samples.shape == [30, 8, 8])
            means.append(samples.mean(axes: [0]))
        }
        // A zero is empty in the middle, where a one is not.
        #expect(means[0][3, 4].scalar < means[1][3, 4].scalar - 0.3)
        for (words, part) in [
            (["--label", "eleven"], "unknown class"), (["--condition", "3"], "see --label"),
            (["--condition", "3", "--label", "3"], "only one"), (["--class", "3"], "--class"),
        ] {
            let outcome = try ProgramProcess(["sample", "run"] + words, in: folder).outcome()
            #expect(outcome.status == 2 && outcome.complaints.count == 1)
            #expect(outcome.error.contains(part), "\(outcome.error)")
        }
    }

    @Test func otherCommandsTellItTheLabels() throws {
        let folder = try copy()
        for words in [
            ["embed"], ["map", "--method", "pca"], ["probe", "--method", "neighbours"],
            ["reconstruct"], ["evaluate", "--likelihood", "--draws", "5", "--count", "20"],
        ] {
            let outcome = try ProgramProcess(
                [words[0], "run"] + words.dropFirst() + ["--quiet"], in: folder
            ).outcome()
            #expect(outcome.status == 0, "\(words): \(outcome.error)")
        }
        try NPY.write(Tensor(repeating: 0.5, shape: [3, 8, 8]), to: folder.path("no.npy"))
        expectFailure(
            try tapestry("evaluate", "run", "--data", "no.npy", "--quiet", in: folder),
            "a label for each sample", "samples without labels")
        expectFailure(
            try tapestry("interpolate", "run", "--quiet", in: folder), "transfer", "classify")
    }

    @Test func bayesRuleClassifies() throws {
        let folder = try copy()
        let words = ["classify", "run", "--count", "200", "--quiet"]
        let result = try object(ProgramProcess(words + ["--json"], in: folder).outcome())
        let accuracy = try #require(result["accuracy"] as? Double)
        #expect(accuracy > 0.8, "\(accuracy)")
        #expect(try #require(result["largestClass"] as? Double) < 0.2)
        #expect(result["samples"] as? Int == 200 && result["draws"] as? Int == 10)
        let areas = try #require(result["areas"] as? [[String: Any]])
        #expect(areas.count == 1 && areas[0]["against"] as? String == "uniform noise")
        #expect(try #require(areas[0]["area"] as? Double) > 0.95)
        let table = try CSV.read(folder.path("run/classification.csv"))
        #expect(table.header.count == 3 && table.rows.count == 100)
        #expect(Double(table.rows[0][1]) == accuracy && Double(table.rows[0][2]) == accuracy)
        #expect(folder.exists("run/classification.svg"))

        var generator = RandomGenerator(seed: 2)
        try NPY.write(generator.uniform([20, 8, 8]), to: folder.path("other.npy"))
        let against = try ProgramProcess(words + ["--against", "other.npy"], in: folder).outcome()
        #expect(against.output.contains("other.npy: "), "\(against.error)")
        expectFailure(
            try ProgramProcess(words + ["--against", "rings"], in: folder).outcome(),
            "samples of shape [8, 8]")
        let plain = try TrainedFixture.copy()
        for command in ["classify", "transfer"] {
            expectFailure(
                try tapestry(command, "run", "--quiet", in: plain), "as \(command) requires")
        }
        #expect(try tapestry("classify", "run", "--draws", "0", in: folder).status == 2)
    }

    @Test func trainingGoesOnToTheLastBit() throws {
        let folder = TestFolder()
        let recipe = try ConditionalAutoencoder().choosing([
            "epochs": "2", "hidden-sizes": "16", "latent-size": "2", "prior": "conditional",
        ])
        let digits = try Dataset.named("digits8x8")
        try Experiment(recipe, on: digits).train(in: folder.path("whole"))
        var asked = 0
        #expect(throws: CancellationError.self) {
            let monitor = ProgressMonitor {
                asked += 1
                return asked > 3
            }
            try Experiment(recipe, on: digits).train(in: folder.path("run"), monitor: monitor)
        }
        try Experiment(recipe, on: digits).train(in: folder.path("run"))
        let file = "checkpoint.safetensors"
        #expect(try folder.bytes("run/\(file)") == folder.bytes("whole/\(file)"))
        let known = try TrainingRun.open(at: folder.path("run")).configuration.samples.classNames
        #expect(known == digits.classNames)
    }

    @Test func rejectingTheWrongOnesHelps() {
        let curve = RejectionCurve(
            scores: [3, 1, 2, 4], isRight: [true, false, false, true])
        #expect(curve.points.count == 100 && curve.points[0] == Point(x: 0, y: 0.5))
        #expect(curve.points[25].y == 2.0 / 3 && curve.points[50].y == 1)
        #expect(curve.points[99].y == 1)
    }
}

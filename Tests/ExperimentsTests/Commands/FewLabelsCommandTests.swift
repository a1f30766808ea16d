import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// Training where few samples have labels, and what can be asked wrongly of it.
@Suite struct FewLabelsCommandTests {
    private static let small = [
        "--epochs", "2", "--hidden-sizes", "8", "--latent-size", "2", "--quiet",
    ]

    private func train(_ words: String..., in folder: TestFolder) throws -> ProgramOutcome {
        try ProgramProcess(["train"] + words + Self.small, in: folder).outcome()
    }

    private func metrics(_ folder: TestFolder, _ run: String) throws -> [EpochRecord] {
        try TrainingRun.open(at: folder.path(run)).history()
    }

    @Test func labelsAreKept() throws {
        let folder = TestFolder()
        let data = ["--data", "digits8x8", "--labels-kept", "30"]
        for recipe in ["m1", "m2", "m1-m2"] {
            let more = recipe == "m1-m2" ? ["--pretraining-epochs", "1", "--upper-sizes", "4"] : []
            let outcome = try ProgramProcess(
                ["train", recipe, "--output", recipe] + data + more + Self.small, in: folder
            ).outcome()
            #expect(outcome.status == 0 && outcome.complaints.isEmpty, "\(outcome.error)")
            let run = try TrainingRun.open(at: folder.path(recipe))
            #expect(run.configuration.data.labelsKept == 30)
            #expect(run.configuration.samples.classes == nil)
            #expect(run.configuration.samples.classesOfSome == 10)
            let error = try #require(run.history().last?.heldOut["classificationError"])
            #expect(0...1 ~= error)
            #expect(try folder.text("\(recipe)/report.html").contains("--labels-kept 30"))
            let evaluated = try tapestry("evaluate", recipe, "--json", in: folder)
            let values = try #require(
                JSONSerialization.jsonObject(with: Data(evaluated.output.utf8)) as? [String: Any])
            let metrics = values["metrics"] as? [String: Any] ?? values
            let found = try #require(metrics["classificationError"] as? Double)
            #expect(abs(found - error) < 1e-12)
        }
        // Another seed keeps others; a run that goes on has its own.
        let other = try train(
            "m2", "--data", "digits8x8", "--labels-kept", "30", "--seed", "1", "--output", "other",
            in: folder)
        #expect(other.status == 0)
        func checksum(_ run: String) throws -> String? {
            try TrainingRun.open(at: folder.path(run)).configuration.dataChecksum
        }
        #expect(try checksum("other") != checksum("m2") && checksum("m1") == checksum("m2"))
        let resumed = try tapestry(
            "train", "m2", "--resume", "--output", "m2", "--epochs", "3", "--quiet", in: folder)
        #expect(resumed.status == 0, "\(resumed.error)")
        #expect(try metrics(folder, "m2").count == 3)
        let refused = try tapestry(
            "train", "m2", "--resume", "--output", "m2", "--labels-kept", "40", in: folder)
        #expect(refused.status == 2 && refused.error.contains("--labels-kept 40"))
        #expect(refused.complaints.count == 1)
    }

    /// Two places of numbers, of which every ninth has a name.
    private func points(_ label: (Int) -> String) -> CSV.Table {
        CSV.Table(
            header: ["x", "y", "kind"],
            rows: (0..<180).map { row in
                let place = row % 2 == 0 ? 4.0 : -4
                let (x, y) = (place + sin(Double(row)), place + cos(Double(3 * row)))
                return ["\(x)", "\(y)", label(row)]
            })
    }

    @Test func emptyCellsAreNoLabels() throws {
        let folder = TestFolder()
        try CSV.write(
            points { $0 % 9 == 0 ? ($0 % 2 == 0 ? "up" : "down") : "" }, to: folder.path("p.csv"))
        let outcome = try ProgramProcess(
            [
                "train", "m2", "--data", "p.csv", "--label", "kind", "--epochs", "60",
                "--hidden-sizes", "8", "--latent-size", "1", "--learning-rate", "0.02",
                "--batch-size", "20", "--test-share", "0.3", "--output", "run", "--quiet",
            ], in: folder
        ).outcome()
        #expect(outcome.status == 0, "\(outcome.error)")
        let run = try TrainingRun.open(at: folder.path("run"))
        #expect(run.configuration.samples.classesOfSome == 2)
        #expect(try run.history().last?.heldOut["classificationError"] == 0)
        // Without any label, or with those of one class, there is nothing to learn.
        for text in ["", "up"] {
            try CSV.write(points { $0 % 9 == 0 ? text : "" }, to: folder.path("p.csv"))
            expectFailure(
                try train("m2", "--data", "p.csv", "--label", "kind", in: folder),
                "expected training samples with labels of at least two classes, as the recipe m2 "
                    + "needs them, found")
        }
        // Other data may not have classes that were not learned.
        try CSV.write(points { "\($0 % 3)" }, to: folder.path("q.csv"))
        expectFailure(
            try tapestry(
                "probe", "run", "--data", "q.csv", "--label", "kind", in: folder),
            "q.csv: expected labels of 2 classes, as the recipe m2 requires, found labels of 3")
    }

    @Test func whatCannotBeKept() throws {
        let folder = TestFolder()
        let digits = ["--data", "digits8x8", "--labels-kept"]
        for (count, text) in [
            ("1438", "expected 1438 training samples with labels, to keep as many, found 1437"),
            ("9", "expected at least 10 labels to keep, one for each class, found 9"),
        ] {
            expectFailure(
                try ProgramProcess(["train", "m2"] + digits + [count], in: folder).outcome(), text)
        }
        try CSV.write(points { _ in "up" }, to: folder.path("p.csv"))
        try CSV.write(points { "\($0)" }, to: folder.path("l.csv"))
        expectFailure(
            try train("m2", "--data", "p.csv", "--label", "kind", "--labels-kept", "5", in: folder),
            "expected labels of at least two classes, to keep 5, found one class")
        expectFailure(
            try train("vae", "--data", "l.csv", "--labels-kept", "5", in: folder),
            "expected training samples with labels, to keep 5, found none")
        for words in [
            digits + ["0"], digits + ["many"], ["--data", "customers", "--labels-kept", "9"],
        ] {
            let recipe = words.contains("customers") ? "table" : "m2"
            let outcome = try ProgramProcess(["train", recipe] + words, in: folder).outcome()
            #expect(outcome.status == 2 && outcome.complaints.count == 1)
            #expect(outcome.error.hasPrefix("tapestry: --labels-kept"))
        }
        #expect(!folder.exists("runs"))
    }
}

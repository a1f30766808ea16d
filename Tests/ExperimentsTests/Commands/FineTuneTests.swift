import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// Encoders that are trained on to tell classes.
@Suite struct FineTuneTests {
    @Test func aCurveHasItsTableAndPage() throws {
        let folder = try TrainedFixture.copy()
        let outcome = try tapestry(
            "finetune", "run", "--curve", "--seeds", "2", "--steps", "40", "--json", "--quiet",
            in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        let result = try JSONDecoder().decode(
            FineTuningResult.self, from: Data(outcome.output.utf8))
        // There are 1437 samples, too few for 3000.
        #expect(result.errors.map(\.labels) == [100, 100, 600, 600, 1000, 1000])
        #expect(result.errors.map(\.seed) == [0, 1, 0, 1, 0, 1])
        #expect(result.testSamples == 360)
        for error in result.errors {
            // Chance is 0.9.
            #expect(error.trained < 0.8 && error.scratch < 0.8 && error.trained != error.scratch)
        }
        #expect(
            try folder.names(in: "run/finetune") == [
                "errors.csv", "errors.svg", "errors.png", "summary.json", "report.html",
            ])
        let table = try CSV.readNumbers(folder.path("run/finetune/errors.csv"))
        #expect(table.header == ["labels", "seed", "trained", "scratch"])
        #expect(
            table.values.sliced(axis: 1, 2..<3).elements(as: Double.self)
                == result.errors.map(\.trained))
        let page = try folder.text("run/finetune/report.html")
        #expect(page.contains("<h1>vae on digits8x8, fine-tuned</h1>"))
        #expect(page.contains("<h2>Error by number of labels</h2>"))
        #expect(page.contains("<h2>Test errors</h2>"))
        #expect(try PNG.read(folder.path("run/finetune/errors.png")).width == 1600)
    }

    /// The same seed gives the same errors; more labels tell more.
    @Test func labelsHelp() throws {
        let folder = try TrainedFixture.copy()
        func error(_ words: String...) throws -> FineTuningResult.Errors {
            let outcome = try ProgramProcess(
                ["finetune", "run", "--seeds", "1", "--steps", "150", "--json", "--quiet"] + words,
                in: folder
            ).outcome()
            #expect(outcome.status == 0)
            let result = try JSONDecoder().decode(
                FineTuningResult.self, from: Data(outcome.output.utf8))
            #expect(result.errors.count == 1)
            return result.errors[0]
        }
        let few = try error("--labels", "20", "--output", "few")
        let all = try error("--output", "all")
        #expect(all.labels == 1437)
        #expect(all.trained < few.trained && all.scratch < few.scratch)
        // Through two numbers, in few steps: better than chance, 0.9.
        #expect(all.trained < 0.75)
        let again = try error("--labels", "20", "--output", "again", "--threads", "1")
        #expect(again.trained == few.trained && again.scratch == few.scratch)
        let other = try error("--labels", "20", "--output", "other", "--seed", "5")
        #expect(other.trained != few.trained || other.scratch != few.scratch)
    }

    /// A fine-tuning that is stopped, refused what would change it, and gone on with, ends as one
    /// that never was.
    @Test func interruptedItGoesOn() throws {
        let folder = try TrainedFixture.copy()
        let words = [
            "finetune", "run", "--labels", "100", "--seeds", "2", "--steps", "200", "--seed", "7",
        ]
        let process = try ProgramProcess(words + ["--output", "a result"], in: folder)
        while process.isRunning, try !folder.text("a result/progress.json").contains("\"error\"") {
            usleep(5_000)
        }
        process.send(SIGINT)
        let stopped = try process.outcome()
        #expect(stopped.status == 130 && stopped.output.isEmpty)
        #expect(
            try #require(stopped.complaints.last).wholeMatch(
                of: /tapestry: interrupted after [1-3] of 4 networks; to resume: (.*)/)?.1
                == "tapestry finetune run --resume --output 'a result'")
        let files = try folder.names(in: "a result")
        #expect(files.count == 2 && files.contains("progress.json"))
        #expect(files.contains { $0.hasPrefix("100-labels-") && $0.hasSuffix(".safetensors") })

        func refusal(_ words: String...) throws -> (Int32, String) {
            let outcome = try ProgramProcess(
                ["finetune", "run", "--output", "a result"] + words, in: folder
            ).outcome()
            #expect(outcome.complaints.count == 1)
            return (outcome.status, outcome.error)
        }
        let begun = "the fine-tuning in a result was started with"
        #expect(
            try refusal("--resume", "--steps", "50")
                == (2, "tapestry: --steps 50: \(begun) 200\n"))
        #expect(
            try refusal("--resume", "--labels", "50")
                == (2, "tapestry: --labels 50: \(begun) 100 labels\n"))
        #expect(
            try refusal("--resume", "--curve") == (2, "tapestry: --curve: \(begun) 100 labels\n"))
        #expect(
            try refusal("--resume", "--data", "digits")
                == (2, "tapestry: --data digits: \(begun) digits8x8\n"))
        let second = try refusal("--labels", "100")
        #expect(second.0 == 1 && second.1.contains("continue it with --resume"))
        #expect(try folder.names(in: "a result") == files)

        // Saying the same again is no change.
        let resumed = try tapestry(
            "finetune", "run", "--resume", "--output", "a result", "--labels", "100", "--quiet",
            in: folder)
        #expect(resumed.status == 0 && resumed.error.isEmpty)
        let whole = try ProgramProcess(words + ["--output", "whole"], in: folder).outcome()
        #expect(whole.status == 0)
        #expect(try folder.names(in: "a result") == folder.names(in: "whole"))
        for file in ["summary.json", "errors.csv", "report.html"] {
            #expect(try folder.bytes("a result/\(file)") == folder.bytes("whole/\(file)"))
        }
        // Now there is nothing left to go on with, and nothing is written over.
        let found = "found a finished fine-tuning: choose another --output\n"
        #expect(
            try refusal("--resume")
                == (1, "tapestry: a result: expected an interrupted fine-tuning, \(found)"))
        #expect(
            try refusal() == (1, "tapestry: a result: expected a folder without a result, \(found)")
        )
        #expect(
            try folder.bytes("a result/summary.json") == folder.bytes("whole/summary.json"))
        let page = try folder.text("whole/report.html")
        #expect(
            page.contains("--labels 100 --seeds 2 --seed 7 --steps 200 --batch-size 100"))
    }

    /// What was trained is not trained again: a network goes on at the batch where it stopped,
    /// also where only its test is left.
    @Test(arguments: [0, 1, 10, 30, 45, 46]) func aNetworkGoesOnWhereItStopped(limit: Int) throws {
        let folder = TrainedFixture.made.folder
        let trained = try TrainedRun(TrainingRun.open(at: folder.path("run")))
        let plan = FineTuning.Plan(labels: [40], steps: 30, batchSize: 20)
        let tuning = FineTuning(
            experiment: trained.experiment, model: try trained.encoder(for: "finetune"),
            data: try LabelledClasses(of: trained.experiment.dataset), plan: plan)
        let network = FineTuning.Network(labels: 40, seed: 3, start: .trained)
        let own = TestFolder()
        struct Stop: Error {}
        /// The error, and how often was asked whether to stop: before each of 15 epochs, after each
        /// of 30 batches, and before the test.
        func error(_ name: String, stoppingAfter limit: Int = .max) throws -> (Double, Int) {
            var count = 0
            let monitor = ProgressMonitor(
                report: { event in
                    guard case .advanced(let part, _) = event else { return }
                    #expect(0...1 ~= part)
                },
                check: {
                    if count == limit { throw Stop() }
                    count += 1
                })
            let error = try tuning.error(
                of: network, checkpoint: own.path(name), monitor: monitor)
            return (error, count)
        }
        let whole = try error("whole")
        #expect(whole.1 >= 46 && !own.exists("whole"))
        #expect(throws: Stop.self) { try error("stopped", stoppingAfter: limit) }
        let rest = try error("stopped")
        #expect(abs(rest.1 + limit - whole.1) <= 1 && rest.0 == whole.0)
    }

    @Test func progressIsKept() throws {
        let folder = TestFolder()
        try folder.write("one", to: "model")
        let data = DataSelection("digits8x8")
        let plan = FineTuning.Plan(labels: [100], seeds: 1)
        let network = FineTuning.Network(labels: 100, seed: 0, start: .trained)
        let path = folder.path("result")
        func resumed() throws -> FineTuningProgress {
            try #require(try FineTuningProgress(resuming: path, of: folder.path("model")))
        }
        // Killed before it wrote anything, it is to begin.
        #expect(try FineTuningProgress(resuming: path, of: folder.path("model")) == nil)
        func begin() throws -> FineTuningProgress {
            try FineTuningProgress(plan, of: folder.path("model"), on: data, in: path)
        }
        do {
            var progress = try begin()
            // By one at a time.
            #expect(throws: FileError.self) { try resumed() }
            try progress.record(0.3, of: network)
        }
        // Left by a process that was killed.
        try folder.write("", to: "result/100-labels-0-trained.safetensors")
        #expect(throws: FileError.self) { try begin() }
        do {
            let progress = try resumed()
            #expect(progress.plan == plan && progress.data == data && progress.finished == 1)
            #expect(progress.error(of: network) == 0.3)
            #expect(
                progress.error(of: FineTuning.Network(labels: 100, seed: 0, start: .scratch))
                    == nil)
            #expect(try folder.names(in: "result") == ["progress.json"])
        }
        try folder.write("another", to: "model")
        #expect(throws: FileError.self) { try resumed() }
        try folder.write("one", to: "model")
        let text = try folder.text("result/progress.json")
        for damaged in ["{", text.replacing("\"steps\" : 2000", with: "\"steps\" : 0")] {
            #expect(damaged != text)
            try folder.write(damaged, to: "result/progress.json")
            #expect(throws: FileError.self) { try resumed() }
        }
        try folder.write(text, to: "result/progress.json")
        try resumed().finish()
        #expect(try folder.names(in: "result").isEmpty)
    }

    /// Each gets the next folder.
    @Test func resultsAreNumbered() throws {
        let folder = try TrainedFixture.copy()
        let words = [
            "finetune", "run", "--labels", "20", "--seeds", "1", "--steps", "1", "--quiet",
        ]
        for number in 1...2 {
            // Also where it is said to go on, as it was killed before it wrote anything.
            let outcome = try ProgramProcess(
                words + (number == 1 ? ["--resume"] : []), in: folder
            ).outcome()
            #expect(outcome.status == 0)
        }
        #expect(try folder.names(in: "run").isSuperset(of: ["finetune", "finetune-2"]))
        #expect(
            try folder.names(in: "run/finetune-2") == folder.names(in: "run/finetune"))
    }

    /// Its summary and page would take the place of the run's.
    @Test func aRunIsNoFolderForIt() throws {
        let folder = try TrainedFixture.copy()
        let outcome = try tapestry("finetune", "run", "--output", "run", in: folder)
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("found a run, whose summary and report would be lost"))
    }
}

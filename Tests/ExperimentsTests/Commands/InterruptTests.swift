import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// Runs that are stopped, gone on with, and compared with runs that never were.
@Suite struct InterruptTests {
    private let folder = TestFolder()
    private let training = ["train", "vae", "--data", "digits8x8", "--latent-size", "2"]

    private func run(_ words: [String]) throws -> ProgramOutcome {
        try ProgramProcess(words, in: folder).outcome()
    }

    /// Begins a run that would never end, and ends it by a signal when it has come some way.
    private func stopAfterAnEpoch(by signal: Int32) throws -> ProgramOutcome {
        let process = try ProgramProcess(
            training + ["--epochs", "1000000", "--output", "a run"], in: folder)
        while process.isRunning, !folder.exists("a run/metrics.jsonl") { usleep(5_000) }
        process.send(signal)
        return try process.outcome()
    }

    /// Goes on with the run for two epochs, and expects what a run of as many epochs gives.
    private func expectResumedEqualsUninterrupted() throws {
        let done = try TrainingRun.open(at: folder.path("a run")).history().count
        let epochs = ["--epochs", "\(done + 2)"]
        let resumed = try run(
            ["train", "vae", "--resume", "--output", "a run", "--quiet"] + epochs)
        #expect(resumed.status == 0 && resumed.error.isEmpty)
        let whole = try run(training + epochs + ["--output", "whole", "--quiet"])
        #expect(whole.status == 0)
        try expectEqualTensors(folder.path("a run"), folder.path("whole"))
        let histories = try ["a run", "whole"].map {
            try TrainingRun.open(at: folder.path($0)).history()
        }
        #expect(histories[0].count == done + 2)
        #expect(histories[0].map(\.training) == histories[1].map(\.training))
        #expect(histories[0].map(\.heldOut) == histories[1].map(\.heldOut))
        #expect(try folder.names(in: "a run") == folder.names(in: "whole"))
        for name in ["samples.png", "reconstructions.png", "latent.csv"] {
            #expect(try folder.bytes("a run/\(name)") == folder.bytes("whole/\(name)"))
        }
    }

    @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
    func aSignalStopsInGoodOrder(signal: Int32, status: Int32) throws {
        let outcome = try stopAfterAnEpoch(by: signal)
        #expect(outcome.status == status)
        #expect(outcome.output.isEmpty)
        #expect(outcome.complaints.count == 1)
        let complaint = try #require(outcome.complaints.first)
        #expect(complaint.hasPrefix("tapestry: interrupted after "))
        #expect(
            complaint.hasSuffix(
                " of 1000000 epochs; to resume: tapestry train vae --resume --output 'a run'"))
        #expect(folder.exists("a run/checkpoint.safetensors"))
        try expectResumedEqualsUninterrupted()
    }

    /// Also while a layer is trained alone.
    @Test func pretrainingGoesOnWhereItWasStopped() throws {
        let training = [
            "train", "stacked", "--data", "digits8x8", "--hidden-sizes", "12", "--latent-size", "8",
            "--pretraining-epochs", "60", "--epochs", "1",
        ]
        let process = try ProgramProcess(training + ["--output", "a run"], in: folder)
        while process.isRunning, !folder.exists("a run/layer-2/metrics.jsonl") { usleep(2_000) }
        process.send(SIGINT)
        let outcome = try process.outcome()
        #expect(outcome.status == 130)
        #expect(outcome.error.contains("layer 2 of 2: 12 to 8\n"))
        #expect(outcome.error.contains(" of 60 epochs of layer 2 of 2; to resume:"))
        #expect(!folder.exists("a run/checkpoint.safetensors"))
        let resumed = try run(["train", "stacked", "--resume", "--output", "a run"])
        #expect(resumed.status == 0)
        #expect(!resumed.error.contains("epoch  1/60"))
        #expect(try run(training + ["--output", "whole", "--quiet"]).status == 0)
        try expectEqualTensors(folder.path("a run"), folder.path("whole"))
        for layer in ["layer-1", "layer-2"] {
            let histories = try ["a run", "whole"].map { name in
                try String(
                    contentsOfFile: folder.path("\(name)/\(layer)/metrics.jsonl"), encoding: .utf8
                )
                .split(separator: "\n").count
            }
            #expect(histories == [60, 60])
        }
    }

    /// Which of two models was in training is told.
    @Test func theSecondModelOfATableIsNamed() throws {
        try CSV.write(.customers(count: 300), to: folder.path("orders.csv"))
        let process = try ProgramProcess(
            [
                "train", "table", "--data", "orders.csv", "--label", "fraud", "--epochs", "150",
                "--output", "a run", "--quiet",
            ], in: folder)
        while process.isRunning, !folder.exists("a run/judge/metrics.jsonl") { usleep(2_000) }
        process.send(SIGINT)
        let outcome = try process.outcome()
        #expect(outcome.status == 130)
        let words = " of 150 epochs of the second model, for anomaly scores; to resume:"
        #expect(outcome.error.contains(words), "\(outcome.error)")
    }

    /// Before training begins, here while the data are read, nothing is left but a line.
    @Test func aSignalBeforeTrainingLeavesNothing() throws {
        let block = (0..<1000).map { "\($0),\($0 % 13).5,\($0 % 7)\n" }.joined()
        try folder.write(
            "a,b,c\n" + String(repeating: block, count: 8000), to: "long.csv")
        let before = try folder.files
        let process = try ProgramProcess(
            ["train", "table", "--data", "long.csv", "--output", "a run"], in: folder)
        usleep(150_000)
        process.send(SIGINT)
        let outcome = try process.outcome()
        #expect(outcome.status == 130 && outcome.output.isEmpty)
        #expect(outcome.error == "tapestry: interrupted\n")
        #expect(try folder.files == before)
    }

    /// What is written once training is over, here the images that need long Markov chains, can be
    /// written later.
    @Test func aSignalAfterTrainingLeavesAWholeRun() throws {
        let process = try ProgramProcess(
            [
                "train", "rbm", "--data", "digits8x8", "--epochs", "1", "--latent-size", "2000",
                "--output", "a run", "--quiet",
            ], in: folder)
        while process.isRunning, !folder.exists("a run/reconstructions.png") { usleep(2_000) }
        process.send(SIGINT)
        let outcome = try process.outcome()
        #expect(outcome.status == 130 && outcome.output.isEmpty)
        #expect(
            outcome.error == "tapestry: interrupted after training, before writing all results; to "
                + "resume: tapestry train rbm --resume --output 'a run'\n")
        let files = try folder.files
        #expect(!files.contains { $0.hasSuffix(".partial") })
        let resumed = try run(["train", "rbm", "--resume", "--output", "a run", "--quiet"])
        #expect(resumed.status == 0 && folder.exists("a run/report.html"))
    }

    /// A folder in which a run was ended before it came to anything is as good as empty.
    @Test func aRunThatNeverBeganIsNone() throws {
        try folder.copy("run", from: TrainedFixture.made.folder)
        for name in try folder.names(in: "run") where name != "config.json" {
            try FileManager.default.removeItem(atPath: folder.path("run/\(name)"))
        }
        let outcome = try run(training + ["--epochs", "1", "--output", "run", "--quiet"])
        #expect(outcome.status == 0)
        let begun = try TrainingRun.open(at: folder.path("run")).recipe(
            as: VariationalAutoencoder.self)
        #expect(begun.training.epochs == 1)
    }

    /// A run that is taken apart while it trains has not succeeded.
    @Test func aRunWithoutItsConfigurationFails() throws {
        let process = try ProgramProcess(
            training + ["--epochs", "200", "--output", "run", "--quiet"], in: folder)
        while process.isRunning, !folder.exists("run/metrics.jsonl") { usleep(2_000) }
        try FileManager.default.removeItem(atPath: folder.path("run/config.json"))
        let outcome = try process.outcome()
        #expect(outcome.status == 1 && outcome.complaints.count == 1)
        #expect(outcome.error.contains("run/config.json"))
    }

    @Test func aKilledRunGoesOn() throws {
        let outcome = try stopAfterAnEpoch(by: SIGKILL)
        #expect(outcome.status == -SIGKILL)
        try expectResumedEqualsUninterrupted()
    }

    /// A run that is ended before its first checkpoint goes on from the beginning.
    @Test func aRunWithoutACheckpointBeginsAgain() throws {
        let whole = try run(training + ["--epochs", "1", "--output", "whole", "--quiet"])
        #expect(whole.status == 0)
        try FileManager.default.createDirectory(
            atPath: folder.path("a run"), withIntermediateDirectories: false)
        try FileManager.default.copyItem(
            atPath: folder.path("whole/config.json"), toPath: folder.path("a run/config.json"))
        let resumed = try run(["train", "vae", "--resume", "--output", "a run", "--quiet"])
        #expect(resumed.status == 0)
        try expectEqualTensors(folder.path("a run"), folder.path("whole"))
    }

    @Test func whatDecidesOnTheResultCannotChange() throws {
        try folder.copy("run", from: TrainedFixture.made.folder)
        let before = try folder.bytes("run/checkpoint.safetensors")
        func refusal(_ words: String...) throws -> String {
            let outcome = try run(["train"] + words + ["--resume", "--output", "run"])
            #expect(outcome.status == 2)
            return outcome.error
        }
        #expect(
            try refusal("vae", "--batch-size", "64")
                == "tapestry: --batch-size 64: the run in run was started with 128\n")
        #expect(
            try refusal("vae", "--latent-size", "5")
                == "tapestry: --latent-size 5: the run in run was started with 2\n")
        // Of the value of another option of the run.
        #expect(
            try refusal("vae", "--penalty", "0")
                .hasPrefix("tapestry: --penalty: the recipe vae has no such option"))
        #expect(
            try refusal("autoencoder")
                == "tapestry: autoencoder: the run in run was started with vae\n")
        #expect(
            try refusal("vae", "--data", "digits")
                == "tapestry: --data digits: the run in run was started with digits8x8\n")
        #expect(
            try refusal("vae", "--epochs", "1")
                == "tapestry: --epochs 1: the run in run has finished 2 epochs\n")
        #expect(try folder.bytes("run/checkpoint.safetensors") == before)
        // The same settings, said again, are no change.
        let outcome = try run(
            ["train", "vae", "--latent-size", "2", "--beta", "1.0", "--resume", "--output", "run"])
        #expect(outcome.status == 0)
        #expect(try folder.bytes("run/checkpoint.safetensors") == before)
    }

    @Test func aRunIsTrainedByOneProcessAtATime() throws {
        let process = try ProgramProcess(
            training + ["--epochs", "1000000", "--output", "run"], in: folder)
        defer { process.send(SIGKILL) }
        while process.isRunning, !folder.exists("run/metrics.jsonl") { usleep(5_000) }
        let second = try run(["train", "vae", "--resume", "--output", "run"])
        #expect(second.status == 1)
        #expect(second.complaints.count == 1)
        #expect(process.isRunning)
    }
}

import Datasets
import Foundation
import Models
import Testing

@testable import tapestry

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
        #expect(page.contains("<h2>Error by labels</h2>") && page.contains("<h2>Test errors</h2>"))
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

    @Test func interruptedItWritesNothing() throws {
        let folder = try TrainedFixture.copy()
        let process = try ProgramProcess(
            ["finetune", "run", "--steps", "1000000"], in: folder)
        usleep(1_500_000)
        process.send(SIGINT)
        let outcome = try process.outcome()
        #expect(outcome.status == 130)
        #expect(outcome.output.isEmpty && !folder.exists("run/finetune"))
    }
}

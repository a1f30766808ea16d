import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// Folders that are not what is asked for, and sweeps that are asked for something else.
@Suite struct SweepErrorTests {
    private func resume(_ words: String..., in folder: TestFolder) throws -> ProgramOutcome {
        try ProgramProcess(
            ["train", "vae", "--resume", "--output", "sweep", "--quiet"] + words, in: folder
        ).outcome()
    }

    @Test func aSweepIsNoRunAndARunNoSweep() throws {
        let folder = try SweepFixture.copy()
        for words in [
            ["evaluate", "sweep"], ["report", "sweep"], ["map", "sweep"],
            ["compare", "sweep/beta-1-seed-0", "sweep"], ["finetune", "sweep"],
        ] {
            expectFailure(
                try ProgramProcess(words, in: folder).outcome(),
                "sweep: expected the folder of a run, found a sweep")
        }
        #expect(try tapestry("report", "sweep/beta-1-seed-0", in: folder).status == 0)
        func train(_ words: String...) throws -> ProgramOutcome {
            try ProgramProcess(["train", "vae", "--seed", "0,1"] + words, in: folder).outcome()
        }
        let run = "sweep/beta-1-seed-0"
        expectFailure(
            try train("--resume", "--output", run), "\(run): expected a sweep", "a single run")
        expectFailure(try train("--resume", "--output", "none"), "expected a sweep", "found none")
        expectFailure(try train("--output", run), "expected a new or empty folder")
        expectFailure(try train("--output", "sweep"), "expected a new or empty folder", "a sweep")
    }

    @Test func whatDecidesOnTheResultCannotChange() throws {
        let folder = try SweepFixture.copy()
        func refusal(_ words: String...) throws -> String {
            let outcome = try ProgramProcess(
                ["train"] + words + ["--resume", "--output", "sweep"], in: folder
            ).outcome()
            #expect(outcome.status == 2 && outcome.complaints.count == 1)
            return outcome.error
        }
        let begun = "the sweep in sweep was started with"
        #expect(try refusal("vae", "--beta", "1,2,4") == "tapestry: --beta 1,2,4: \(begun) 1,2\n")
        #expect(try refusal("vae", "--beta", "1") == "tapestry: --beta 1: \(begun) 1,2\n")
        #expect(try refusal("vae", "--epochs", "2,3") == "tapestry: --epochs 2,3: \(begun) 2\n")
        #expect(try refusal("vae", "--epochs", "3") == "tapestry: --epochs 3: \(begun) 2\n")
        #expect(try refusal("linear") == "tapestry: linear: \(begun) vae\n")
        #expect(
            try refusal("vae", "--data", "digits").hasPrefix("tapestry: --data digits: \(begun)"))
        #expect(
            try refusal("vae", "--test-share", "0.5")
                == "tapestry: --test-share 0.5: \(begun) another value\n")
        #expect(try refusal("vae", "--bta", "1,2").contains(#"did you mean "--beta"?"#))
    }

    /// No file says anything that crashes, or that leads out of the folder.
    @Test(arguments: [
        ("", "sweep.json"), ("{}", "the description of a sweep"),
        (#""format" : 1"#, #""format" : 7"#), (#""recipe" : "vae""#, #""recipe" : "gan""#),
        (#""name" : "beta""#, #""name" : "alpha""#), (#""name" : "beta""#, #""name" : "seed""#),
        (#""1""#, #""../../x""#), (#""1""#, #""1.0""#), (#""1""#, #""2""#),
        (#""beta" : 1"#, #""beta" : -1"#), (#""latentSize" : 2"#, #""latentSize" : "two""#),
        (#""swept" : ["#, #""swept" : [7, "#),
    ])
    func aDamagedDescriptionIsRefused(part: String, other: String) throws {
        let folder = try SweepFixture.copy()
        let text = try folder.text("sweep/sweep.json")
        let isPart = part.hasPrefix("\"")
        #expect(!isPart || text.contains(part))
        try folder.write(
            isPart ? text.replacing(part, with: other) : part, to: "sweep/sweep.json")
        let outcome = try resume(in: folder)
        expectFailure(outcome, "sweep/sweep.json: expected ")
    }

    @Test func theRunsMustBeThoseOfTheSweep() throws {
        let folder = try SweepFixture.copy()
        let manager = FileManager.default
        try manager.removeItem(atPath: folder.path("sweep/beta-1-seed-0"))
        try manager.copyItem(
            atPath: folder.path("sweep/beta-2-seed-0"), toPath: folder.path("sweep/beta-1-seed-0"))
        expectFailure(
            try resume(in: folder), "sweep/beta-1-seed-0: expected the run of the sweep with",
            "beta 1, seed 0", "--beta 2")
        // Also if it is not finished.
        try manager.removeItem(atPath: folder.path("sweep/beta-1-seed-0/report.html"))
        expectFailure(try resume(in: folder), "found one with --beta 2")
        // A damaged summary of a finished run.
        try manager.removeItem(atPath: folder.path("sweep/beta-1-seed-0"))
        try folder.write("{}", to: "sweep/beta-2-seed-1/summary.json")
        expectFailure(try resume(in: folder), "beta-2-seed-1/summary.json", "the summary of a run")
    }

    /// Runs on other samples would not be comparable.
    @Test func theDataMustBeTheSame() throws {
        let folder = TestFolder()
        try folder.copy("tiny.npy", from: SweepFixture.made.folder)
        let words =
            ["train", "vae"] + SweepFixture.options + ["--seed", "0,1", "--output", "sweep"]
        #expect(try ProgramProcess(words, in: folder).outcome().status == 0)
        try FileManager.default.removeItem(atPath: folder.path("sweep/seed-1"))
        try NPY.write(
            Tensor((0..<40 * 16).map { UInt8($0 % 13) }, shape: [40, 4, 4]),
            to: folder.path("tiny.npy"))
        expectFailure(try resume(in: folder), "tiny.npy", "was started with")
        #expect(!folder.exists("sweep/seed-1"))
    }

    @Test func aSweepIsTrainedByOneProcessAtATime() throws {
        let folder = try SweepFixture.copy()
        let sweep = try Sweep.resume(at: folder.path("sweep"))
        expectFailure(try resume(in: folder), "locked")
        #expect(sweep.members.map(\.folder) == SweepFixture.names)
    }
}

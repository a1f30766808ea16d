import Autograd
import Datasets
import Foundation
import Testing

@testable import Experiments

/// Models that are kept as training goes on, and the picture of their codes.
@Suite struct FilmTests {
    private static let training = [
        "train", "vae", "--data", "digits8x8", "--latent-size", "2", "--hidden-sizes", "8",
        "--epochs", "5", "--keep-every", "2", "--quiet", "--output", "run",
    ]

    /// The chunks of a file that begin frames.
    private func frames(_ bytes: [UInt8]) -> Int {
        (8..<bytes.count - 4).count {
            String(decoding: bytes[$0..<$0 + 4], as: UTF8.self) == "fcTL"
        }
    }

    @Test func codesAreShownAsTrainingGoesOn() throws {
        let folder = TestFolder()
        let trained = try ProgramProcess(Self.training, in: folder).outcome()
        #expect(trained.status == 0, "\(trained.error)")
        let kept = try folder.files.filter { $0.hasPrefix("run/epochs/") }
        #expect(
            kept == [
                "run/epochs/0.safetensors", "run/epochs/2.safetensors", "run/epochs/4.safetensors",
            ])
        let outcome = try tapestry("film", "run", "--quiet", in: folder)
        #expect(outcome.status == 0 && outcome.output == "run/film.png\n", "\(outcome.error)")
        #expect(try frames(folder.bytes("run/film.png")) == 3)
        #expect(try folder.text("run/report.html").contains("Codes as training goes on"))
        #expect(try folder.text("run/report.html").contains("--keep-every 2"))

        // A model that is kept is that of a run that ends there.
        let shorter = try ProgramProcess(
            Self.training.map { $0 == "5" ? "4" : $0 == "run" ? "shorter" : $0 }, in: folder
        ).outcome()
        #expect(shorter.status == 0)
        #expect(
            try folder.bytes("shorter/epochs/4.safetensors")
                == folder.bytes("run/epochs/4.safetensors"))
        let codes = try ["run", "shorter"].map { try folder.bytes("\($0)/epochs/2.safetensors") }
        #expect(codes[0] == codes[1])
        #expect(
            try folder.bytes("run/epochs/4.safetensors") != folder.bytes("run/epochs/2.safetensors")
        )
    }

    /// Of a model without an encoder, which makes the same draws over and over.
    @Test func samplesAreShownAsTrainingGoesOn() throws {
        let folder = TestFolder()
        let trained = try ProgramProcess(
            [
                "train", "gan", "--data", "digits8x8", "--hidden-sizes", "8", "--epochs", "2",
                "--keep-every", "1", "--quiet", "--output", "run",
            ], in: folder
        ).outcome()
        #expect(trained.status == 0, "\(trained.error)")
        let outcome = try tapestry("film", "run", "--quiet", in: folder)
        #expect(outcome.status == 0 && outcome.output == "run/film.png\n", "\(outcome.error)")
        #expect(try frames(folder.bytes("run/film.png")) == 3)
        let page = try folder.text("run/report.html")
        for words in [
            "Samples as training goes on", "Critic loss", "Generator loss", "<h2>Gradients</h2>",
            "Critic gradient norm",
        ] { #expect(page.contains(words), "\(words)") }
        #expect(try !folder.text("run/loss.svg").contains("radient norm"))
        // Between draws, as there is no code of a sample.
        let between = try tapestry("interpolate", "run", "--count", "3", "--quiet", in: folder)
        #expect(between.status == 0, "\(between.error)")
        #expect(try PNG.read(folder.path("run/interpolation.png")).height == 3 * 68 + 4)
        expectFailure(
            try tapestry("embed", "run", "--quiet", in: folder), "evaluate, sample, interpolate")
    }

    @Test func runsWithoutEarlierModelsAreRefused() throws {
        let folder = try TrainedFixture.copy()
        expectFailure(
            try tapestry("film", "run", "--quiet", in: folder), "--keep-every N",
            "no models of earlier epochs")
        expectFailure(
            try tapestry("film", "run", "--output", "film.gif", in: folder), ".png", status: 2)
        #expect(!folder.exists("run/film.png"))
        for (words, part) in [
            (["--keep-every", "0"], "--keep-every"),
            (["--keep-every", "1", "--seed", "0,1"], "sweep"),
            (["--keep-every", "1", "--resume", "--output", "run"], "as it began"),
        ] {
            let outcome = try ProgramProcess(["train", "vae", "--quiet"] + words, in: folder)
                .outcome()
            expectFailure(outcome, part, status: 2)
        }
    }

    /// A file that is not what it was when it was kept.
    @Test func damagedModelsAreNamed() throws {
        let folder = TestFolder()
        _ = try ProgramProcess(Self.training, in: folder).outcome()
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: folder.path("run/epochs/2.safetensors")))
        expectFailure(
            try tapestry("film", "run", "--quiet", in: folder), "run/epochs/2.safetensors")
        #expect(!folder.exists("run/film.png"))
    }
}

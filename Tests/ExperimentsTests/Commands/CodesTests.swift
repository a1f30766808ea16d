import Autograd
import Datasets
import Foundation
import Models
import TestSupport
import Testing

@testable import Experiments

/// The command codes, and what a page shows of a codebook.
@Suite struct CodesTests {
    private static let made: TestFolder = {
        let folder = TestFolder()
        let outcome = try! tapestry(
            "train", "vq-vae", "--data", "digits8x8", "--epochs", "2", "--hidden-sizes", "8",
            "--latent-size", "4", "--codes", "16", "--output", "run", "--quiet", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        return folder
    }()

    private let run = made.path("run")
    private let folder = TestFolder()

    @Test func symbolsAreWrittenAndReadBack() throws {
        let written = try tapestry("codes", run, "--output", "codes.npy", "--quiet", in: folder)
        #expect(written.status == 0 && written.error.isEmpty, "\(written.error)")
        let indices = try NPY.read(folder.path("codes.npy"))
        #expect(indices.dataType == .int32 && Array(indices.shape.dropFirst()) == [4, 4])
        #expect(indices.min().scalar >= 0 && indices.max().scalar < 16)
        // What they are decoded to is what the model reconstructs.
        let decoded = try tapestry(
            "codes", run, "--decode", "codes.npy", "--output", "decoded.npy", "--quiet", in: folder)
        #expect(decoded.status == 0, "\(decoded.error)")
        let count = "\(indices.shape[0])"
        let whole = try tapestry(
            "reconstruct", run, "--count", count, "--output", "made.npy", "--quiet", in: folder)
        #expect(whole.status == 0)
        let (first, second) = try (
            NPY.read(folder.path("decoded.npy")), NPY.read(folder.path("made.npy"))
        )
        #expect(first.shape == [indices.shape[0], 8, 8])
        #expect(closeness(of: numbers(first), to: numbers(second), tolerance: 1e-5).passes)

        let drawn = try tapestry(
            "codes", run, "--decode", "codes.npy", "--output", "picture.png", "--quiet", in: folder)
        #expect(drawn.status == 0)
        #expect(Set(try PNG.read(folder.path("picture.png")).pixels).count > 8)
        // The run's folder is where they go by themselves; the training samples are others.
        let training = try tapestry("codes", run, "--part", "training", "--quiet", in: folder)
        #expect(training.status == 0)
        let others = try NPY.read(Self.made.path("run/symbols.npy"))
        #expect(others.shape[0] > indices.shape[0] && others.shape.count == 3)
    }

    /// Pages and metrics are of the whole evaluation.
    @Test func thePageShowsTheCodebook() throws {
        let page = try Self.made.text("run/report.html")
        for part in ["Use of codes", "Symbols", "Of 16 codes", "Perplexity of the codes"] {
            #expect(page.contains(part), "\(part)")
        }
        let picture = try PNG.read(Self.made.path("run/symbols.png"))
        #expect(picture.channels == 3 && Set(picture.pixels).count > 8)
        let frequencies = try CodeFrequencies(contentsOf: Self.made.path("run/code-use.csv"))
        let evaluated = try object(tapestry("evaluate", run, "--json", "--quiet", in: folder))
        let metrics = try #require(evaluated["metrics"] as? [String: Any])
        let perplexity = try #require(metrics["perplexity"] as? Double)
        #expect(abs(perplexity - frequencies.usage.perplexity) < 1e-9)
        #expect(metrics["codesUsed"] as? Double == frequencies.usage.usedShare)
    }

    // MARK: Bad input

    @Test func whatIsNoSymbolIsNamed() throws {
        func failure(_ tensor: Tensor) throws -> ProgramOutcome {
            try NPY.write(tensor, to: folder.path("wrong.npy"))
            return try tapestry(
                "codes", run, "--decode", "wrong.npy", "--output", "x.png", "--quiet", in: folder)
        }
        var symbols = [Int32](repeating: 3, count: 48)
        symbols[16 + 4 + 2] = 16
        expectFailure(
            try failure(Tensor(symbols, shape: [3, 4, 4])),
            "wrong.npy: expected symbols from 0 to 15, found 16 in sample 2, row 2, column 3")
        symbols[0] = -1
        expectFailure(
            try failure(Tensor(symbols, shape: [3, 4, 4])), "found -1 in sample 1, row 1, column 1")
        expectFailure(
            try failure(Tensor(symbols, shape: [3, 16])), "expected symbols [samples, 4, 4]",
            "found an array of shape [3, 16]")
        expectFailure(
            try failure(Tensor.zeros([3, 4, 4])), "expected symbols, which are whole numbers",
            "float32")
        #expect(!folder.exists("x.png"))
    }

    @Test func otherModelsHaveNoCodebook() throws {
        let other = TrainedFixture.made.folder.path("run")
        expectFailure(
            try tapestry("codes", other, "--quiet", in: folder),
            "expected a model with a codebook, as codes requires", "recipe vae")
        expectFailure(
            try tapestry("codes", run, "--output", "codes.csv", "--quiet", in: folder),
            "expected a name that ends in .npy", status: 2)
        expectFailure(
            try tapestry("codes", run, "--decode", "a.npy", "--part", "test", in: folder),
            "--decode and --part", status: 2)
    }

    /// Of the recipe: what does not fit the data is one line.
    @Test(arguments: [
        (["--codes", "1"], 2, "expected a whole number from 2"),
        (["--batch-size", "30"], 1, "a first batch (--batch-size) of at least 32"),
        (["--hidden-sizes", "8,8,8,8"], 1, "images with sides of at least 16 pixels"),
    ])
    func whatDoesNotFitIsRefused(words: [String], status: Int32, part: String) throws {
        let outcome = try ProgramProcess(
            ["train", "vq-vae", "--data", "digits8x8", "--output", "new", "--quiet"] + words,
            in: folder
        ).outcome()
        expectFailure(outcome, part, status: status)
        #expect(!folder.exists("new/config.json"))
    }

    @Test func frequenciesAreReadAsWritten() throws {
        let frequencies = CodeFrequencies(CodeUsage(counts: [0, 3, 1, 0]))
        try frequencies.write(to: folder.path("use.csv"))
        #expect(try CodeFrequencies(contentsOf: folder.path("use.csv")) == frequencies)
        let points = frequencies.chart.series[0].points
        #expect(points.map(\.y) == [0, 75, 75, 25, 25, 0, 0, 0, 0, 0])
        #expect(points.first?.x == 0.5 && points.last?.x == 4.5)
        for wrong in ["count\n-1\n", "count\n", "counts\n1\n", "count\n1.5\n"] {
            try folder.write(wrong, to: "use.csv")
            #expect(throws: FileError.self) {
                try CodeFrequencies(contentsOf: folder.path("use.csv"))
            }
        }
    }
}

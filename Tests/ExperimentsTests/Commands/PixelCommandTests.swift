import Autograd
import Datasets
import Foundation
import TestSupport
import Testing

@testable import Experiments

/// What commands do with models that draw one pixel after another, of images and of symbols.
@Suite struct PixelCommandTests {
    private static func train(_ words: String..., in folder: TestFolder) {
        let outcome = try! ProgramProcess(["train"] + words + ["--quiet"], in: folder).outcome()
        #expect(outcome.status == 0, "\(outcome.error)")
    }

    private static let made: TestFolder = {
        let folder = TestFolder()
        train(
            "pixelcnn", "--data", "digits8x8", "--binarize", "static", "--epochs", "1",
            "--blocks", "1", "--feature-maps", "8", "--output", "pixels", in: folder)
        train(
            "vq-vae", "--data", "digits8x8", "--epochs", "1", "--hidden-sizes", "8",
            "--latent-size", "4", "--codes", "12", "--output", "symbols", in: folder)
        train(
            "gated-pixelcnn", "--data", "symbols", "--epochs", "1", "--layers", "1",
            "--feature-maps", "4", "--output", "symbols/prior", in: folder)
        return folder
    }()

    private let pixels = made.path("pixels")
    private let symbols = made.path("symbols")
    private let folder = TestFolder()

    private func written(_ words: String...) throws -> Tensor {
        let outcome = try ProgramProcess(
            words + ["--output", "made.npy", "--quiet"], in: folder
        ).outcome()
        #expect(outcome.status == 0, "\(outcome.error)")
        return try NPY.read(folder.path("made.npy"))
    }

    @Test func drawnPixelsAreValuesOfThem() throws {
        let drawn = try written("sample", pixels, "--count", "12")
        #expect(drawn.shape == [12, 8, 8])
        #expect(Set(drawn.elements(as: Float.self)) == [0, 1])
        // The likeliest value of each pixel is the same in all.
        let likeliest = try written("sample", pixels, "--count", "3", "--top-k", "1")
        #expect(likeliest[0] == likeliest[1] && likeliest[1] == likeliest[2])
        #expect(drawn[0] != drawn[1])
    }

    @Test func likelihoodsAreExact() throws {
        let outcome = try tapestry(
            "evaluate", pixels, "--likelihood", "--json", "--quiet", in: folder)
        let answer = try object(outcome.output)
        let metrics = try #require(answer["metrics"] as? [String: Any])
        let likelihood = try #require(answer["logLikelihood"] as? [String: Any])
        #expect(likelihood["draws"] == nil)
        let (mean, loss) = (
            likelihood["mean"] as? Double, metrics["negativeLogLikelihood"] as? Double
        )
        #expect(abs(try #require(mean) + (try #require(loss))) < 1e-3)
    }

    @Test func theUpperPartIsKept() throws {
        let outcome = try tapestry(
            "complete", pixels, "--count", "2", "--versions", "3", "--keep-rows", "4", "--quiet",
            in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let picture = try PNG.read(Self.made.path("pixels/completions.png"))
        // Two rows of five pictures of 64 pixels, with 4 between them.
        #expect(picture.width == 5 * 64 + 6 * 4 && picture.height == 2 * 64 + 3 * 4)
        func tile(_ place: Int, _ row: Int) -> [UInt8] {
            let start = (4 + row * 68) * picture.width + 4 + place * 68
            return (0..<64).flatMap { line in
                (0..<64).map {
                    picture.pixels[(start + line * picture.width + $0) * picture.channels]
                }
            }
        }
        for row in 0..<2 {
            let image = tile(0, row)
            for version in 2..<5 {
                let isKept = tile(version, row).prefix(64 * 32) == image.prefix(64 * 32)
                #expect(isKept)
            }
            let isVaried = tile(2, row) != tile(3, row)
            #expect(isVaried)
        }
    }

    @Test func aPriorDrawsSymbolsForTheModel() throws {
        let drawn = try written("sample", symbols, "--count", "6", "--seed", "3")
        let grids = try written("sample", symbols + "/prior", "--count", "6", "--seed", "3")
        #expect(grids.shape == [6, 4, 4] && grids.max().scalar < 12)
        try NPY.write(grids.cast(to: .int32), to: folder.path("grids.npy"))
        let decoded = try written("codes", symbols, "--decode", "grids.npy")
        #expect(closeness(of: numbers(drawn), to: numbers(decoded), tolerance: 1e-5).passes)
        let cold = try written(
            "sample", symbols, "--count", "6", "--seed", "3", "--temperature", "0.1")
        #expect(cold != drawn)
    }

    // MARK: Bad input

    @Test func whatFitsNoPixelsIsNamed() throws {
        func failure(_ words: String...) throws -> ProgramOutcome {
            try ProgramProcess(words + ["--quiet"], in: folder).outcome()
        }
        expectFailure(
            try failure("sample", pixels, "--temperature", "0"), "--temperature 0", "above 0",
            status: 2)
        expectFailure(
            try failure("sample", pixels, "--top-k", "0"), "--top-k 0", status: 2)
        expectFailure(
            try failure("complete", pixels, "--keep-rows", "9"), "--keep-rows 9", "from 0 to 8",
            status: 2)
        expectFailure(try failure("complete", symbols), "one by one", "vq-vae")
        expectFailure(
            try failure("train", "pixelcnn", "--data", pixels, "--output", "x"), "codebook",
            "pixelcnn")
        expectFailure(
            try failure("train", "pixelcnn", "--data", "digits8x8", "--feature-maps", "7"),
            "even", status: 2)
        expectFailure(
            try failure("train", "pixelcnn", "--data", "rings"), "images")
        // A prior of other symbols.
        Self.train(
            "vq-vae", "--data", "digits8x8", "--epochs", "1", "--hidden-sizes", "8",
            "--latent-size", "4", "--codes", "3", "--output", "other", in: folder)
        try FileManager.default.copyItem(
            atPath: symbols + "/prior", toPath: folder.path("other/prior"))
        expectFailure(
            try failure("sample", "other"), "3 symbols in grids of [4, 4]", "gated-pixelcnn")
    }
}

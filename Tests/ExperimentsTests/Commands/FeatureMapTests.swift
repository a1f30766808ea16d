import Autograd
import Datasets
import Foundation
import Testing

@testable import Experiments

/// A model whose codes are maps of features can do what any other can.
@Suite struct FeatureMapTests {
    /// A run on colour pictures of 10 × 7 pixels, which two does not divide twice.
    private static let made: TestFolder = {
        let folder = TestFolder()
        var generator = RandomGenerator(seed: 8)
        let pixels = (255 * generator.uniform([20, 3, 10, 7])).cast(to: .uint8)
        try! NPY.write(pixels, to: folder.path("tiny.npy"))
        let outcome = try! tapestry(
            "train", "denoising-convolutional", "--data", "tiny.npy", "--epochs", "30",
            "--learning-rate", "0.01", "--output",
            "run", "--quiet", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        return folder
    }()

    private let run = made.path("run")
    private let folder = TestFolder()

    @Test(arguments: ["sample", "interpolate", "reconstruct"])
    func picturesAreDrawn(command: String) throws {
        let outcome = try tapestry(
            command, run, "--count", "3", "--output", "picture.png", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        let picture = try PNG.read(folder.path("picture.png"))
        #expect(picture.channels == 3 && Set(picture.pixels).count > 8)
    }

    @Test func codesKeepTheirShape() throws {
        let array = try tapestry("embed", run, "--output", "codes.npy", in: folder)
        #expect(array.status == 0)
        #expect(try NPY.read(folder.path("codes.npy")).shape == [2, 32, 3, 2])
        let table = try tapestry("embed", run, "--output", "codes.csv", in: folder)
        #expect(table.status == 0)
        #expect(try CSV.readNumbers(folder.path("codes.csv")).values.shape == [2, 192])
        #expect(try Self.made.text("run/report.html").contains("codes of 32 × 3 × 2 numbers"))
        #expect(Self.made.exists("run/latent.png"))
    }

    @Test func aMapHasNoManifoldAndNoFiltersButASpectrum() throws {
        let manifold = try tapestry("manifold", run, in: folder)
        #expect(manifold.status == 1 && manifold.error.contains("found codes of 192"))
        let filters = try tapestry("filters", run, in: folder)
        #expect(filters.status == 1 && filters.error.contains("a dense layer on images"))
        let spectrum = try tapestry("spectrum", run, "--samples", "2", "--count", "5", in: folder)
        #expect(spectrum.status == 0, "\(spectrum.error)")
    }
}

import Autograd
import Datasets
import Foundation
import Testing

@testable import Experiments

/// The commands that ask a trained run for more.
@Suite struct TrainedRunTests {
    @Test func evaluateMeasuresWhatTrainingReported() throws {
        let (folder, trained) = TrainedFixture.made
        let outcome = try tapestry("evaluate", "run", "--json", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        func object(_ text: String) throws -> [String: Any] {
            try #require(
                JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        }
        let evaluated = try object(outcome.output)
        let metrics = try #require(evaluated["metrics"] as? [String: Double])
        #expect(metrics == (try object(trained.output)["test"] as? [String: Double]))
        #expect(evaluated["samples"] as? Int == 360)

        let training = try tapestry("evaluate", "run", "--part", "training", in: folder)
        #expect(training.output.hasPrefix("Means over 1,437 training samples of digits8x8:\n"))
        #expect(training.output.contains("Evidence lower bound"))
    }

    @Test(arguments: [
        ("reconstruct", "reconstructions.png", 7, (7 * 68 + 4, 2 * 68 + 4)),
        ("sample", "samples.png", 12, (10 * 68 + 4, 2 * 68 + 4)),
        ("interpolate", "interpolation.png", 3, (10 * 68 + 4, 3 * 68 + 4)),
        ("manifold", "manifold.png", 5, (5 * 64, 5 * 64)),
    ])
    func picturesAreDrawnAsAsked(
        command: String, file: String, count: Int, size: (Int, Int)
    ) throws {
        let folder = try TrainedFixture.copy()
        let outcome = try tapestry(command, "run", "--count", "\(count)", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        #expect(outcome.output == "run/\(file)\n")
        let picture = try PNG.read(folder.path("run/\(file)"))
        #expect(picture.width == size.0 && picture.height == size.1)
        #expect(Set(picture.pixels).count > 20)

        let elsewhere = try tapestry(
            command, "run", "--count", "\(count)", "--output", "mine.png", in: folder)
        #expect(elsewhere.output == "mine.png\n")
        #expect(try PNG.read(folder.path("mine.png")) == picture)
    }

    @Test func samplesDependOnTheSeed() throws {
        let folder = try TrainedFixture.copy()
        let files = try ["1", "1", "2"].enumerated().map { index, seed in
            let outcome = try tapestry(
                "sample", "run", "--seed", seed, "--count", "4", "--output", "\(index).png",
                in: folder)
            #expect(outcome.status == 0)
            return try folder.bytes("\(index).png")
        }
        #expect(files[0] == files[1])
        #expect(files[0] != files[2])
    }

    /// The way from one sample to another begins and ends with their reconstructions.
    @Test func interpolationJoinsReconstructions() throws {
        let folder = try TrainedFixture.copy()
        for command in ["interpolate", "reconstruct"] {
            let count = command == "interpolate" ? "1" : "2"
            let outcome = try tapestry(
                command, "run", "--count", count, "--output", "\(command).png", in: folder)
            #expect(outcome.status == 0)
        }
        let way = try PNG.read(folder.path("interpolate.png"))
        let pairs = try PNG.read(folder.path("reconstruct.png"))
        func tile(_ image: PNG.Image, column: Int, row: Int) -> [[UInt8]] {
            (0..<64).map { line in
                let start = ((4 + row * 68 + line) * image.width + 4 + column * 68) * 3
                return Array(image.pixels[start..<start + 64 * 3])
            }
        }
        #expect(tile(way, column: 0, row: 0) == tile(pairs, column: 0, row: 1))
        #expect(tile(way, column: 9, row: 0) == tile(pairs, column: 1, row: 1))
        #expect(tile(way, column: 0, row: 0) != tile(way, column: 9, row: 0))
    }

    @Test func codesAreWrittenAsArrayAndAsTable() throws {
        let folder = try TrainedFixture.copy()
        #expect(try tapestry("embed", "run", in: folder).output == "run/codes.npy\n")
        let codes = try NPY.read(folder.path("run/codes.npy"))
        #expect(codes.shape == [360, 2])

        let outcome = try tapestry("embed", "run", "--output", "codes.csv", in: folder)
        #expect(outcome.status == 0)
        let table = try CSV.readNumbers(folder.path("codes.csv"))
        #expect(table.header == ["code1", "code2", "label"])
        #expect(
            table.values.sliced(axis: 1, 0..<2).cast(to: .float32).isIdentical(to: codes))
        let labels = try #require(Dataset.named("digits8x8").test.labels)
        #expect(
            table.values.sliced(axis: 1, 2..<3).elements(as: Double.self).map { Int32($0) }
                == labels.elements(as: Int32.self))
        // What the picture of the latent space shows.
        let map = try LatentMap(contentsOf: folder.path("run/latent.csv"))
        #expect(
            codes.cast(to: .float64).elements(as: Double.self)
                == map.points.flatMap { [$0.x, $0.y] })

        let training = try tapestry(
            "embed", "run", "--part", "training", "--output", "t.npy", in: folder)
        #expect(training.status == 0)
        #expect(try NPY.read(folder.path("t.npy")).shape == [1437, 2])
    }

    @Test func anotherFileIsTakenWhole() throws {
        let folder = try TrainedFixture.copy()
        let pictures = Tensor((0..<1280).map { UInt8($0 % 17) }, shape: [20, 8, 8])
        try NPY.write(pictures, to: folder.path("tiny.npy"))
        let embedded = try tapestry(
            "embed", "run", "--data", "tiny.npy", "--output", "codes.npy", in: folder)
        #expect(embedded.status == 0)
        #expect(try NPY.read(folder.path("codes.npy")).shape == [20, 2])
        let evaluated = try tapestry("evaluate", "run", "--data", "tiny.npy", in: folder)
        #expect(evaluated.output.hasPrefix("Means over 20 test samples"))
        let table = try TableFixture.copy()
        try CSV.write(.customers(count: 40), to: table.path("new.csv"))
        let coded = try tapestry(
            "embed", "run", "--data", "new.csv", "--output", "codes.csv", in: table)
        #expect(coded.status == 0)
        #expect(try CSV.read(table.path("codes.csv")).rows.count == 40)
    }

    @Test func theReportIsWrittenAgainFromTheFiles() throws {
        let folder = try TrainedFixture.copy()
        let before = try folder.text("run/report.html")
        try FileManager.default.removeItem(atPath: folder.path("run/report.html"))
        let outcome = try tapestry("report", "run", in: folder)
        #expect(outcome.output == "run/report.html\n" && outcome.status == 0)
        #expect(try folder.text("run/report.html") == before)
    }

    @Test func onlyAPlaneHasAManifold() throws {
        let folder = TestFolder()
        let pictures = Tensor((0..<320).map { UInt8($0 % 256) }, shape: [20, 4, 4])
        try NPY.write(pictures, to: folder.path("tiny.npy"))
        func train(_ size: String) throws {
            let outcome = try tapestry(
                "train", "autoencoder", "--data", "tiny.npy", "--epochs", "1", "--latent-size",
                size, "--output", size, "--quiet", in: folder)
            #expect(outcome.status == 0)
        }
        try train("3")
        let refused = try tapestry("manifold", "3", in: folder)
        #expect(refused.status == 1)
        #expect(
            refused.complaints == [
                "tapestry: 3: expected codes of 2 components (train with --latent-size 2), found "
                    + "codes of 3"
            ])
        // A model without a prior has one as well, in the region of its codes.
        try train("2")
        #expect(try tapestry("manifold", "2", "--count", "3", in: folder).status == 0)
        #expect(try PNG.read(folder.path("2/manifold.png")).width == 3 * 64)
    }

    /// Options that came later have the values that fit what earlier runs did.
    @Test func runsOfEarlierVersionsAreRead() throws {
        let folder = try TrainedFixture.copy()
        let before = try tapestry("evaluate", "run", in: folder)
        let file = folder.path("run/config.json")
        var configuration = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: file)))
                as? [String: Any])
        var options = try #require(configuration["options"] as? [String: Any])
        var samples = try #require(configuration["samples"] as? [String: Any])
        #expect(options.removeValue(forKey: "output") != nil)
        #expect(samples.removeValue(forKey: "numbers") != nil)
        configuration["options"] = options
        configuration["samples"] = samples
        try JSONSerialization.data(withJSONObject: configuration).write(
            to: URL(fileURLWithPath: file))
        let after = try tapestry("evaluate", "run", in: folder)
        #expect(before.status == 0 && after.status == 0 && after.output == before.output)
        #expect(after.error.isEmpty)
    }
}

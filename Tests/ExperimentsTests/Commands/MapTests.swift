import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// Maps and probes of a trained run.
@Suite struct MapTests {
    @Test func neighboursAreDrawnAndShownOnThePage() throws {
        let folder = try TrainedFixture.copy()
        let words = [
            "map", "run", "--count", "90", "--perplexity", "10", "--iterations", "60", "--quiet",
        ]
        let outcome = try ProgramProcess(words, in: folder).outcome()
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        let lines = outcome.output.split(separator: "\n")
        #expect(lines[0].hasPrefix("90 codes, trustworthiness 0."))
        #expect(lines.dropFirst() == ["run/tsne.png", "run/tsne.svg", "run/tsne.csv"])
        let map = try LatentMap(contentsOf: folder.path("run/tsne.csv"))
        #expect(map.points.count == 90 && map.labels.count == 90)
        #expect(map.verticalLabel.hasPrefix("t-SNE, component 2 (trustworthiness 0."))
        // Every fourth label of the test samples.
        let labels = try #require(Dataset.named("digits8x8").test.labels).elements(as: Int32.self)
        #expect(map.labels == (0..<90).map { Int(labels[$0 * 4]) })
        #expect(try PNG.read(folder.path("run/tsne.png")).width == 1440)
        #expect(try folder.text("run/tsne.svg").hasPrefix("<svg"))
        let page = try folder.text("run/report.html")
        #expect(page.contains("<h2>t-SNE map</h2>") && page.contains("<h2>Latent space</h2>"))

        let first = try folder.bytes("run/tsne.csv")
        _ = try ProgramProcess(words + ["--threads", "1"], in: folder).outcome()
        #expect(try folder.bytes("run/tsne.csv") == first)
        _ = try ProgramProcess(words + ["--seed", "1"], in: folder).outcome()
        #expect(try folder.bytes("run/tsne.csv") != first)
    }

    @Test func principalComponentsAreDrawn() throws {
        let folder = try TrainedFixture.copy()
        let before = try LatentMap(contentsOf: folder.path("run/latent.csv"))
        let outcome = try tapestry("map", "run", "--method", "pca", "--quiet", in: folder)
        #expect(outcome.status == 0)
        // Codes of the plane are their own map.
        #expect(
            outcome.output
                == "360 codes, trustworthiness 1.0000 with 5 neighbours\nrun/latent.png\n"
                + "run/latent.svg\nrun/latent.csv\n")
        #expect(try LatentMap(contentsOf: folder.path("run/latent.csv")).points == before.points)
        #expect(!folder.exists("run/tsne.csv"))
    }

    @Test func perplexityHasItsLimit() throws {
        let folder = try TrainedFixture.copy()
        let outcome = try tapestry(
            "map", "run", "--count", "31", "--perplexity", "11", in: folder)
        #expect(outcome.status == 2)
        #expect(
            outcome.error
                == "tapestry: --perplexity 11: expected a number from 1 to 10.000, a third of the "
                + "other samples\n")
        let few = try tapestry("map", "run", "--count", "3", in: folder)
        #expect(few.status == 1)
        #expect(
            few.error == "tapestry: digits8x8: expected at least 4 test samples, found 3\n")
        #expect(!folder.exists("run/tsne.csv"))
    }

    /// Maps of the training samples stand beside those of the test samples.
    @Test func eitherPartIsDrawn() throws {
        let folder = try TrainedFixture.copy()
        let before = try folder.bytes("run/latent.csv")
        let outcome = try tapestry(
            "map", "run", "--method", "pca", "--part", "training", in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.output.hasPrefix("1,437 codes, trustworthiness 1.0000"))
        #expect(
            outcome.output.hasSuffix(
                "run/latent-training.png\nrun/latent-training.svg\nrun/latent-training.csv\n"))
        let map = try LatentMap(contentsOf: folder.path("run/latent-training.csv"))
        let labels = try #require(Dataset.named("digits8x8").training.labels)
        #expect(map.labels == labels.elements(as: Int32.self).map(Int.init))
        #expect(try folder.bytes("run/latent.csv") == before)
        let neighbours = try tapestry(
            "map", "run", "--part", "training", "--count", "60", "--iterations", "10",
            "--perplexity", "5", in: folder)
        #expect(neighbours.output.contains("run/tsne-training.png"))
        #expect(!folder.exists("run/tsne.csv"))
        let page = try folder.text("run/report.html")
        for words in [
            "<h2>Latent space</h2>", "<h2>Latent space of the training samples</h2>",
            "<h2>t-SNE map of the training samples</h2>",
            "The mean codes of the training samples by t-SNE",
        ] { #expect(page.contains(words), "\(words)") }
    }

    @Test(arguments: [("logistic", 0.4), ("neighbours", 0.4), ("clusters", 0.25)])
    func aProbeTellsTheDigits(method: String, least: Double) throws {
        let folder = try TrainedFixture.copy()
        let outcome = try tapestry(
            "probe", "run", "--method", method, "--json", "--quiet", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        let result = try JSONDecoder().decode(ProbeResult.self, from: Data(outcome.output.utf8))
        #expect(result.labels == 1437 && result.testSamples == 360)
        // Of two numbers, after two epochs: much better than chance.
        #expect(result.accuracy > least, "\(result.accuracy)")
        #expect(result.accuracy + result.error == 1)
        #expect(result.confusion.map { $0.reduce(0, +) } == [Int](repeating: 36, count: 10))
        let hits = (0..<10).reduce(0) { $0 + result.confusion[$1][$1] }
        #expect(Double(hits) / 360 == result.accuracy)
        #expect(try PNG.read(folder.path("run/probe-\(method).png")).width == 1280)
        let page = try folder.text("run/report.html")
        #expect(page.contains("<h2>Confusion matrix</h2>") && page.contains(result.sentence))
        // The page can be written again from the files.
        _ = try tapestry("report", "run", in: folder)
        #expect(try folder.text("run/report.html") == page)
    }

    @Test func aProbeOfFewLabels() throws {
        let folder = try TrainedFixture.copy()
        let outcome = try tapestry(
            "probe", "run", "--method", "neighbours", "--labels", "50", "--neighbours", "1",
            "--quiet", in: folder)
        #expect(outcome.status == 0)
        #expect(
            outcome.output.hasPrefix(
                "Nearest neighbours (1) on the codes of 50 labelled training samples: error "))
        // The table: a line of names, and one for each digit.
        #expect(outcome.output.split(separator: "\n").count { $0.hasPrefix("    ") } == 10)
    }

    @Test func whatCannotBeProbed() throws {
        let folder = try TrainedFixture.copy()
        func error(_ words: String...) throws -> (Int32, String) {
            let outcome = try ProgramProcess(["probe"] + words + ["--quiet"], in: folder).outcome()
            return (outcome.status, outcome.error)
        }
        #expect(
            try error("run", "--method", "neighbours", "--labels", "20", "--neighbours", "21")
                == (2, "tapestry: --neighbours 21: expected a whole number from 1 to 20\n"))
        #expect(
            try error("run", "--labels", "9")
                == (2, "tapestry: --labels 9: expected a whole number from 10 to 1437\n"))
        let pictures = Tensor((0..<1280).map { UInt8($0 % 17) }, shape: [20, 8, 8])
        try NPY.write(pictures, to: folder.path("tiny.npy"))
        let unlabelled = try error("run", "--data", "tiny.npy")
        #expect(unlabelled.0 == 1)
        #expect(unlabelled.1.hasSuffix("tiny.npy: expected labels, found none\n"))
    }

    @Test func labelsThatDoNotMatch() throws {
        func classes(_ training: [Int32], _ test: [Int32]) throws -> Int {
            func examples(_ labels: [Int32]) -> Examples {
                Examples(inputs: Tensor.zeros([labels.count, 2]), labels: Tensor(labels))
            }
            let set = Dataset(
                name: "few", training: examples(training), test: examples(test), classNames: [],
                source: "")
            return try LabelledClasses(of: set).count
        }
        #expect(try classes([0, 2, 1], [2]) == 3)
        #expect(try classes([-1, 2, 0, -1], [-1, 2]) == 3)
        #expect(throws: FileError.self) { try classes([0, 1], [-1]) }
        #expect(throws: FileError.self) { try classes([1, 1], [1]) }
        #expect(throws: FileError.self) { try classes([0, 1], [2]) }
        #expect(throws: FileError.self) { try classes([-1, 1], [1]) }
    }
}

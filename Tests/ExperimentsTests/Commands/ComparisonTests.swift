import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// The commands that compare runs, and what a run shows of its units.
@Suite struct ComparisonTests {
    private static let folder = TestFolder()

    /// Runs of the recipe that shows copying, by their names: each takes a moment.
    private static let measures: [String: Double] = {
        var measures: [String: Double] = [:]
        for (name, options) in [
            ("copy", []), ("noise", ["--regularizer", "noise"]),
            ("sparsity", ["--regularizer", "sparsity"]),
            ("contraction", ["--regularizer", "contraction"]),
            ("small", ["--latent-size", "16"]),
        ] {
            let size = options.contains("--latent-size") ? [] : ["--latent-size", "128"]
            let outcome = try? ProgramProcess(
                ["train", "overcomplete", "--data", "digits8x8", "--epochs", "20", "--json"]
                    + ["--output", name, "--quiet"] + size + options, in: folder
            ).outcome()
            let data = Data((outcome?.output ?? "").utf8)
            let summary = try? JSONDecoder().decode(RunSummary.self, from: data)
            measures[name] = summary?.diagnostics?["noiseKept"]
        }
        return measures
    }()

    @Test func largeCodesCopyUnlessSomethingPreventsIt() throws {
        #expect(try #require(Self.measures["copy"]) > 0.75)
        for name in ["noise", "sparsity", "contraction", "small"] {
            #expect(try #require(Self.measures[name]) < 0.5, "\(name)")
        }
    }

    @Test func learningCurvesOfRunsInOneChart() throws {
        try #require(Self.measures.count == 5)
        let outcome = try ProgramProcess(
            ["compare", "copy", "noise", "--output", "curves.svg"], in: Self.folder
        ).outcome()
        #expect(outcome.status == 0)
        #expect(outcome.output == "curves.svg\ncurves.csv\n")
        let table = try CSV.read(Self.folder.path("curves.csv"))
        #expect(table.header == ["epoch", "copy", "noise"])
        #expect(table.rows.count == 20)
        let last = try TrainingRun.open(at: Self.folder.path("noise")).history()[19]
        #expect(Double(table.rows[19][2]) == last.heldOut["squaredError"])
        #expect(try Self.folder.text("curves.svg").contains("Squared error"))
        let refused = try ProgramProcess(
            ["compare", "copy", "--metric", "elbo"], in: Self.folder
        ).outcome()
        #expect(refused.status == 1)
        #expect(refused.error.contains("copy/metrics.jsonl: expected the metric elbo"))
    }

    @Test func spectraOfRunsInOneChart() throws {
        try #require(Self.measures.count == 5)
        let outcome = try ProgramProcess(
            ["spectrum", "copy", "contraction", "--samples", "2", "--count", "6"]
                + ["--output", "spectra.png"], in: Self.folder
        ).outcome()
        #expect(outcome.status == 0)
        let table = try CSV.read(Self.folder.path("spectra.csv"))
        #expect(table.header == ["singular value, by rank", "copy", "contraction"])
        let rows = try table.rows.map { try $0.map { try #require(Double($0)) } }
        #expect(rows.count == 6)
        #expect(zip(rows, rows.dropFirst()).allSatisfy { $0[1] >= $1[1] && $0[2] >= $1[2] })
        // What the penalty is on.
        let norms = (1...2).map { column in rows.reduce(0) { $0 + $1[column] * $1[column] } }
        #expect(norms[1] < norms[0])
        #expect(try PNG.read(Self.folder.path("spectra.png")).width >= 800)
    }

    @Test func filtersAreTheWeights() throws {
        try #require(Self.measures.count == 5)
        let outcome = try ProgramProcess(
            ["filters", "small", "--count", "10", "--output", "filters.png"], in: Self.folder
        ).outcome()
        #expect(outcome.status == 0)
        let picture = try PNG.read(Self.folder.path("filters.png"))
        #expect(picture.width == 10 * 68 + 4 && picture.height == 68 + 4)
        let trained = try TrainedRun(TrainingRun.open(at: Self.folder.path("small")))
        let weight = trained.model.parameters[0].tensor
        let first = weight[0].elements(as: Float.self)
        let greatest = first.map(abs).max()!
        for (index, value) in first.enumerated() {
            let (row, column) = (4 + index / 8 * 8 + 3, 4 + index % 8 * 8 + 3)
            let pixel = picture.pixels[(row * picture.width + column) * 3]
            #expect(abs(Float(pixel) - 255 * (0.5 + 0.5 * value / greatest)) <= 1)
        }
    }

    @Test func ratesAreToldAndKept() throws {
        let codes = Tensor(rows: [[0, 2, -1], [0, 0, 3]] as [[Float]])
        let rates = ActivationRates(codes: codes)
        #expect(rates.shares == [0, 0.5, 1])
        #expect(rates.magnitudes == [0, 1, 2])
        #expect(rates.chart.series[0].points.map(\.y) == [1, 0.5, 0])
        #expect(rates.caption.contains("Of 3 components 1.5"))
        #expect(rates.caption.contains("and 1 never"))
        let folder = TestFolder()
        try rates.write(to: folder.path("rates.csv"))
        let read = try ActivationRates(contentsOf: folder.path("rates.csv"))
        #expect(read.shares == rates.shares && read.magnitudes == rates.magnitudes)
        try CSV.write(
            CSV.Table(header: ["a", "b"], rows: [["1", "2"]]), to: folder.path("other.csv"))
        #expect(throws: FileError.self) {
            _ = try ActivationRates(contentsOf: folder.path("other.csv"))
        }
    }
}

import Foundation
import Models
import TestSupport
import Testing

/// What the command says of codes where factors are known.
@Suite struct DisentangleTests {
    private struct Answer: Decodable {
        let factors: [String]
        let trainingSamples: Int
        let testSamples: Int
        let scores: [String: Double]
        let shuffled: [String: Double]
    }

    @Test func codesAreScoredBesideChance() throws {
        let folder = TestFolder()
        let trained = try ProgramProcess(
            ["train", "beta-vae", "--data", "factors", "--epochs", "1", "--batch-size", "2000"]
                + [
                    "--hidden-sizes", "32", "--latent-size", "3", "--beta", "0.1", "--output",
                    "run",
                ]
                + ["--learning-rate", "0.01", "--quiet"], in: folder, shell: nil
        ).outcome()
        #expect(trained.status == 0, "\(trained.error)")
        func run(_ words: String...) throws -> ProgramOutcome {
            try ProgramProcess(["disentangle", "run", "--quiet"] + words, in: folder, shell: nil)
                .outcome()
        }
        let outcome = try run("--json")
        #expect(outcome.status == 0, "\(outcome.error)")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
        #expect(answer.factors == ["shape", "size", "angle", "x", "y"])
        #expect(answer.trainingSamples == 10_000 && answer.testSamples == 5000)
        #expect(answer.scores.count == 8 && answer.shuffled.count == 8)
        #expect(answer.scores.values.allSatisfy { 0...1 ~= $0 })
        // Codes of images say something of the places of shapes, shuffled ones nothing.
        let (found, chance) = (answer.scores, answer.shuffled)
        for name in ["informativeness", "explicitness"] {
            #expect(found[name, default: 0] > chance[name, default: 1] + 0.02, "\(name)")
        }
        #expect(try run("--threads", "1").output == run("--threads", "2").output)
        #expect(try folder.names(in: "run").contains("disentanglement.json"))

        // Others can compute scores of their own.
        let embedded = try tapestry("embed", "run", "--output", "codes.csv", in: folder)
        #expect(embedded.status == 0, "\(embedded.error)")
        let codes = try String(contentsOfFile: folder.path("codes.csv"), encoding: .utf8)
            .split(whereSeparator: \.isNewline)
        #expect(codes.first == "code1,code2,code3,shape,size,angle,x,y,label")
        let shapes = ["square": "0.0", "ellipse": "1.0"]
        for row in codes.dropFirst() {
            let cells = row.split(separator: ",")
            if let shape = shapes[String(cells[8])] { #expect(cells[3] == shape) }
        }
        #expect(codes.count > 4000)

        // Runs are compared by score and reconstruction.
        let drawn = try tapestry("tradeoff", "run", "run", in: folder)
        #expect(drawn.status == 0, "\(drawn.error)")
        #expect(drawn.output == "tradeoff.svg\ntradeoff.csv\n")
        let table = try String(contentsOfFile: folder.path("tradeoff.csv"), encoding: .utf8)
        let rows = table.split(whereSeparator: \.isNewline)
        #expect(rows.count == 2 && rows[1].hasPrefix("beta-vae,"))
        #expect(rows[1].contains(",2,") && !rows[1].contains("--seed"))
        expectFailure(
            try tapestry("tradeoff", "run", "--score", "gap", in: folder), "unknown score \"gap\"",
            status: 2)
        expectFailure(
            try tapestry("tradeoff", "run", "--metric", "psnr", in: folder),
            "expected the metric psnr")
    }

    @Test func factorsMustBeKnown() throws {
        let folder = try TrainedFixture.copy()
        expectFailure(
            try tapestry("disentangle", "run", in: folder),
            "digits8x8: expected samples whose factors are known", "found none")
    }

    /// A critic is part of what a run is evaluated by.
    @Test func aCriticIsReadWithItsRun() throws {
        let folder = TestFolder()
        let trained = try ProgramProcess(
            [
                "train", "factor-vae", "--data", "factors", "--epochs", "1", "--batch-size", "4000",
                "--hidden-sizes", "8", "--latent-size", "2", "--critic-sizes", "8",
                "--critic-rate", "0.01", "--output", "run", "--quiet",
            ], in: folder, shell: nil
        ).outcome()
        #expect(trained.status == 0, "\(trained.error)")
        let epoch = try #require(TrainingRun.open(at: folder.path("run")).history().last)
        let outcome = try tapestry("evaluate", "run", "--json", "--quiet", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        struct Answer: Decodable { let metrics: [String: Double] }
        let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
        #expect(answer.metrics["totalCorrelation"] == epoch.heldOut["totalCorrelation"])

        // Runs are compared by scores once they have them.
        expectFailure(
            try tapestry("tradeoff", "run", in: folder),
            "run/disentanglement.json: expected scores of disentanglement", "no such file")
    }
}

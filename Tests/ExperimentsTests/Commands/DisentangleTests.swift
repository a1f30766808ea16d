import Foundation
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
    }

    @Test func factorsMustBeKnown() throws {
        let folder = try TrainedFixture.copy()
        expectFailure(
            try tapestry("disentangle", "run", in: folder),
            "digits8x8: expected samples whose factors are known", "found none")
    }
}

import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// Images that are made, or turned, by a factor that models are told, or learn to say.
@Suite struct ToldFactorTests {
    private struct Answer: Decodable { let metrics: [String: Double] }

    private static let data = [
        "--data", "digits8x8", "--turn", "uniform:60", "--condition", "turn",
    ]

    private func train(_ words: [String], in folder: TestFolder) throws -> ProgramOutcome {
        try ProgramProcess(
            ["train"] + words + ["--quiet", "--output", "run"], in: folder
        ).outcome()
    }

    /// Angles of digits are told in 300 of 1437 images; of others they are said better than by the mean of
    /// all.
    @Test func numbersAreLearnedFromFewExamples() throws {
        let folder = TestFolder()
        let outcome = try train(
            ["regression-rvae"] + Self.data + [
                "--labels-kept", "300", "--epochs", "20", "--learning-rate", "0.003",
                "--hidden-sizes", "64,64", "--decoder-sizes", "32,32", "--pixels", "1", "--shift",
                "0", "--batch-size", "50",
            ], in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let run = try TrainingRun.open(at: folder.path("run"))
        let number = try #require(run.configuration.samples.number)
        #expect(abs(number.deviation - 34.6) < 3 && abs(number.mean) < 6)
        let evaluated = try tapestry("evaluate", "run", "--json", "--quiet", in: folder)
        let metrics = try JSONDecoder().decode(
            Answer.self, from: Data(evaluated.output.utf8)
        ).metrics
        let error = try #require(metrics["numberError"])
        #expect(error < 0.75 * 34.6, "\(metrics)")
        for words in [
            ["sample", "run", "--condition", "30"], ["transfer", "run"], ["embed", "run"],
        ] {
            let outcome = try ProgramProcess(words + ["--quiet"], in: folder).outcome()
            #expect(outcome.status == 0, "\(words) \(outcome.error)")
        }
        // Other data need not have the number.
        let images = try Dataset.named("digits8x8").test.inputs[0..<20]
        try NPY.write(images, to: folder.path("other.npy"))
        let other = try tapestry(
            "evaluate", "run", "--data", "other.npy", "--json", "--quiet", in: folder)
        #expect(other.status == 0, "\(other.error)")
        #expect(other.output.contains("\"elbo\"") && !other.output.contains("\"turn\""))
    }

    @Test func factorsAreTold() throws {
        let folder = TestFolder()
        let outcome = try train(
            ["conditional-rvae"] + Self.data + [
                "--epochs", "1", "--hidden-sizes", "16", "--decoder-sizes", "8,8",
            ], in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let run = try TrainingRun.open(at: folder.path("run"))
        #expect(run.configuration.samples.number != nil)
        let drawn = try tapestry("sample", "run", "--condition", "-20", "--quiet", in: folder)
        #expect(drawn.status == 0, "\(drawn.error)")
    }

    @Test func unsuitableNumbersAreRefused() throws {
        let folder = TestFolder()
        for (words, parts) in [
            (
                ["conditional-rvae", "--data", "digits8x8", "--condition", "x"],
                [#"a file .csv or .tsv with a column "x" of conditions"#, "found neither"]
            ),
            (
                ["conditional-rvae", "--data", "factors", "--condition", "shape"],
                ["samples made by such a factor", #""angle""#]
            ),
            (
                ["regression-rvae", "--data", "digits8x8"],
                ["a number that is known of some samples"]
            ),
            (
                ["regression-rvae"] + Self.data + ["--labels-kept", "2000"],
                ["2000 training samples with numbers", "found 1437"]
            ),
            (
                ["conditional-rvae"] + Self.data + ["--labels-kept", "20"],
                ["a number for each sample", "1417 of 1437 training samples without"]
            ),
        ] {
            let outcome = try train(words, in: folder)
            #expect(outcome.status == 1 && outcome.complaints.count == 1, "\(outcome.error)")
            for part in parts { #expect(outcome.error.contains(part), "\(outcome.error)") }
        }
        #expect(try folder.names(in: ".").isEmpty)
    }
}

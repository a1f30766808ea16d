import Foundation
import TestSupport
import Testing

/// What the command says of angles.
@Suite struct PosesTests {
    private struct Answer: Decodable {
        struct Errors: Decodable {
            let meanError: Double
            let shareAbove20: Double
            let correlation: Double
        }
        struct Scores: Decodable {
            let codes: Errors?
            let constant: Errors
            let moments: Errors
            let contentSpread: Double
            let clusterAccuracy: Double?
        }
        let testSamples: Int
        let scores: Scores
    }

    private func train(_ options: [String], in folder: TestFolder) throws {
        let trained = try ProgramProcess(
            ["train", "rvae", "--epochs", "3", "--learning-rate", "0.003", "--hidden-sizes", "64"]
                + ["--decoder-sizes", "32,32", "--quiet", "--output", "run"] + options,
            in: folder, shell: nil
        ).outcome()
        #expect(trained.status == 0, "\(trained.error)")
    }

    @Test func anglesAreScoredBesideTheConstant() throws {
        let folder = TestFolder()
        try train(["--turn", "uniform:60"], in: folder)
        let outcome = try tapestry("poses", "run", "--quiet", "--json", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
        // Even angles up to 60 degrees are a quarter of the range from their middle.
        #expect(abs(answer.scores.constant.meanError - 30) < 2)
        #expect(abs(answer.scores.constant.shareAbove20 - 2.0 / 3) < 0.06)
        #expect(answer.scores.constant.correlation == 0)
        #expect(0...180 ~= answer.scores.moments.meanError)
        let codes = try #require(answer.scores.codes)
        #expect(0...90 ~= codes.meanError && -1...1 ~= codes.correlation)
        #expect(answer.scores.contentSpread > 0)
        let clusters = try #require(answer.scores.clusterAccuracy)
        #expect(0.05...1 ~= clusters)
        #expect(try folder.names(in: "run").contains("poses.json"))
        let text = try tapestry("poses", "run", "--quiet", in: folder)
        #expect(text.output.contains("one for all        mean error"))
        // The run turns its images again, as it is told to.
        let again = try tapestry("poses", "run", "--quiet", "--json", in: folder)
        #expect(again.output == outcome.output)
    }

    @Test func withoutAnAngleThereIsStillContent() throws {
        let folder = TestFolder()
        try train(["--turn", "normal:20", "--angle", "none"], in: folder)
        let outcome = try tapestry("poses", "run", "--quiet", "--json", in: folder)
        let answer = try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
        #expect(answer.scores.codes == nil)
        #expect(answer.scores.contentSpread > 0)
    }

    @Test func whatHasNoAnglesIsRefused() throws {
        let folder = TestFolder()
        try train([], in: folder)
        try expectFailure(
            tapestry("poses", "run", in: folder), "samples whose angles are known", "none",
            status: 1)
        let copy = try TrainedFixture.copy()
        try expectFailure(
            tapestry("poses", copy.path("run"), in: folder), "poses in its codes", status: 1)
        try expectFailure(
            tapestry("train", "vae", "--turn", "60", in: folder), "--turn 60",
            "expected uniform:DEGREES or normal:DEGREES", status: 2)
        try "a,b\n1,2\n3,4\n5,6\n".write(
            toFile: folder.path("rows.csv"), atomically: true, encoding: .utf8)
        try expectFailure(
            tapestry("train", "vae", "--data", "rows.csv", "--turn", "uniform:9", in: folder),
            "images, to turn them", status: 1)
    }
}

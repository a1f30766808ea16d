import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

@Suite struct ScoreTests {
    /// A sample is not its own neighbour: about as many are flagged as the quantile says.
    @Test func thresholdsByNeighboursAreThoseOfOthers() throws {
        let folder = try TableFixture.copy()
        let outcome = try tapestry(
            "score", "run", "--by", "neighbours", "--neighbour", "1", "--quantile", "0.8",
            "--json", in: folder)
        let flagged = try #require(try object(outcome.output)["flagged"] as? Int)
        #expect(5...75 ~= flagged, "\(flagged) of 150")
    }

    /// Samples of a table's model that are no rows of one have a score each.
    @Test func picturesAreScoredByTheRecipeForTables() throws {
        let folder = TestFolder()
        let trained = try tapestry(
            "train", "table", "--data", "digits8x8", "--epochs", "1", "--output", "run",
            "--quiet", in: folder)
        #expect(trained.status == 0)
        let outcome = try tapestry("score", "run", "--draws", "2", in: folder)
        #expect(outcome.status == 0)
        #expect(try CSV.read(folder.path("run/scores/scores.csv")).rows.count == 360)
    }

    @Test func scoresAreWrittenAndMeasured() throws {
        let folder = try TableFixture.copy()
        let outcome = try tapestry("score", "run", "--json", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        let answer = try object(outcome.output)
        let table = try CSV.read(folder.path("run/scores/scores.csv"))
        #expect(table.rows.count == 150)
        #expect(table.header.prefix(5) == ["row", "score", "flagged", "label", "country error"])
        #expect(table.header.count == 4 + 7)
        let scores = table.rows.map { Double($0[1])! }
        // Rows have their numbers in the file.
        let numbers = table.rows.map { Int($0[0])! }
        #expect(numbers == numbers.sorted() && Set(numbers).count == 150 && numbers[149] > 150)
        let orders = try CSV.read(folder.path("orders.csv"))
        let fraud = try #require(orders.header.firstIndex(of: "fraud"))
        #expect(table.rows.map { $0[3] } == numbers.map { orders.rows[$0 - 1][fraud] })
        let ranking = try Ranking(scores: scores, isPositive: table.rows.map { $0[3] == "1" })
        for (name, expected) in [
            ("areaUnderCurve", ranking.areaUnderCurve),
            ("averagePrecision", ranking.averagePrecision),
        ] {
            #expect(abs(try #require(answer[name] as? Double) - expected) < 1e-12)
        }
        let threshold = try #require(answer["threshold"] as? Double)
        for (row, score) in zip(table.rows, scores) {
            #expect((row[2] == "1") == (score > threshold))
        }
        #expect(answer["flagged"] as? Int == scores.count { $0 > threshold })
        // The error is the mean over the cells that are there.
        let byError = try tapestry("score", "run", "--by", "reconstruction", in: folder)
        #expect(byError.status == 0)
        for row in try CSV.read(folder.path("run/scores-reconstruction/scores.csv")).rows {
            let cells = row[4...].map { Double($0)! }
            let sum = cells.reduce(0, +)
            let score = try #require(Double(row[1]))
            #expect(score <= sum * 1.0001 && score >= sum / 7.0001)
        }
        let files = try folder.names(in: "run/scores")
        #expect(files == ["scores.csv", "scores.html", "curves.svg"])
        let page = try folder.text("run/scores/scores.html")
        #expect(page.contains("Area under the ROC curve") && page.contains("Highest scores"))
        #expect(page.contains("the mean of three scores on one scale"))
        // The same again, to the letter.
        let again = try tapestry("score", "run", "--output", "again", in: folder)
        #expect(again.status == 0)
        #expect(
            try folder.bytes("again/scores.csv") == (try folder.bytes("run/scores/scores.csv")))
    }

    /// Rows are judged by a model of their own, which is trained again if it is missing.
    @Test func aSecondModelJudgesRows() throws {
        let folder = try TableFixture.copy()
        func scores() throws -> [UInt8] {
            let outcome = try tapestry("score", "run", "--output", "s", in: folder)
            #expect(outcome.status == 0 && !outcome.output.contains("usual"))
            return try folder.bytes("s/scores.csv")
        }
        let judged = try scores()
        try FileManager.default.removeItem(atPath: folder.path("run/judge"))
        let outcome = try tapestry("score", "run", "--output", "s", in: folder)
        #expect(outcome.output.contains("the run has no model of the usual ones"))
        let byTheModel = try folder.bytes("s/scores.csv")
        let resumed = try tapestry("train", "table", "--resume", "--output", "run", in: folder)
        #expect(resumed.status == 0 && resumed.error.contains("the 113 most usual of 150 rows"))
        #expect(try scores() == judged && byTheModel != judged)
    }

    /// Rows without a label are scored, but tell nothing of how well anomalies are told, and are
    /// no class of their own.
    @Test func rowsWithoutALabelAreLeftOut() throws {
        let folder = try TableFixture.copy()
        var table = try CSV.read(folder.path("orders.csv"))
        let place = try #require(table.header.firstIndex(of: "fraud"))
        for row in table.rows.indices where row % 3 == 0 { table.rows[row][place] = "" }
        try CSV.write(table, to: folder.path("some.csv"))
        let outcome = try tapestry(
            "score", "run", "some.csv", "--output", "s", "--json", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        let answer = try object(outcome.output)
        #expect(answer["samples"] as? Int == 300 && answer["unlabelled"] as? Int == 100)
        let scores = try CSV.read(folder.path("s/scores.csv")).rows
        #expect(scores.count == 300 && scores.allSatisfy { Double($0[1]) != nil })
        let labelled = scores.filter { !$0[3].isEmpty }
        #expect(labelled.count == 200)
        let ranking = try Ranking(
            scores: labelled.map { Double($0[1])! }, isPositive: labelled.map { $0[3] == "1" })
        #expect(answer["anomalies"] as? Int == ranking.positives)
        for (name, value) in [
            ("areaUnderCurve", ranking.areaUnderCurve),
            ("averagePrecision", ranking.averagePrecision),
        ] {
            #expect(abs(try #require(answer[name] as? Double) - value) < 1e-12)
        }
        let flagged = labelled.filter { $0[2] == "1" }
        let found = flagged.count { $0[3] == "1" }
        #expect(answer["precision"] as? Double == Double(found) / Double(flagged.count))
        #expect(answer["recall"] as? Double == Double(found) / Double(ranking.positives))
        let told = try tapestry("score", "run", "some.csv", "--output", "s", in: folder)
        #expect(told.output.contains(/Unlabelled +100\n/))

        let probed = try tapestry(
            "probe", "run", "--data", "some.csv", "--json", "--quiet", in: folder)
        #expect(probed.status == 0)
        let probe = try JSONDecoder().decode(ProbeResult.self, from: Data(probed.output.utf8))
        #expect(probe.labels + probe.testSamples == 200 && probe.classNames == ["0", "1"])
        let tuned = try tapestry(
            "finetune", "run", "--data", "some.csv", "--seeds", "1", "--steps", "3", "--json",
            "--quiet", in: folder)
        #expect(tuned.status == 0)
        let result = try JSONDecoder().decode(
            FineTuningResult.self, from: Data(tuned.output.utf8))
        #expect(result.plan.labels == [probe.labels] && result.testSamples == probe.testSamples)
        #expect(
            try tapestry("map", "run", "--data", "some.csv", "--method", "pca", in: folder).status
                == 0)
        #expect(try LatentMap(contentsOf: folder.path("run/latent.csv")).labels.contains(-1))
        let embedded = try tapestry(
            "embed", "run", "--data", "some.csv", "--output", "codes.csv", in: folder)
        #expect(embedded.status == 0)
        let labels = try CSV.read(folder.path("codes.csv")).rows.map { $0[$0.count - 1] }
        #expect(Set(labels) == ["", "0", "1"])
    }

    @Test(arguments: [
        "reconstruction", "mahalanobis", "neighbours", "components", "bulk", "forest",
    ])
    func picturesAreScoredToo(method: String) throws {
        let folder = try TrainedFixture.copy()
        let outcome = try tapestry(
            "score", "run", "--by", method, "--normal", "1", "--json", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        let answer = try object(outcome.output)
        #expect(answer["samples"] as? Int == 360 && answer["by"] as? String == method)
        let pictures = try Dataset.named("digits8x8").test.inputs
        try NPY.write(pictures, to: folder.path("p.npy"))
        let file = try tapestry(
            "score", "run", "p.npy", "--by", method, "--output", "s", in: folder)
        #expect(file.status == 0)
        let scores = try [
            "run/\(RunFile.scores(by: ScoreMethod(rawValue: method)))", "s",
        ].map {
            try CSV.read(folder.path("\($0)/scores.csv")).rows.map { $0[1] }
        }
        #expect(scores[0] == scores[1])
    }
}

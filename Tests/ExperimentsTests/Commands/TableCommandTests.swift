import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// A small run on a table of orders, made once: `orders.csv`, `run`.
enum TableFixture {
    static let made: (folder: TestFolder, outcome: ProgramOutcome) = {
        let folder = TestFolder()
        try! CSV.write(.customers(count: 300), to: folder.path("orders.csv"))
        let outcome = try! tapestry(
            "train", "table", "--data", "orders.csv", "--label", "fraud", "--test-share", "0.5",
            "--epochs", "40", "--batch-size", "32", "--output", "run", "--quiet", in: folder)
        return (folder, outcome)
    }()

    static func copy() throws -> TestFolder {
        let folder = TestFolder()
        for name in ["run", "orders.csv"] { try folder.copy(name, from: made.folder) }
        // The run knows its table by the path.
        return folder
    }
}

private func object(_ text: String) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

@Suite struct TableCommandTests {
    @Test func trainingLeavesPageAndEncoding() throws {
        let (folder, outcome) = TableFixture.made
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        let files = try folder.names(in: "run")
        #expect(files.isSuperset(of: ["encoding.json", "report.html", "latent.png"]))
        #expect(!files.contains("samples.png"))
        let encoding = try TableEncoding(contentsOf: folder.path("run/encoding.json"))
        #expect(encoding.label == "fraud")
        #expect(!encoding.inputs.map(\.name).contains("fraud"))
        #expect(
            try folder.text("run/report.html").contains("--label fraud --test-share 0.5"))
        let evaluated = try tapestry("evaluate", "run", in: folder)
        #expect(evaluated.output.hasPrefix("Means over 150 test samples"))
        let drawn = try tapestry("sample", "run", in: folder)
        #expect(
            drawn.status == 1 && drawn.error.contains("such as that of tapestry train table-vae"))
        let resumed = try tapestry(
            "train", "table", "--resume", "--output", "run", "--label", "country", in: folder)
        #expect(resumed.status == 2)
        #expect(
            resumed.error.contains(
                "--label country: the run in run was started with another value"))
    }

    @Test func theSchemaIsWrittenAndUsed() throws {
        let folder = try TableFixture.copy()
        let written = try tapestry(
            "schema", "orders.csv", "--label", "fraud", "--output", "schema.json", in: folder)
        #expect(written.status == 0 && written.output.contains("temperature   number"))
        var schema = try TableSchema(contentsOf: folder.path("schema.json"))
        schema.columns[1].kind = .rank
        schema.columns[2].kind = .ignored
        schema.columns[3].kind = .embedding
        try schema.write(to: folder.path("schema.json"))
        let outcome = try tapestry(
            "train", "table", "--data", "orders.csv", "--schema", "schema.json", "--epochs", "1",
            "--output", "other", "--quiet", in: folder)
        #expect(outcome.status == 0)
        let encoding = try TableEncoding(contentsOf: folder.path("other/encoding.json"))
        #expect(
            encoding.columns.map(\.kind) == [
                .category, .rank, .ignored, .embedding, .category, .number, .date, .label,
            ])
        let imputed = try tapestry("impute", "other", "orders.csv", in: folder)
        #expect(imputed.status == 0)
        let shown = try tapestry("schema", "orders.csv", in: folder)
        #expect(try object(shown.output)["columns"] is [Any])
    }

    /// Fields are told apart as they were in what is filled, but where the name says otherwise.
    @Test func filledTablesKeepTheirSeparator() throws {
        let folder = TestFolder()
        let rows = (0..<60).map { "\($0),5;\($0 % 7 == 3 ? "" : "\($0 % 7),25")" }
        try folder.write((["x;y"] + rows).joined(separator: "\n") + "\n", to: "t.csv")
        let trained = try tapestry(
            "train", "table", "--data", "t.csv", "--epochs", "1", "--hidden-sizes", "4",
            "--latent-size", "1", "--output", "run", "--quiet", in: folder)
        #expect(trained.status == 0, "\(trained.error)")
        for (name, separator) in [("f.csv", ";"), ("f.tsv", "\t")] {
            let outcome = try tapestry("impute", "run", "t.csv", "--output", name, in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let lines = try folder.text(name).split(separator: "\n")
            #expect(lines.count == 61 && lines[0] == "x\(separator)y")
            #expect(lines[1] == "0,5\(separator)0,25")
            #expect(lines[4].split(separator: separator).last?.contains(",") == true)
        }
        #expect(try folder.text("f-filled.csv").hasPrefix("x;y\n0;0\n"))
    }

    /// Other rows are filled by what lies in the run's folder, also where its own are gone.
    @Test func fillingNeedsNoTrainingData() throws {
        let folder = try TableFixture.copy()
        let lost = folder.path("lost.csv")
        let configuration = try folder.text("run/config.json")
        try folder.write(
            configuration.replacing(TableFixture.made.folder.path("orders.csv"), with: lost),
            to: "run/config.json")
        var table = try CSV.read(folder.path("orders.csv"))
        for row in table.rows.indices where row % 3 == 0 { table.rows[row][1] = "" }
        try CSV.write(table, to: folder.path("holes.csv"))
        let outcome = try tapestry("impute", "run", "holes.csv", "--output", "full.csv", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let filled = try CSV.read(folder.path("full.csv"))
        #expect(filled.rows.count == 300 && filled.rows.allSatisfy { !$0[1].isEmpty })
        let own = try tapestry("impute", "run", in: folder)
        #expect(own.status == 1 && own.error.contains("lost.csv"))
    }

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

    @Test func anotherFileIsReadTheSameWay() throws {
        let folder = try TableFixture.copy()
        try folder.write(
            """
            country,temperature,email_domain,card_network,card_type,amount,date
            Kenya,24.0,barua.example,mastercard,debit,20.00,2024-05-05
            Kenya,-20.0,epost.example,jcb,credit,9000.00,2024-05-05
            Peru,,,,,,
            ,,,,,,

            """, to: "new.csv")
        let outcome = try tapestry("score", "run", "new.csv", "--output", "s", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        #expect(outcome.output.contains("\"country\": 1 cell has a value never seen in training"))
        let scores = try CSV.read(folder.path("s/scores.csv"))
        #expect(!scores.header.contains("label") && !folder.exists("s/curves.svg"))
        let values = scores.rows.map { Double($0[1])! }
        #expect(values[1] > 3 * values[0] && values[2] > values[0] && values[3] < values[1])

        let filled = try tapestry("impute", "run", "new.csv", "--output", "f.csv", in: folder)
        #expect(filled.status == 0 && filled.output.contains("13 cells filled"))
        let (before, after) = (
            try CSV.read(folder.path("new.csv")), try CSV.read(folder.path("f.csv"))
        )
        let marks = try CSV.read(folder.path("f-filled.csv"))
        #expect(after.header == before.header && marks.header == before.header)
        for (row, fields) in before.rows.enumerated() {
            for (column, field) in fields.enumerated() {
                #expect((marks.rows[row][column] == "1") == field.isEmpty)
                #expect(field.isEmpty || after.rows[row][column] == field)
                #expect(!after.rows[row][column].isEmpty)
            }
        }
        #expect(Double(after.rows[3][1]) != nil && after.rows[3][6].count == 10)
        #expect(filled.output.hasSuffix("f.csv\nf-filled.csv\nf.html\n"))
        let page = try folder.text("f.html")
        #expect(page.contains("<h1>Missing cells of new.csv</h1>"))
        #expect(page.contains("never seen in training") && !page.contains("Hidden"))
        // Known and filled: of two numbers, and of three categories.
        #expect(page.contains("<td>2.0000 ± 22.000</td>") && page.contains("<td>Kenya 67 %, Peru"))
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

    /// A number that is twice another, and a category that tells its sign.
    @Test func hiddenCellsAreFound() throws {
        let folder = TestFolder()
        var generator = RandomGenerator(seed: 1)
        let x = generator.normal([300], dataType: .float64).elements(as: Double.self)
        let rows = x.map { ["\($0)", "\(2 * $0 + 5)", "\(-$0)", $0 > 0 ? "up" : "down"] }
        try CSV.write(
            CSV.Table(header: ["x", "y", "z", "side"], rows: rows), to: folder.path("t.csv"))
        let trained = try tapestry(
            "train", "table", "--data", "t.csv", "--hide", "0.3", "--test-share", "0", "--epochs",
            "100", "--batch-size", "32", "--output", "run", "--quiet", in: folder)
        #expect(trained.status == 0)
        let outcome = try tapestry("impute", "run", "--json", in: folder)
        let hidden = try #require(try object(outcome.output)["hidden"] as? [String: Any])
        #expect(try #require(hidden["meanSquaredError"] as? Double) < 0.25)
        #expect(try #require(hidden["accuracy"] as? Double) > 0.75)
        let numbers = try #require(hidden["numbers"] as? Int)
        #expect(abs(numbers - 270) < 50)
        // The answer is about the cells that the file says.
        let filled = try CSV.read(folder.path("run/imputed.csv"))
        let marks = try CSV.read(folder.path("run/imputed-filled.csv"))
        var squares = 0.0
        for column in 0..<3 {
            let truth = rows.map { Double($0[column])! }
            let mean = truth.reduce(0, +) / 300
            let squared = truth.map { ($0 - mean) * ($0 - mean) }
            let variance = squared.reduce(0, +) / 300
            for row in 0..<300 where marks.rows[row][column] == "1" {
                let difference = Double(filled.rows[row][column])! - truth[row]
                squares += difference * difference / variance
            }
        }
        let told = try #require(hidden["meanSquaredError"] as? Double)
        #expect(abs(told - squares / Double(numbers)) < 1e-9)
        // And so it is of each column, on the page too.
        let columns = try #require(hidden["columns"] as? [[String: Any]])
        #expect(columns.map { $0["name"] as? String } == ["x", "y", "z", "side"])
        let page = try folder.text("run/imputed.html")
        for column in 0..<4 {
            let places = (0..<300).filter { marks.rows[$0][column] == "1" }
            #expect(columns[column]["cells"] as? Int == places.count)
            guard column == 3 else {
                let error = try #require(columns[column]["meanSquaredError"] as? Double)
                let words = String(format: "squared error %.4f of %d", error, places.count)
                #expect(page.contains(words))
                continue
            }
            let right = places.count { filled.rows[$0][3] == rows[$0][3] }
            let accuracy = try #require(columns[3]["accuracy"] as? Double)
            #expect(abs(accuracy - Double(right) / Double(places.count)) < 1e-9)
        }
        for title in ["Hidden numbers", "x", "y", "z", "Columns"] {
            #expect(page.contains("<h2>\(title)</h2>"))
        }
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

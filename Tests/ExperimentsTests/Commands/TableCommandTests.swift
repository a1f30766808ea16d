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

/// The JSON object that a command answered.
func object(_ text: String) throws -> [String: Any] {
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
}

import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// Tables with mixed columns, one of which the model is told.
@Suite struct ConditionalTableTests {
    /// Sizes follow from a grade, and colours from a plan; a few cells are missing.
    private static let items: CSV.Table = {
        var generator = RandomGenerator(seed: 12)
        let noise = generator.normal([240]).elements(as: Float.self)
        let drawn = generator.uniform([240]).elements(as: Float.self)
        var table = CSV.Table(header: ["size", "plan", "colour", "grade"], rows: [])
        for row in 0..<240 {
            let (grade, isBasic) = (row % 12, row % 4 > 0)
            table.rows.append([
                row % 40 == 7 ? "" : "\(Float(5 * grade) + noise[row])",
                isBasic ? "basic" : "premium",
                drawn[row] < (isBasic ? 0.9 : 0.1) ? "red" : "blue", "\(grade)",
            ])
        }
        return table
    }()

    private static func train(_ condition: String, _ words: String...) -> TestFolder {
        let folder = TestFolder()
        try! CSV.write(items, to: folder.path("items.csv"))
        let outcome = try! ProgramProcess(
            [
                "train", "conditional-table-vae", "--data", "items.csv", "--condition", condition,
                "--epochs", "150", "--learning-rate", "0.005", "--batch-size", "30",
                "--latent-size", "2", "--hidden-sizes", "24", "--output", "run", "--quiet",
            ] + words, in: folder
        ).outcome()
        #expect(outcome.status == 0, "\(outcome.error)")
        return folder
    }

    private static let byPlan = train("plan")
    private static let byGrade = train("grade")

    private func copy(_ made: TestFolder) throws -> TestFolder {
        let folder = TestFolder()
        try folder.copy("run", from: made)
        try folder.copy("items.csv", from: made)
        return folder
    }

    private func sample(_ folder: TestFolder, _ words: String...) throws -> CSV.Table {
        let outcome = try ProgramProcess(
            ["sample", "run", "--count", "400", "--output", "made.csv", "--quiet"] + words,
            in: folder
        ).outcome()
        #expect(outcome.status == 0, "\(outcome.error)")
        return try CSV.read(folder.path("made.csv"))
    }

    @Test func rowsOfAClassAreMade() throws {
        let folder = try copy(Self.byPlan)
        let configuration = try TrainingRun.open(at: folder.path("run")).configuration
        #expect(configuration.samples.classNames == ["basic", "premium"])
        func share(_ rows: [[String]]) -> Double {
            Double(rows.count { $0[1] == "red" }) / Double(rows.count)
        }
        let basic = try sample(folder, "--condition", "basic")
        let premium = try sample(folder, "--label", "premium")
        #expect(basic.header == ["size", "colour", "grade", "plan"])
        #expect(basic.rows.allSatisfy { $0[3] == "basic" })
        #expect(premium.rows.allSatisfy { $0[3] == "premium" })
        #expect(share(basic.rows) > 0.7 && share(premium.rows) < 0.3)
        // Unless one is asked for, plans are as frequent as among the training rows.
        let both = try sample(folder)
        #expect(250...350 ~= both.rows.count { $0[3] == "basic" })
        #expect(share(both.rows.filter { $0[3] == "basic" }) > 0.7)
        #expect(share(both.rows.filter { $0[3] == "premium" }) < 0.3)
    }

    @Test func rowsOfANumberAreMade() throws {
        let folder = try copy(Self.byGrade)
        let configuration = try TrainingRun.open(at: folder.path("run")).configuration
        #expect(abs((configuration.samples.number?.mean ?? 0) - 5.5) < 0.3)
        func size(_ table: CSV.Table) -> Double {
            table.rows.compactMap { Double($0[0]) }.reduce(0, +) / Double(table.rowCount)
        }
        let (low, high) = (
            try sample(folder, "--condition", "1"), try sample(folder, "--condition", "10")
        )
        #expect(low.header == ["size", "plan", "colour", "grade"])
        #expect(size(high) - size(low) > 25, "\(size(low)) \(size(high))")
        let outcome = try tapestry("sample", "run", "--label", "1", in: folder)
        expectFailure(outcome, "see --condition", status: 2)
    }

    /// A table that the model has not seen, with the classes in another order, and none of some.
    @Test func otherRowsAreToldTheSame() throws {
        let folder = try copy(Self.byPlan)
        func evaluate(_ table: CSV.Table) throws -> ProgramOutcome {
            try CSV.write(table, to: folder.path("other.csv"))
            return try tapestry("evaluate", "run", "--data", "other.csv", "--quiet", in: folder)
        }
        var other = Self.items
        other.rows = Array(Self.items.rows.reversed().prefix(40))
        let outcome = try evaluate(other)
        #expect(outcome.output.hasPrefix("Means over 40 test samples"), "\(outcome.error)")
        var wrong = other
        for row in wrong.rows.indices {
            wrong.rows[row][1] = wrong.rows[row][1] == "basic" ? "premium" : "basic"
        }
        func bound(_ outcome: ProgramOutcome) throws -> Double {
            let line = try #require(
                outcome.output.split(separator: "\n").first { $0.contains("bound") })
            return try #require(line.split(separator: " ").compactMap { Double($0) }.first)
        }
        // What is told wrongly explains rows worse.
        #expect(try bound(outcome) > bound(evaluate(wrong)) + 0.5)
        wrong.rows[3][1] = "gold"
        expectFailure(try evaluate(wrong), "labels that occur in training", "gold")
        wrong.rows[3][1] = ""
        expectFailure(try evaluate(wrong), "a condition in line 5, column 2")
        expectFailure(
            try evaluate(
                CSV.Table(header: ["size", "colour", "grade"], rows: [["1", "red", "2"]])),
            #"a column "plan" of conditions"#)
        expectFailure(
            try tapestry(
                "sample", "run", "--condition", "gold", in: folder), "basic", status: 2)
    }

    @Test func unsuitableTablesAreRefused() throws {
        let folder = TestFolder()
        var table = Self.items
        for row in table.rows.indices { table.rows[row][1] = "basic" }
        try CSV.write(table, to: folder.path("items.csv"))
        for (words, parts, status) in [
            (["--condition", "plan"], [#"only "basic""#], 1),
            (["--condition", "plans"], [#"a column "plans" of conditions, perhaps plan"#], 1),
            (["--condition", "size"], ["a condition in line 9, column 1"], 1),
            ([], ["a label for each sample"], 1),
            (["--condition", "plan", "--label", "grade"], ["only one"], 2),
        ] as [([String], [String], Int32)] {
            let outcome = try ProgramProcess(
                ["train", "conditional-table-vae", "--data", "items.csv", "--epochs", "1"] + words,
                in: folder
            ).outcome()
            #expect(outcome.status == status && outcome.complaints.count == 1, "\(outcome.error)")
            for part in parts { #expect(outcome.error.contains(part), "\(outcome.error)") }
        }
        #expect(try folder.names(in: ".") == ["items.csv"])
    }
}

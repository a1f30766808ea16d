import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// `train --condition COLUMN`: a column that the model is told.
@Suite struct ConditionColumnTests {
    /// Points that follow from an age and a kind, with noise.
    private static let points: CSV.Table = {
        var generator = RandomGenerator(seed: 3)
        let noise = generator.normal([90, 3]).elements(as: Float.self)
        var table = CSV.Table(header: ["x", "age", "y", "kind", "one"], rows: [])
        for row in 0..<90 {
            let (age, kind) = (20 + row % 30, row % 3)
            table.rows.append([
                "\(Float(age) + noise[3 * row])", "\(age)",
                "\(Float(10 * kind) + noise[3 * row + 1])", ["a", "b", "c"][kind], "1",
            ])
        }
        return table
    }()

    private static func table(of columns: [String], rows: Range<Int> = 0..<90) -> CSV.Table {
        let places = columns.compactMap { points.header.firstIndex(of: $0) }
        return CSV.Table(
            header: columns,
            rows: rows.map { row in places.map { points.rows[row][$0] } })
    }

    private static let numeric = ["x", "age", "y"]
    private static let named = ["x", "y", "kind"]

    private static func train(_ condition: String, _ table: CSV.Table) -> TestFolder {
        let folder = TestFolder()
        try! CSV.write(table, to: folder.path("points.csv"))
        let outcome = try! tapestry(
            "train", "conditional-vae", "--data", "points.csv", "--condition", condition,
            "--epochs", "60", "--learning-rate", "0.01", "--batch-size", "30", "--latent-size",
            "2", "--hidden-sizes", "16", "--output", "run", "--quiet", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        return folder
    }

    private static let byAge = train("age", table(of: numeric))
    private static let byKind = train("kind", table(of: named))

    private func copy(_ made: TestFolder) throws -> TestFolder {
        let folder = TestFolder()
        try folder.copy("run", from: made)
        try folder.copy("points.csv", from: made)
        return folder
    }

    @Test func aNumberIsToldInItsUnits() throws {
        let folder = try copy(Self.byAge)
        let run = try TrainingRun.open(at: folder.path("run"))
        let number = try #require(run.configuration.samples.number)
        #expect(abs(number.mean - 34.5) < 1 && abs(number.deviation - 8.66) < 1)
        #expect(run.configuration.columnNames == ["x", "y"])
        let page = try folder.text("run/report.html")
        #expect(page.contains("A number for each row") && page.contains("--condition age"))
        var means: [Double] = []
        for age in ["22", "46"] {
            let outcome = try tapestry(
                "sample", "run", "--condition", age, "--output", "made.csv", "--quiet", in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let made = try CSV.read(folder.path("made.csv"))
            #expect(made.header == ["x", "y", "age"] && made.rows.count == 60)
            #expect(made.rows.allSatisfy { $0[2] == "\(age).0" })
            means.append(made.rows.compactMap { Double($0[0]) }.reduce(0, +) / 60)
        }
        #expect(means[1] - means[0] > 12, "\(means)")
        for (words, part) in [
            (["--label", "22"], "see --condition"), (["--condition", "old"], "a number"),
        ] {
            let outcome = try ProgramProcess(["sample", "run"] + words, in: folder).outcome()
            #expect(outcome.status == 2 && outcome.error.contains(part), "\(outcome.error)")
        }
        for command in ["evaluate", "transfer", "reconstruct", "embed"] {
            let outcome = try tapestry(command, "run", "--quiet", in: folder)
            #expect(outcome.status == 0, "\(command): \(outcome.error)")
        }
        expectFailure(
            try tapestry("classify", "run", "--quiet", in: folder), "a likelihood of each class")
    }

    @Test func otherFilesNeedTheNumber() throws {
        let folder = try copy(Self.byAge)
        func evaluate(_ table: CSV.Table, _ words: String...) throws -> ProgramOutcome {
            try CSV.write(table, to: folder.path("other.csv"))
            return try ProgramProcess(
                ["evaluate", "run", "--data", "other.csv", "--quiet"] + words, in: folder
            ).outcome()
        }
        let some = Self.table(of: Self.numeric, rows: 5..<25)
        let outcome = try evaluate(some)
        #expect(outcome.output.hasPrefix("Means over 20 test samples"), "\(outcome.error)")
        expectFailure(
            try evaluate(Self.table(of: ["x", "y"])), #"a column "age" of conditions"#)
        var wrong = some
        wrong.rows[3][1] = "old"
        expectFailure(try evaluate(wrong), "a finite number in line 5, column 2 (age)", "old")
        wrong.rows[3][1] = ""
        expectFailure(try evaluate(wrong), "a condition in line 5, column 2")
        // All the same is a condition, too, where it is not to be learned of.
        for row in wrong.rows.indices { wrong.rows[row][1] = "30" }
        #expect(try evaluate(wrong).status == 0)
    }

    @Test func categoriesKeepTheirNumbers() throws {
        let folder = try copy(Self.byKind)
        let configuration = try TrainingRun.open(at: folder.path("run")).configuration
        #expect(configuration.samples.classNames == ["a", "b", "c"])
        #expect(configuration.samples.number == nil)
        for words in [["--condition", "b"], ["--label", "b"]] {
            let outcome = try ProgramProcess(
                ["sample", "run", "--quiet"] + words, in: folder
            ).outcome()
            #expect(outcome.status == 0, "\(outcome.error)")
        }
        func codes(_ table: CSV.Table) throws -> [[String]] {
            try CSV.write(table, to: folder.path("some.csv"))
            let outcome = try tapestry(
                "embed", "run", "--data", "some.csv", "--output", "codes.csv", "--quiet",
                in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            return try CSV.read(folder.path("codes.csv")).rows
        }
        let all = try codes(Self.table(of: Self.named))
        // A file in which one category occurs alone.
        var last = Self.table(of: Self.named)
        last.rows = last.rows.filter { $0[2] == "c" }
        #expect(try codes(last) == all.filter { $0[2] == "c" })

        last.rows[4][2] = "d"
        try CSV.write(last, to: folder.path("new.csv"))
        expectFailure(
            try tapestry("evaluate", "run", "--data", "new.csv", "--quiet", in: folder),
            #"labels that occur in training: "a", "b", "c""#, #"found "d""#)
        let refused = try tapestry(
            "probe", "run", "--data", "new.csv", "--label", "kind", in: folder)
        #expect(refused.status == 2 && refused.error.contains("is told the column"))
    }

    @Test func unsuitableDataAreRefused() throws {
        let folder = TestFolder()
        try CSV.write(
            Self.table(of: ["x", "age", "y", "one"]), to: folder.path("points.csv"))
        try CSV.write(Self.table(of: Self.named), to: folder.path("named.csv"))
        func train(_ words: String...) throws -> ProgramOutcome {
            try ProgramProcess(
                ["train", "conditional-vae", "--epochs", "1", "--quiet", "--data"] + words,
                in: folder
            ).outcome()
        }
        expectFailure(
            try train("points.csv"), "a label for each sample (--label or --labels)",
            "found samples without labels")
        expectFailure(
            try train("points.csv", "--condition", "one"), "conditions that differ",
            "the same for all")
        expectFailure(
            try train("points.csv", "--label", "one"), "two classes or more", #"only "1""#)
        expectFailure(
            try train("points.csv", "--condition", "ages"), "perhaps age")
        var gaps = Self.table(of: Self.named)
        gaps.rows[7][2] = ""
        try CSV.write(gaps, to: folder.path("gaps.csv"))
        expectFailure(
            try train("gaps.csv", "--label", "kind"), "1 of 90 samples without a label")
        for row in gaps.rows.indices { gaps.rows[row][2] = "a" }
        try CSV.write(gaps, to: folder.path("same.csv"))
        expectFailure(try train("same.csv", "--condition", "kind"), #"only "a""#)
        for (words, part) in [
            (
                ["vae", "--data", "points.csv", "--condition", "age"],
                "conditional-vae or conditional-rvae or regression-rvae or conditional-table-vae is"
            ),
            (
                ["conditional-vae", "--data", "points.csv", "--condition", "age", "--label", "y"],
                "only one"
            ),
        ] {
            let outcome = try ProgramProcess(["train"] + words, in: folder).outcome()
            #expect(outcome.status == 2 && outcome.complaints.count == 1)
            #expect(outcome.error.contains(part), "\(outcome.error)")
        }
        #expect(try folder.names(in: ".") == ["points.csv", "named.csv", "gaps.csv", "same.csv"])
    }
}

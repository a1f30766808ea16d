import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import Experiments

/// Samples of one's own that have labels, in a column of their file or in another file.
@Suite struct LabelTests {
    /// Points about two places that are far apart, `a` and `b`; every tenth has no label.
    private static let points: (inputs: [Float], labels: [String]) = {
        var generator = RandomGenerator(seed: 3)
        var inputs = generator.normal([60, 3]).elements(as: Float.self)
        for index in inputs.indices { inputs[index] += index / 3 % 2 == 0 ? 5 : -5 }
        let labels = (0..<60).map { row -> String in
            if row % 10 == 7 { return "" }
            return row % 2 == 0 ? "b" : "a"
        }
        return (inputs, labels)
    }()

    private static func table(_ labels: [String]?) -> CSV.Table {
        var table = CSV.Table(header: ["x", "y", "z"], rows: [])
        if labels != nil { table.header.append("kind") }
        for row in 0..<60 {
            var fields = points.inputs[3 * row..<3 * row + 3].map(\.description)
            if let labels { fields.append(labels[row]) }
            table.rows.append(fields)
        }
        return table
    }

    private static let training = [
        "--epochs", "20", "--learning-rate", "0.02", "--batch-size", "20", "--latent-size", "2",
        "--test-share", "0.5", "--quiet",
    ]

    /// A run on points with their labels in a column, made once: `points.csv`, `run`.
    private static let made: (folder: TestFolder, outcome: ProgramOutcome) = {
        let folder = TestFolder()
        try! CSV.write(table(points.labels), to: folder.path("points.csv"))
        let outcome = try! ProgramProcess(
            ["train", "linear", "--data", "points.csv", "--label", "kind", "--output", "run"]
                + training, in: folder
        ).outcome()
        return (folder, outcome)
    }()

    private func copy() throws -> TestFolder {
        let folder = TestFolder()
        try folder.copy("run", from: Self.made.folder)
        return folder
    }

    @Test func aColumnIsFoundAgain() throws {
        #expect(Self.made.outcome.status == 0, "\(Self.made.outcome.error)")
        let folder = try copy()
        #expect(try folder.text("run/report.html").contains("--label kind"))
        let map = try LatentMap(contentsOf: folder.path("run/latent.csv"))
        #expect(map.classNames == ["a", "b"] && map.labels.count == 30)
        #expect(Set(map.labels) == [-1, 0, 1])

        let probe = try object(tapestry("probe", "run", "--json", "--quiet", in: folder))
        #expect(probe["accuracy"] as? Double == 1)
        #expect(probe["classNames"] as? [String] == ["a", "b"])
        // Those without a label have no part in it.
        let counts = ["labels", "testSamples"].compactMap { probe[$0] as? Int }
        #expect(counts.count == 2 && counts.reduce(0, +) == 54)
        let tuned = try tapestry(
            "finetune", "run", "--seeds", "1", "--steps", "20", "--quiet", in: folder)
        #expect(tuned.status == 0, "\(tuned.error)")
        let evaluated = try tapestry("evaluate", "run", in: folder)
        #expect(evaluated.output.hasPrefix("Means over 30 test samples"))
        let embedded = try tapestry("embed", "run", "--output", "codes.csv", in: folder)
        #expect(embedded.status == 0)
        let codes = try CSV.read(folder.path("codes.csv"))
        #expect(codes.header.last == "label")
        #expect(Set(codes.rows.map { $0[2] }) == ["", "a", "b"])
    }

    /// All samples of a file that a run was not trained on take part, with the labels of the file:
    /// what was asked of the run's own (a half to test on, here) says nothing about it.
    @Test func anotherFileIsSplitAsAsked() throws {
        let folder = try copy()
        var table = Self.table(Self.points.labels.map { $0.isEmpty ? "c" : $0 })
        table.header[3] = "sort"
        try CSV.write(table, to: folder.path("others.csv"))
        let words = ["run", "--data", "others.csv", "--label", "sort", "--json", "--quiet"]
        for (share, count) in [([], 6), (["--test-share", "0.25"], 15)] {
            let probe = try object(
                ProgramProcess(["probe"] + words + share, in: folder).outcome())
            #expect(probe["testSamples"] as? Int == count)
            #expect(probe["labels"] as? Int == 60 - count)
            #expect(probe["classNames"] as? [String] == ["a", "b", "c"])
        }
        let tuned = try object(
            ProgramProcess(
                ["finetune"] + words + ["--test-share", "0.25", "--seeds", "1", "--steps", "1"],
                in: folder
            ).outcome())
        #expect(tuned["testSamples"] as? Int == 15)
        #expect(
            try folder.text("run/finetune/report.html").contains("--test-share 0.25 --label sort"))
        let lacking = try tapestry("probe", "run", "--data", "others.csv", in: folder)
        #expect(lacking.status == 1)
        let own = try tapestry("probe", "run", "--test-share", "0.25", in: folder)
        #expect(own.status == 2 && own.error.contains("only for a file that the run was not"))
    }

    @Test func aFileIsFoundAgain() throws {
        let folder = TestFolder()
        try NPY.write(Tensor(Self.points.inputs, shape: [60, 3]), to: folder.path("p.npy"))
        try NPY.write(Tensor((0..<60).map { Int32($0 % 2 * 4) }), to: folder.path("l.npy"))
        let trained = try ProgramProcess(
            [
                "train", "linear", "--data", "p.npy", "--labels", "l.npy", "--normal", "4",
                "--output", "run",
            ] + Self.training, in: folder
        ).outcome()
        #expect(trained.status == 0, "\(trained.error)")
        #expect(try folder.text("run/report.html").contains("l.npy"))
        // Trained on one class, it knows the other as strange.
        let scored = try object(
            tapestry("score", "run", "--by", "mahalanobis", "--json", "--quiet", in: folder))
        #expect(scored["areaUnderCurve"] as? Double == 1)
        let evaluated = try tapestry(
            "evaluate", "run", "--part", "training", in: folder)
        let count = try #require(
            evaluated.output.split(separator: " ").dropFirst(2).first.flatMap { Int($0) })
        #expect(0 < count && count < 30)
        let probed = try tapestry("probe", "run", in: folder)
        #expect(probed.status == 1)
        #expect(
            probed.error.contains("expected labels of at least two classes to train on, found 1"))
        let resumed = try tapestry(
            "train", "linear", "--resume", "--output", "run", "--labels", "m.npy", in: folder)
        #expect(resumed.status == 2 && resumed.error.contains("m.npy"))
    }

    @Test func filesToScoreHaveLabels() throws {
        let folder = try copy()
        try CSV.write(Self.table(Self.points.labels), to: folder.path("labelled.csv"))
        try CSV.write(Self.table(nil), to: folder.path("plain.csv"))
        let column = CSV.Table(header: ["kind"], rows: Self.points.labels.map { [$0] })
        try CSV.write(column, to: folder.path("labels.csv"))
        func score(_ words: String...) throws -> [String: Any] {
            try object(
                ProgramProcess(["score", "run"] + words + ["--json", "--quiet"], in: folder)
                    .outcome())
        }
        // In the column that the run was trained with, or where the options say.
        let expected = try #require(
            try score("labelled.csv", "--normal", "a")["areaUnderCurve"] as? Double)
        for words in [
            ["labelled.csv", "--label", "kind"], ["plain.csv", "--labels", "labels.csv"],
        ] {
            let answer = try score(words[0], words[1], words[2], "--normal", "a")
            #expect(answer["areaUnderCurve"] as? Double == expected)
            #expect(answer["anomalies"] as? Int == 30 && answer["unlabelled"] as? Int == 6)
        }
        let plain = try score("plain.csv")
        #expect(plain["areaUnderCurve"] == nil && plain["samples"] as? Int == 60)
    }

    @Test func tablesToScoreHaveLabels() throws {
        let folder = TestFolder()
        try CSV.write(Self.table(nil), to: folder.path("t.csv"))
        let trained = try tapestry(
            "train", "table", "--data", "t.csv", "--epochs", "1", "--output", "run", "--quiet",
            in: folder)
        #expect(trained.status == 0, "\(trained.error)")
        try CSV.write(Self.table(Self.points.labels), to: folder.path("labelled.csv"))
        let column = CSV.Table(header: [], rows: Self.points.labels.map { [$0] })
        try CSV.write(column, to: folder.path("labels.csv"))
        let answers = try [
            ["labelled.csv", "--label", "kind"], ["t.csv", "--labels", "labels.csv"],
        ].map { words in
            try object(
                ProgramProcess(
                    ["score", "run"] + words + ["--normal", "a", "--json", "--quiet"], in: folder
                ).outcome())
        }
        #expect(answers[0]["anomalies"] as? Int == 30)
        #expect(
            answers[0]["areaUnderCurve"] as? Double == answers[1]["areaUnderCurve"] as? Double)
    }

    @Test func whatCannotBeLabels() throws {
        let folder = try copy()
        try CSV.write(Self.table(Self.points.labels), to: folder.path("p.csv"))
        try CSV.write(CSV.Table(header: [], rows: [["1"], ["2"]]), to: folder.path("l.csv"))
        func expectFailure(
            _ words: [String], status: Int32, _ parts: String...,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let outcome = try ProgramProcess(words, in: folder).outcome()
            #expect(outcome.status == status, sourceLocation: sourceLocation)
            #expect(outcome.complaints.count == 1, sourceLocation: sourceLocation)
            for part in parts {
                #expect(
                    outcome.error.contains(part), "\(outcome.error)",
                    sourceLocation: sourceLocation)
            }
        }
        let train = ["train", "linear", "--data", "p.csv"]
        try expectFailure(
            train + ["--label", "kin"], status: 1, "a column \"kin\" of labels, perhaps kind")
        try expectFailure(
            train + ["--labels", "l.csv"], status: 1,
            "a finite number in line 2, column 4 (kind)")
        try expectFailure(
            train + ["--label", "kind", "--labels", "l.csv"], status: 2,
            "--label and --labels: give only one of them")
        try expectFailure(
            ["train", "table", "--data", "p.csv", "--labels", "l.csv"], status: 2,
            "--labels: the recipe table takes labels from a column of the table, see --label")
        try expectFailure(
            ["train", "linear", "--labels", "l.csv"], status: 2,
            "--labels: only for data from a file, and digits is not a file")
        try expectFailure(
            ["score", "run", "--label", "kind"], status: 2, "--label and --labels: only for a FILE")
        try CSV.write(Self.table(nil), to: folder.path("p.csv"))
        try expectFailure(
            train + ["--labels", "l.csv"], status: 1,
            "l.csv: expected a label for each of 60 samples, found 2")
        try expectFailure(
            ["score", "run", "p.csv", "--label", "kind"], status: 1,
            "p.csv: expected a column \"kind\" of labels, found none")
        #expect(try folder.names(in: "") == ["run", "p.csv", "l.csv"])
    }
}

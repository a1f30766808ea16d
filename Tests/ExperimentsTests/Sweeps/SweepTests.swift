import Autograd
import Datasets
import FileSupport
import Foundation
import Models
import Testing

@testable import Experiments

/// A sweep of two values and two seeds, made once: `sweep`, of tiny pictures in `tiny.npy`, which
/// are split by the seed.
enum SweepFixture {
    static let options = [
        "--data", "tiny.npy", "--test-share", "0.3", "--hidden-sizes", "8", "--latent-size", "2",
        "--epochs", "2",
    ]
    static let swept = ["--beta", "1,2", "--seed", "0..1"]
    static let names = ["beta-1-seed-0", "beta-2-seed-0", "beta-1-seed-1", "beta-2-seed-1"]

    static let made: (folder: TestFolder, outcome: ProgramOutcome) = {
        let folder = TestFolder()
        let pictures = Tensor((0..<40 * 16).map { UInt8($0 * $0 % 251) }, shape: [40, 4, 4])
        try! NPY.write(pictures, to: folder.path("tiny.npy"))
        let outcome = try! ProgramProcess(
            ["train", "vae"] + options + swept + ["--output", "sweep"], in: folder
        ).outcome()
        return (folder, outcome)
    }()

    /// A folder with the data and a copy of the sweep, whose data are still those of `made`.
    static func copy() throws -> TestFolder {
        let folder = TestFolder()
        try folder.copy("sweep", from: made.folder)
        return folder
    }
}

@Suite struct SweepTests {
    private func run(_ words: [String], in folder: TestFolder) throws -> ProgramOutcome {
        try ProgramProcess(words, in: folder).outcome()
    }

    private func summary(_ name: String, in folder: TestFolder) throws -> RunSummary {
        try JSON.read(
            RunSummary.self, from: folder.path("\(name)/summary.json"), expected: "a summary")
    }

    @Test func allCombinationsAreTrained() throws {
        let (folder, outcome) = SweepFixture.made
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(
            try folder.names(in: "sweep")
                == Set(SweepFixture.names + ["sweep.json", "sweep.csv", "sweep.html"]))
        // A heading for each run, then its epochs.
        let lines = outcome.error.split(separator: "\n")
        #expect(lines.count == 4 * 3)
        #expect(lines[0] == "run 1 of 4: beta 1, seed 0")
        #expect(lines[3] == "run 2 of 4: beta 2, seed 0")
        #expect(lines[4].hasPrefix("epoch 1/2"))
        #expect(outcome.output.contains("Loss, mean over 12 test samples and 2 seeds:\n  beta 1  "))
        // A run of the sweep is the run that it would be alone, on its seed's samples.
        let alone = try run(
            ["train", "vae"] + SweepFixture.options
                + ["--beta", "2", "--seed", "1", "--output", "alone", "--quiet"], in: folder)
        #expect(alone.status == 0)
        try expectEqualTensors(folder.path("alone"), folder.path("sweep/beta-2-seed-1"))
        let runs = try ["alone", "sweep/beta-2-seed-1", "sweep/beta-1-seed-1"].map {
            try TrainingRun.open(at: folder.path($0))
        }
        #expect(runs[0].configuration == runs[1].configuration)
        #expect(try runs[0].history().map(\.heldOut) == runs[1].history().map(\.heldOut))
        #expect(runs[1].configuration.options != runs[2].configuration.options)
    }

    @Test func metricsAreComparedInTableAndPage() throws {
        let folder = SweepFixture.made.folder
        let table = try CSV.read(folder.path("sweep/sweep.csv"))
        #expect(
            table.header == [
                "run", "beta", "seed", "loss", "negativeLogLikelihood", "kullbackLeibler",
                "squaredError", "elbo", "activeUnits",
            ])
        #expect(table.rows.map { $0[0] } == SweepFixture.names)
        #expect(table.rows.map { $0[1] + $0[2] } == ["10", "20", "11", "21"])
        for row in table.rows {
            let test = try summary("sweep/\(row[0])", in: folder).test
            #expect(zip(table.header, row).dropFirst(3).allSatisfy { test[$0] == Double($1) })
        }
        let losses = table.rows.compactMap { Double($0[3]) }
        let means = [(losses[0] + losses[2]) / 2, (losses[1] + losses[3]) / 2]
        // Of two numbers it is half their distance, times the root of two.
        let deviation = abs(losses[0] - losses[2]) / 2 * 2.0.squareRoot()

        let page = try folder.text("sweep/sweep.html")
        for part in [
            "vae on tiny.npy, by beta", "<h2>Loss by beta</h2>", "standard deviations over 2 seeds",
            "<dt>beta</dt><dd>1,2</dd>", "<dt>epochs</dt><dd>2</dd>",
            "--test-share 0.3 --latent-size 2 --hidden-sizes 8 --epochs 2 --beta 1,2 --seed 0,1",
            "Line chart of Loss over beta.", "Kullback–Leibler divergence",
        ] {
            #expect(page.contains(part), "\(part)")
        }
        let cells = Format.column(means + [deviation])
        #expect(page.contains("\(cells[0]) ± ") && page.contains("\(cells[1]) ± "))

        // A finished sweep answers without training.
        let outcome = try tapestry(
            "train", "vae", "--resume", "--output", "sweep", "--json", in: folder)
        #expect(outcome.status == 0 && outcome.error.isEmpty)
        let answer = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        #expect(answer["recipe"] as? String == "vae" && answer["testSamples"] as? Int == 12)
        let runs = try #require(answer["runs"] as? [[String: Any]])
        #expect(runs.map { $0["folder"] as? String } == SweepFixture.names)
        #expect(runs[3]["options"] as? [String: String] == ["beta": "2", "seed": "1"])
        let combinations = try #require(answer["combinations"] as? [[String: Any]])
        #expect(
            combinations.map { $0["options"] as? [String: String] }
                == [["beta": "1"], ["beta": "2"]])
        for (combination, mean) in zip(combinations, means) {
            let test = try #require(combination["test"] as? [String: [String: Double]])
            #expect(abs(test["loss"]!["mean"]! - mean) < 1e-12 * mean)
        }
        let first = try #require(combinations[0]["test"] as? [String: [String: Double]])
        #expect(abs(first["loss"]!["deviation"]! - deviation) < 1e-9)
    }

    /// What is missing is trained again, what is there is left alone, and the result is the same.
    @Test func aSweepGoesOnWithWhatIsLeft() throws {
        let folder = try SweepFixture.copy()
        let whole = SweepFixture.made.folder
        for name in ["beta-2-seed-0", "sweep.csv", "sweep.html"] {
            try FileManager.default.removeItem(atPath: folder.path("sweep/\(name)"))
        }
        // As after a kill between the making of the folder and the first checkpoint.
        try FileManager.default.createDirectory(
            atPath: folder.path("sweep/beta-2-seed-0"), withIntermediateDirectories: false)
        try folder.write("{", to: "sweep/beta-2-seed-0/.config.json.1-1.partial")
        func dates() throws -> [String: Date] {
            var dates: [String: Date] = [:]
            for name in try folder.files where !name.hasPrefix("sweep/beta-2-seed-0") {
                let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(name))
                guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
                dates[name] = attributes[.modificationDate] as? Date
            }
            return dates
        }
        let before = try dates()
        #expect(before.count > 30)
        let outcome = try run(
            [
                "train", "vae", "--beta", "1,2.0", "--latent-size", "2", "--resume", "--output",
                "sweep",
            ],
            in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        #expect(
            outcome.error.hasPrefix("3 of 4 runs are finished\nrun 2 of 4: beta 2, seed 0\n"))
        #expect(outcome.error.split(separator: "\n").count == 4)
        #expect(try dates().filter { before[$0.key] != nil } == before)
        #expect(try folder.names(in: "sweep") == whole.names(in: "sweep"))
        try expectEqualTensors(
            folder.path("sweep/beta-2-seed-0"), whole.path("sweep/beta-2-seed-0"))
        for name in ["sweep.json", "sweep.csv", "sweep.html"] {
            #expect(try folder.bytes("sweep/\(name)") == whole.bytes("sweep/\(name)"), "\(name)")
        }
    }

    @Test func aSweepThatWasStoppedGoesOn() throws {
        let folder = TestFolder()
        try folder.copy("tiny.npy", from: SweepFixture.made.folder)
        let training = [
            "train", "vae", "--data", "tiny.npy", "--hidden-sizes", "8", "--latent-size", "2",
            "--seed", "5..6", "--epochs", "150",
        ]
        let process = try ProgramProcess(training + ["--output", "a sweep"], in: folder)
        while process.isRunning, !folder.exists("a sweep/seed-6/metrics.jsonl") { usleep(2_000) }
        process.send(SIGINT)
        let stopped = try process.outcome()
        #expect(stopped.status == 130 && stopped.output.isEmpty)
        let last = try #require(stopped.error.split(separator: "\n").last)
        #expect(last.hasPrefix("tapestry: run 2 of 2: seed 6: interrupted after "))
        #expect(
            last.hasSuffix(
                " of 150 epochs; to resume: tapestry train vae --resume --output 'a sweep'"))
        #expect(
            !folder.exists("a sweep/sweep.csv") && !folder.exists("a sweep/seed-6/summary.json"))
        let finished = try folder.bytes("a sweep/seed-5/summary.json")

        let resumed = try run(
            ["train", "vae", "--resume", "--output", "a sweep", "--quiet"], in: folder)
        #expect(resumed.status == 0 && resumed.error.isEmpty)
        #expect(try folder.bytes("a sweep/seed-5/summary.json") == finished)
        #expect(try run(training + ["--output", "whole", "--quiet"], in: folder).status == 0)
        for name in ["seed-5", "seed-6"] {
            try expectEqualTensors(folder.path("a sweep/\(name)"), folder.path("whole/\(name)"))
        }
        for name in ["sweep.csv", "sweep.html"] {
            #expect(try folder.bytes("a sweep/\(name)") == folder.bytes("whole/\(name)"))
        }
        // Seeds alone are compared by epochs.
        let page = try folder.text("whole/sweep.html")
        #expect(page.contains("<h1>vae on tiny.npy, 2 seeds</h1>"))
        #expect(page.contains("Line chart of seed 5, seed 6 over 150 epochs."))
    }

    /// Tables bring their encoding; options that are no numbers are compared by epochs, those with
    /// great ratios on a logarithmic axis.
    @Test func sweepsOfOtherKinds() throws {
        let folder = TestFolder()
        let rows = (0..<40).map { "\($0 % 7),\(["red", "blue"][$0 % 2]),\(0.5 * Double($0))" }
        try folder.write("size,colour,weight\n" + rows.joined(separator: "\n"), to: "rows.csv")
        let named = try run(
            [
                "train", "table", "--data", "rows.csv", "--epochs", "2", "--hidden-sizes", "8,4;6",
                "--optimizer", "adam,sgd", "--quiet",
            ], in: folder)
        #expect(named.status == 0, "\(named.error)")
        let names = try folder.names(in: "runs/table-sweep-1")
        #expect(names.count == 4 + 3)
        #expect(names.contains("hidden-sizes-8,4-optimizer-sgd"))
        for name in names where name.hasPrefix("hidden") {
            #expect(folder.exists("runs/table-sweep-1/\(name)/encoding.json"))
        }
        let page = try folder.text("runs/table-sweep-1/sweep.html")
        #expect(page.contains("<h2>Loss by epoch</h2>"))
        #expect(page.contains("hidden sizes 8,4, optimizer adam, hidden sizes 8,4, optimizer sgd"))
        #expect(page.contains("--hidden-sizes &#39;8,4;6&#39; --optimizer adam,sgd"))

        let rates = try run(
            [
                "train", "autoencoder", "--data", "rows.csv", "--epochs", "1", "--learning-rate",
                "1e-4,1e-3,1e-2", "--batch-size", "20,40", "--output", "rates", "--quiet",
                "--json",
            ], in: folder)
        // Texts are no numbers: the data are refused before anything is written.
        expectFailure(rates, "rows.csv")
        #expect(!folder.exists("rates"))
        try folder.copy("tiny.npy", from: SweepFixture.made.folder)
        let sweep = try run(
            [
                "train", "autoencoder", "--data", "tiny.npy", "--epochs", "1", "--learning-rate",
                "1e-4,1e-3,1e-2", "--batch-size", "20,40", "--output", "rates", "--quiet",
            ], in: folder)
        #expect(sweep.status == 0, "\(sweep.error)")
        let resumed = try Sweep.resume(at: folder.path("rates"))
        let chart = try #require(try SweepChart(SweepResult(of: resumed), of: resumed)).chart
        #expect(chart.horizontalScale == .logarithmic && chart.horizontalLabel == "learning rate")
        #expect(chart.series.map(\.name) == ["batch size 20", "batch size 40"])
        #expect(chart.series.allSatisfy { $0.points.map(\.x) == [0.0001, 0.001, 0.01] })
        #expect(chart.series.map(\.color) == [0, 1])
    }

    /// Runs that diverge are told, and do not keep the others from their results.
    @Test func whatDivergesIsLeftOut() throws {
        let folder = TestFolder()
        try folder.copy("tiny.npy", from: SweepFixture.made.folder)
        func train(_ rates: String, _ words: String...) throws -> ProgramOutcome {
            try run(
                ["train", "vae"] + SweepFixture.options
                    + ["--learning-rate", rates, "--seed", "0,1", "--quiet"] + words, in: folder)
        }
        let outcome = try train("1e300,0.001", "--output", "sweep", "--json")
        #expect(outcome.status == 0 && outcome.complaints.count == 2)
        #expect(
            outcome.error.hasPrefix(
                "tapestry: run 1 of 4: learning rate 1e+300, seed 0: epoch 2, batch 1: "))
        let answer = try #require(
            JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let runs = try #require(answer["runs"] as? [[String: Any]])
        #expect(runs.map { $0["failure"] != nil } == [true, false, true, false])
        let combinations = try #require(answer["combinations"] as? [[String: Any]])
        #expect(combinations.map { $0["runs"] as? Int } == [0, 2])
        let table = try CSV.read(folder.path("sweep/sweep.csv"))
        #expect(table.rows.map { $0[3].isEmpty } == [true, false, true, false])
        let page = try folder.text("sweep/sweep.html")
        #expect(
            page.contains(
                "2 runs diverged and are left out: (learning rate 1e+300, seed 0), "
                    + "(learning rate 1e+300, seed 1)."))
        // On resuming nothing has changed.
        let again = try run(
            ["train", "vae", "--resume", "--output", "sweep", "--quiet"], in: folder)
        #expect(again.status == 0 && again.error == outcome.error)
        #expect(again.output.contains("learning rate 1e+300  failed\n"))
        #expect(try folder.text("sweep/sweep.html") == page)

        let none = try train("1e300,1e301", "--output", "none")
        #expect(none.status == 1 && none.complaints.count == 4)
        #expect(none.output.isEmpty && !folder.exists("none/sweep.csv"))
    }

    /// More curves than colours would not be told apart.
    @Test func theLowestCurvesAreDrawn() {
        let curves = (0..<14).map { index in
            LineChart.Series(
                name: "\(index)",
                points: [
                    Point(x: 0, y: 20), Point(x: 1, y: index == 3 ? .nan : Double(index * 5 % 14)),
                ], color: 0)
        }
        let lowest = SweepChart.lowest(curves)
        // Those left out come down to 11, 12 and 13, and to 20, as the other point of 3 is none.
        #expect(lowest.map(\.name) == ["0", "1", "2", "4", "6", "7", "9", "10", "12", "13"])
        #expect(lowest.map(\.color) == Array(0..<10))
        #expect(SweepChart.lowest(Array(curves.prefix(2))).map(\.name) == ["0", "1"])
    }
}

import Autograd
import Datasets
import Foundation
import TestSupport
import Testing

@testable import Experiments

/// Small images of molecules, a run on them, and what is drawn of it.
@Suite struct MicroscopyTests {
    /// Micrographs `made`, of two frames, small images `cut` at the true places, a run `run`.
    private static let fixture: TestFolder = {
        let folder = TestFolder()
        func run(_ words: [String]) {
            let outcome = try! ProgramProcess(words, in: folder).outcome()
            #expect(outcome.status == 0, "\(outcome.error)")
        }
        run([
            "micrograph", "molecules", "--frames", "2", "--size", "192", "--output", "made",
        ])
        run(["patches", "made", "--positions", "made/truth.csv", "--size", "24", "--output", "cut"])
        run([
            "train", "rvae", "--data", "cut/patches.npy", "--epochs", "2", "--hidden-sizes", "16",
            "--decoder-sizes", "16", "--output", "run", "--quiet",
        ])
        return folder
    }()

    private static func copy() throws -> TestFolder {
        let folder = TestFolder()
        for name in ["made", "cut", "run"] { try folder.copy(name, from: fixture) }
        return folder
    }

    private func table(_ path: String) throws -> CSV.Table { try CSV.read(path) }

    private func numbers(_ table: CSV.Table, _ column: String) throws -> [Double] {
        let place = try #require(table.header.firstIndex(of: column))
        return try table.rows.map { try #require(Double($0[place])) }
    }

    // MARK: Made

    @Test func madeMicrographsFollowFromTheSeed() throws {
        let folder = TestFolder()
        func make(_ kind: String, _ name: String, _ seed: String) throws -> ProgramOutcome {
            try tapestry(
                "micrograph", kind, "--frames", "2", "--size", "96", "--seed", seed, "--output",
                name, in: folder)
        }
        for kind in ["disordering", "molecules"] {
            let outcome = try make(kind, "a", "1")
            #expect(outcome.status == 0, "\(outcome.error)")
            #expect(outcome.output.hasSuffix("a/truth.csv\n"))
            #expect(try folder.names(in: "a") == ["frame-1.png", "frame-2.png", "truth.csv"])
            _ = try make(kind, "b", "1")
            _ = try make(kind, "c", "2")
            for file in ["frame-1.png", "frame-2.png", "truth.csv"] {
                #expect(try folder.bytes("a/\(file)") == folder.bytes("b/\(file)"))
                #expect(try folder.bytes("a/\(file)") != folder.bytes("c/\(file)"))
            }
        }
        expectFailure(
            try tapestry("micrograph", "molecule", in: folder),
            "unknown kind \"molecule\": did you mean \"molecules\"?", status: 2)
        expectFailure(try tapestry("micrograph", in: folder), "KIND is missing", status: 2)
        expectFailure(
            try tapestry("micrograph", "molecules", "--noise", "2", in: folder),
            "--noise 2: expected a number from 0 to 1", status: 2)
    }

    // MARK: Patches

    @Test func patchesAreThePixelsAroundPositions() throws {
        let folder = try Self.copy()
        let patches = try NPY.read(folder.path("cut/patches.npy"))
        let positions = try table(folder.path("cut/positions.csv"))
        #expect(positions.header == ["image", "frame", "y", "x"])
        #expect(patches.shape == [positions.rowCount, 24, 24] && patches.dataType == .uint8)
        let truth = try table(folder.path("made/truth.csv"))
        let (y, x) = (try numbers(positions, "y"), try numbers(positions, "x"))
        let frames = try numbers(positions, "frame")
        #expect(Set(frames) == [1, 2] && positions.rowCount <= truth.rowCount)
        for index in [0, positions.rowCount - 1] {
            let image = try PNG.read(folder.path("made/frame-\(Int(frames[index])).png"))
            let (top, left) = (Int(y[index].rounded()) - 12, Int(x[index].rounded()) - 12)
            var cut: [UInt8] = []
            for row in top..<top + 24 {
                cut += image.pixels[row * 192 + left..<row * 192 + left + 24]
            }
            #expect(patches[index].elements(as: UInt8.self) == cut)
        }
        // What is left out is counted.
        let again = try tapestry(
            "patches", "made", "--positions", "made/truth.csv", "--size", "60", "--output", "wide",
            in: folder)
        #expect(again.output.contains("of 60 × 60 pixels, "))
        let counts = again.output.split(separator: "\n").prefix(2).map { line in
            line.split { !$0.isNumber && $0 != "," }.compactMap { Int($0) }
        }
        for count in counts { #expect(count[1] == count[2] + count[5] && count[5] > 0) }
    }

    @Test func atomsAreFound() throws {
        let folder = TestFolder()
        func run(_ words: String...) throws -> String {
            let outcome = try ProgramProcess(words, in: folder).outcome()
            #expect(outcome.status == 0, "\(outcome.error)")
            return outcome.output
        }
        _ = try run(
            "micrograph", "disordering", "--frames", "1", "--size", "128", "--noise", "0.03",
            "--output", "made")
        let output = try run(
            "patches", "made/frame-1.png", "--find", "--atom-radius", "3.4", "--compare",
            "made/truth.csv", "--size", "16", "--output", "found")
        let near = try #require(output.firstMatch(of: /([0-9.]+) %\) found of one given/))
        #expect(Double(near.1)! > 95, "\(output)")
        let positions = try table(folder.path("found/positions.csv"))
        #expect(positions.header == ["image", "frame", "y", "x", "contrast"])
        #expect(try numbers(positions, "contrast").allSatisfy { 0.3...0.9 ~= $0 })
        // Found between pixels, and the same the second time.
        #expect(try numbers(positions, "y").contains { $0 != $0.rounded() })
        let first = try folder.bytes("found/patches.npy")
        _ = try run(
            "patches", "made/frame-1.png", "--find", "--atom-radius", "3.4", "--size", "16",
            "--output", "found")
        #expect(try folder.bytes("found/patches.npy") == first)
        // One more as dark as these are bright.
        let negative = try PNG.read(folder.path("made/frame-1.png"))
        try PNG.write(
            PNG.Image(
                width: 128, height: 128, channels: 1, pixels: negative.pixels.map { 255 - $0 }),
            to: folder.path("negative.png"))
        let dark = try run(
            "patches", "negative.png", "--find", "--dark", "--atom-radius", "3.4", "--size", "16",
            "--output", "dark")
        #expect(dark.split(separator: "\n")[0] == output.split(separator: "\n")[0])
    }

    @Test func badInputIsToldInALine() throws {
        let folder = try Self.copy()
        try PNG.write(
            PNG.Image(width: 2, height: 1, channels: 3, pixels: [1, 2, 3, 4, 5, 6]),
            to: folder.path("colour.png"))
        try PNG.write(
            PNG.Image(
                width: 40, height: 40, channels: 1, pixels: [UInt8](repeating: 9, count: 1600)),
            to: folder.path("flat.png"))
        try folder.write("y,x\n10,12\n10,500\n", to: "outside.csv")
        try folder.write("y,x\n1,2\n", to: "near.csv")
        try folder.write("y,x\n1,b\n", to: "letters.csv")
        try folder.write("no image", to: "text.png")
        let frame = "made/frame-1.png"
        for (words, message) in [
            (["colour.png", "--find"], "colour.png: expected a grey image, found one in colour"),
            (["text.png", "--find"], "text.png: expected a PNG or JPEG file"),
            (["none.png", "--find"], "none.png: expected"),
            (["flat.png", "--find", "--size", "48"], "at least 48 × 48 pixels, found 40 × 40"),
            (["flat.png", "--find"], "expected an atom around which"),
            (["flat.png", "--find", "--stretch"], "pixels that differ, to stretch their levels"),
            (["flat.png", frame, "--find"], "192 × 192"),
            ([frame, "--positions", "outside.csv"], "within 192 × 192 pixels in line 3"),
            ([frame, "--positions", "near.csv"], "found only some nearer to the border"),
            ([frame, "--positions", "letters.csv"], "a finite number in line 2, column 2 (x)"),
            ([frame, "--positions", "none.csv"], "none.csv: expected"),
            ([frame, "--positions", "made/truth.csv"], "an image from 1 to 1 in line"),
        ] {
            let outcome = try ProgramProcess(["patches"] + words, in: folder).outcome()
            expectFailure(outcome, message)
        }
        for (words, message) in [
            (["--find"], "IMAGE is missing"),
            ([frame], "expected --positions PATH, or --find"),
            ([frame, "--find", "--positions", "near.csv"], "expected one of them"),
            ([frame, "--positions", "near.csv", "--dark"], "--dark: only with --find"),
            ([frame, "--positions", "near.csv", "--threshold", "0.1"], "only with --find"),
            ([frame, "--find", "--threshold", "2"], "expected a number from 0 to 1"),
            ([frame, "--find", "--size", "1"], "expected a whole number from 2 to 1024"),
            (
                [frame, "--positions", "cut/positions.csv", "--output", "cut"],
                "this is an input file"
            ),
        ] {
            let outcome = try ProgramProcess(["patches"] + words, in: folder).outcome()
            expectFailure(outcome, message, status: 2)
        }
        #expect(!folder.exists("patches"))
    }

    // MARK: Maps

    @Test func mapsHaveTheColoursOfCodesAtTheirPlaces() throws {
        let folder = try Self.copy()
        let outcome = try tapestry("map-back", "run", "--symmetry", "2", "--quiet", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let names = ["angle", "shift-to-the-right", "shift-down", "code-1", "code-2"]
        #expect(
            try folder.names(in: "run/maps")
                == Set(
                    names.flatMap { ["\($0)-frame-1.png", "\($0)-frame-2.png"] } + ["codes.csv"])
        )
        let codes = try table(folder.path("run/maps/codes.csv"))
        let positions = try table(folder.path("cut/positions.csv"))
        #expect(
            codes.header == [
                "frame", "y", "x", "angle", "shift to the right", "shift down", "code 1", "code 2",
            ])
        #expect(codes.rows.map { $0[1...2] } == positions.rows.map { $0[2...3] })
        let (frames, y, x) = (
            try numbers(codes, "frame"), try numbers(codes, "y"), try numbers(codes, "x")
        )
        let angles = try numbers(codes, "angle")
        let shown = try numbers(codes, "code 2")
        let sorted = shown.sorted()
        let ends = [0.02, 0.98].map { sorted[Int(($0 * Double(sorted.count - 1)).rounded())] }
        for index in 0..<codes.rowCount {
            func color(_ name: String) throws -> Color {
                let picture = try PNG.read(
                    folder.path("run/maps/\(name)-frame-\(Int(frames[index])).png"))
                // 768 pixels of 192.
                let (row, column) = (Int(4 * (y[index] + 0.5)), Int(4 * (x[index] + 0.5)))
                let start = 3 * (row * picture.width + column)
                return Color(
                    red: picture.pixels[start], green: picture.pixels[start + 1],
                    blue: picture.pixels[start + 2])
            }
            let turn = angles[index] / 180
            func isNear(_ one: Color, _ other: Color) -> Bool {
                // Degrees in the file are rounded.
                [(one.red, other.red), (one.green, other.green), (one.blue, other.blue)]
                    .allSatisfy { abs(Int($0) - Int($1)) <= 1 }
            }
            #expect(
                isNear(try color("angle"), ColorScale.cyclic.color(at: turn - turn.rounded(.down))))
            let place = (shown[index] - ends[0]) / (ends[1] - ends[0])
            #expect(isNear(try color("code-2"), ColorScale.sequential.color(at: place)))
        }
    }

    @Test func mapsAreOfTheRightSamples() throws {
        let folder = try Self.copy()
        // The same small images under another name are no split of the run.
        try FileManager.default.copyItem(
            atPath: folder.path("cut"), toPath: folder.path("other"))
        let embedded = try tapestry(
            "embed", "run", "--data", "other/patches.npy", "--output", "codes.csv", "--quiet",
            in: folder)
        #expect(embedded.status == 0, "\(embedded.error)")
        #expect(try tapestry("map-back", "run", "--quiet", in: folder).status == 0)
        let (all, mapped) = (
            try table(folder.path("codes.csv")), try table(folder.path("run/maps/codes.csv"))
        )
        #expect(all.rowCount == mapped.rowCount)
        for (name, other) in [("code4", "code 1"), ("code2", "shift to the right")] {
            for (one, two) in zip(try numbers(all, name), try numbers(mapped, other)) {
                #expect(abs(one - two) < 1e-5)
            }
        }
        // Whether named by the data or given, micrographs are the same.
        let given = try tapestry(
            "map-back", "run", "--data", "other/patches.npy", "--positions", "cut/positions.csv",
            "--image", "made", "--output", "maps", "--quiet", in: folder)
        #expect(given.status == 0, "\(given.error)")
        for name in try folder.names(in: "maps") {
            #expect(try folder.bytes("maps/\(name)") == folder.bytes("run/maps/\(name)"), "\(name)")
        }
    }

    @Test func unfitPositionsAreRefused() throws {
        let folder = try Self.copy()
        try folder.write("y,x\n40,40\n", to: "one.csv")
        for (words, message) in [
            (["--positions", "one.csv"], "expected a column image, or the micrograph as --image"),
            (["--positions", "one.csv", "--image", "made/frame-1.png"], "one for each sample of"),
            (["--positions", "none.csv"], "none.csv: expected"),
            (["--image", "made/frame-1.png"], "an image from 1 to 1 in line"),
        ] {
            let outcome = try ProgramProcess(["map-back", "run", "--quiet"] + words, in: folder)
                .outcome()
            expectFailure(outcome, message)
        }
        let digits = try TrainedFixture.copy()
        expectFailure(
            try tapestry("map-back", "run", "--quiet", in: digits), "positions.csv: expected")
    }

    // MARK: Discovery

    @Test func kindsAndAnglesAreScored() throws {
        let folder = try Self.copy()
        func run() throws -> ProgramOutcome {
            try tapestry(
                "discover", "run", "--truth", "made/truth.csv", "--json", "--quiet", in: folder)
        }
        let outcome = try run()
        #expect(outcome.status == 0, "\(outcome.error)")
        let result = try JSONDecoder().decode(
            DiscoveryResult.self, from: Data(outcome.output.utf8))
        let count = try table(folder.path("cut/positions.csv")).rowCount
        #expect(result.samples == count && result.compared == count && result.clusters == 4)
        #expect(result.accuracyByChance...1 ~= result.accuracy)
        #expect(result.kinds.map(\.kind) == ["bent", "chain", "rod", "triangle"])
        #expect(result.kinds.map(\.count).reduce(0, +) == count)
        #expect(result.kinds.map { $0.angleErrorByChance?.rounded() } == [90, 45, 45, 30])
        for kind in result.kinds {
            #expect(0...2 * (kind.angleErrorByChance ?? 0) ~= kind.angleError ?? -1)
        }
        #expect(
            try folder.names(in: "run/discovery") == [
                "clusters-frame-1.png", "clusters-frame-2.png", "clusters.csv", "discovery.json",
            ])
        let clusters = try numbers(table(folder.path("run/discovery/clusters.csv")), "cluster")
        let counts = (1...4).map { cluster in clusters.count { $0 == Double(cluster) } }
        #expect(counts.reduce(0, +) == count && counts == counts.sorted(by: >))
        #expect(try run().output == outcome.output)

        // Without a truth there are clusters, and a text.
        let alone = try tapestry(
            "discover", "run", "--clusters", "2", "--output", "two", "--quiet", in: folder)
        #expect(alone.status == 0, "\(alone.error)")
        #expect(
            alone.output
                == "two/clusters-frame-1.png\ntwo/clusters-frame-2.png\ntwo/clusters.csv\n")
        let text = try tapestry(
            "discover", "run", "--truth", "made/truth.csv", "--quiet", in: folder)
        #expect(text.output.contains("\(count) of \(count) samples are where something is known"))
        #expect(text.output.contains("  triangle: "))
    }

    /// Codes are those of any run: of one without a pose all numbers are clustered, and there is no angle.
    @Test func runsWithoutPosesAreScoredToo() throws {
        let folder = try Self.copy()
        let trained = try tapestry(
            "train", "vae", "--data", "cut/patches.npy", "--epochs", "1", "--hidden-sizes", "8",
            "--latent-size", "3", "--output", "vae", "--quiet", in: folder)
        #expect(trained.status == 0, "\(trained.error)")
        let outcome = try tapestry(
            "discover", "vae", "--truth", "made/truth.csv", "--json", "--quiet", in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        let result = try JSONDecoder().decode(
            DiscoveryResult.self, from: Data(outcome.output.utf8))
        #expect(result.kinds.allSatisfy { $0.angleError == nil } && result.accuracy > 0.2)
        #expect(
            try table(folder.path("vae/discovery/clusters.csv")).header
                == ["frame", "y", "x", "code 1", "code 2", "code 3", "cluster"])
    }

    @Test func whatCannotBeDiscoveredIsRefused() throws {
        let folder = try Self.copy()
        try folder.write("y,x\n1,2\n", to: "kindless.csv")
        try folder.write("y,x,kind,symmetry\n1,2,a,0\n", to: "none.csv")
        for (words, message, status) in [
            ([], "expected --clusters N, or --truth PATH", 2),
            (["--truth", "kindless.csv"], "kindless.csv: expected a column kind, found none", 1),
            (["--truth", "none.csv"], "expected symmetries from 1 to 1000, found 0.0", 1),
            (["--clusters", "1000"], "expected at least 1,000 samples with codes", 1),
            (["--clusters", "2", "--distance", "0"], "a number above 0 and up to 1000", 2),
        ] as [([String], String, Int32)] {
            let outcome = try ProgramProcess(["discover", "run", "--quiet"] + words, in: folder)
                .outcome()
            expectFailure(outcome, message, status: status)
        }
    }
}

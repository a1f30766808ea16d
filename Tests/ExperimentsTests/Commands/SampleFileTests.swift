import Autograd
import Datasets
import Foundation
import TestSupport
import Testing

/// Samples as numbers: arrays and tables.
@Suite struct SampleFileTests {
    @Test(arguments: ["codes.npy", "codes.csv"])
    func codesAreDecodedToReconstructions(codes: String) throws {
        let folder = try TrainedFixture.copy()
        #expect(try tapestry("embed", "run", "--output", codes, in: folder).status == 0)
        let decoded = try tapestry(
            "decode", "run", codes, "--output", "decoded.npy", in: folder)
        #expect(decoded.status == 0 && decoded.output == "decoded.npy\n", "\(decoded.error)")
        let reconstructed = try tapestry(
            "reconstruct", "run", "--output", "reconstructed.npy", in: folder)
        #expect(reconstructed.status == 0)
        let samples = try NPY.read(folder.path("decoded.npy"))
        #expect(samples.shape == [360, 8, 8] && samples.dataType == .float32)
        let expected = try NPY.read(folder.path("reconstructed.npy"))
        #expect(closeness(of: samples, to: expected, tolerance: 1e-5).passes)

        #expect(try tapestry("decode", "run", codes, in: folder).output == "run/decoded.png\n")
        #expect(try PNG.read(folder.path("run/decoded.png")).height == 36 * 68 + 4)
    }

    @Test func newSamplesAreThoseOfThePicture() throws {
        let folder = try TrainedFixture.copy()
        for file in ["samples.npy", "samples.csv"] {
            let made = try tapestry(
                "sample", "run", "--count", "3", "--seed", "5", "--output", file, in: folder)
            #expect(made.status == 0 && made.output == "\(file)\n")
        }
        let array = try NPY.read(folder.path("samples.npy"))
        #expect(array.shape == [3, 8, 8] && array.min().scalar >= 0 && array.max().scalar <= 1)
        let table = try CSV.readNumbers(folder.path("samples.csv"))
        #expect(table.header.first == "x1" && table.header.count == 64)
        #expect(table.values.cast(to: .float32).reshaped([3, 8, 8]).isIdentical(to: array))
    }

    @Test func rowsOfTablesHaveTheirColumns() throws {
        let folder = try TableFixture.copy()
        let made = try tapestry("reconstruct", "run", "--output", "rows.csv", in: folder)
        #expect(made.status == 0, "\(made.error)")
        let rows = try CSV.Table(contentsOf: folder.path("rows.csv"))
        let encoding = try TableEncoding(contentsOf: folder.path("run/encoding.json"))
        #expect(rows.header == encoding.inputs.map(\.name) && rows.rows.count == 150)
        // They can be read back as the data that they resemble.
        let samples = try encoding.encode(rows, path: "rows.csv")
        #expect(samples.unseen.isEmpty && samples.samples.shape[0] == 150)
        let drawn = try tapestry("reconstruct", "run", "--output", "rows.png", in: folder)
        #expect(drawn.status == 1 && drawn.error.contains("--output can name a .csv file"))
    }

    /// Made rows of a table have its values in about its shares, and a page tells how they compare.
    @Test func rowsOfATableAreMade() throws {
        let folder = TestFolder()
        var generator = RandomGenerator(seed: 8)
        let drawn = generator.uniform([400, 2], dataType: .float64).elements(as: Double.self)
        let rows = (0..<400).map { row in
            let (first, second) = (drawn[2 * row], drawn[2 * row + 1])
            // Three of four are red, and these have a size, which is often 0.
            return first < 0.75
                ? ["red", second < 0.5 ? "0" : "\(Int(1000 * second))", "\(2020 + row % 3)-05-01"]
                : ["blue", "", "2019-05-01"]
        }
        try CSV.write(
            CSV.Table(header: ["colour", "size", "day"], rows: rows), to: folder.path("t.csv"))
        let trained = try tapestry(
            "train", "table-vae", "--data", "t.csv", "--epochs", "60", "--hidden-sizes", "32",
            "--latent-size", "4", "--batch-size", "32", "--learning-rate", "0.005", "--output",
            "run", "--quiet", in: folder)
        #expect(trained.status == 0 && trained.error.isEmpty)
        let outcome = try tapestry("sample", "run", "--count", "2000", in: folder)
        #expect(outcome.status == 0)
        #expect(outcome.output.hasSuffix("run/samples.csv\nrun/samples.html\n"))
        #expect(
            outcome.output.contains("distance to the nearest real row (in standard deviations"))
        let samples = try CSV.read(folder.path("run/samples.csv"))
        #expect(samples.header == ["colour", "size", "day"] && samples.rows.count == 2000)
        let red = samples.rows.count { $0[0] == "red" }
        #expect(1300...1700 ~= red && samples.rows.allSatisfy { ["red", "blue"].contains($0[0]) })
        let sizes = samples.rows.compactMap { Double($0[1]) }
        #expect(sizes.count == 2000 && sizes.allSatisfy { 0...1000 ~= $0 })
        // Hardly anything is made between 0 and the least other number.
        #expect(
            sizes.count { 1..<480 ~= $0 } < 40 && sizes.contains(0) && sizes.contains { $0 > 600 })
        // No day is made before the first or after the last.
        let days = samples.rows.map { $0[2] }.sorted()
        #expect(days[0] >= "2019-05-01" && days[1999] <= "2022-05-01" && Set(days).count > 2)
        let page = try folder.text("run/samples.html")
        for text in [
            "Made rows like those of t.csv", "Difference of correlations", "of test rows",
            "<h2>size</h2>", "Distance to the nearest real row",
        ] {
            #expect(page.contains(text), "\(text)")
        }
        // The same seed makes the same rows, another one others.
        func made(withSeed seed: String) throws -> [UInt8] {
            let again = try tapestry(
                "sample", "run", "--count", "20", "--seed", seed, "--output", "s.csv", in: folder)
            #expect(again.status == 0 && folder.exists("s.html"))
            return try folder.bytes("s.csv")
        }
        let first = try made(withSeed: "1")
        #expect(try first == made(withSeed: "1") && first != made(withSeed: "2"))
    }

    /// With few different rows all made ones are equal to real ones, and that is told.
    @Test func equalRowsAreCounted() throws {
        let folder = TestFolder()
        let rows = (0..<60).map { ["red", "blue", "red", "green"][$0 % 4] + ",\($0 % 2)" }
        try folder.write((["colour,side"] + rows).joined(separator: "\n"), to: "t.csv")
        let trained = try tapestry(
            "train", "table-vae", "--data", "t.csv", "--epochs", "200", "--hidden-sizes", "16",
            "--latent-size", "2", "--batch-size", "16", "--learning-rate", "0.01", "--output",
            "run", "--quiet", in: folder)
        #expect(trained.status == 0)
        let outcome = try tapestry("sample", "run", "--count", "100", in: folder)
        let line = try #require(outcome.output.split(separator: "\n").first)
        #expect(line.contains("median 0, ") && line.hasSuffix("of test rows 0, 100.0 %"), "\(line)")
        // By hand: the share of made rows that the table has, too.
        let made = try CSV.read(folder.path("run/samples.csv")).rows
        let known = Set(rows)
        let equal = made.count { known.contains($0.joined(separator: ",")) }
        #expect(line.contains("median 0, \(equal).0 % equal to one"), "\(line)")
    }

    @Test func numbersHaveTheUnitsOfTheData() throws {
        let folder = TestFolder()
        let rows = (0..<80).map { "\(1000 + 3 * $0),\(0.001 * Double($0) - 0.5)" }
        try folder.write("size,share\n" + rows.joined(separator: "\n"), to: "points.csv")
        let training = try tapestry(
            "train", "vae", "--data", "points.csv", "--hidden-sizes", "16", "--latent-size", "1",
            "--epochs", "200", "--batch-size", "16", "--output", "run", "--quiet", in: folder)
        #expect(training.status == 0)
        let made = try tapestry(
            "sample", "run", "--count", "200", "--output", "made.csv", in: folder)
        #expect(made.status == 0)
        let table = try CSV.readNumbers(folder.path("made.csv"))
        #expect(table.header == ["size", "share"])
        let mean = table.values.mean(axes: [0]).elements(as: Double.self)
        #expect(abs(mean[0] - 1118) < 60 && abs(mean[1] + 0.46) < 0.02, "\(mean)")
    }

    @Test func codesThatDoNotFit() throws {
        let folder = try TrainedFixture.copy()
        try NPY.write(Tensor.zeros([3, 5]), to: folder.path("five.npy"))
        expectFailure(
            try tapestry("decode", "run", "five.npy", in: folder),
            "five.npy: expected codes of shape [2], one or more", "found an array of shape [3, 5]")
        try folder.write("code1,code2,label\n1,2,a\n1,x,b\n", to: "codes.csv")
        expectFailure(
            try tapestry("decode", "run", "codes.csv", in: folder),
            #"codes.csv: expected a number in row 2, column "code2""#, #"found "x""#)
        try NPY.write(Tensor([1, .nan] as [Float], shape: [1, 2]), to: folder.path("nan.npy"))
        expectFailure(
            try tapestry("decode", "run", "nan.npy", in: folder), "nan.npy: expected finite")
        expectFailure(try tapestry("decode", "run", "none.npy", in: folder), "none.npy")
        #expect(try tapestry("decode", "run", in: folder).error.contains("CODES is missing"))
        let bytes = try folder.bytes("five.npy")
        let onto = try tapestry("decode", "run", "five.npy", "--output", "five.npy", in: folder)
        #expect(onto.status == 2 && onto.error.contains("an input file"))
        #expect(try folder.bytes("five.npy") == bytes)
    }
}

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

import Autograd
import Datasets
import Foundation
import Testing

@testable import Experiments

/// What the world does wrong is answered by one line and status 1.
@Suite struct BadInputTests {
    @Test func dataThatAreNotThere() throws {
        let folder = TestFolder()
        expectFailure(
            try tapestry("train", "vae", "--data", "mnist", in: folder),
            "mnist: expected a data directory")
        expectFailure(
            try tapestry("train", "vae", "--data", "mnist", "--data-directory", "x", in: folder),
            "train-images-idx3-ubyte", "found none")
        expectFailure(
            try tapestry("train", "vae", "--data", "none.npy", in: folder),
            "none.npy: expected a readable file")
        #expect(try folder.names(in: "").isEmpty)
    }

    @Test func dataThatAreDamaged() throws {
        let folder = TestFolder()
        try folder.write("no array", to: "data.npy")
        expectFailure(
            try tapestry("train", "vae", "--data", "data.npy", in: folder),
            "data.npy: expected an NPY file")
        try folder.write("a,b\n1,two\n", to: "data.csv")
        expectFailure(
            try tapestry("train", "vae", "--data", "data.csv", in: folder),
            "data.csv: expected a finite number in line 2, column 2", "\"two\"")
    }

    @Test func numbersThatAreNone() throws {
        let folder = TestFolder()
        var numbers = [Float](repeating: 0.5, count: 60)
        numbers[17] = .nan
        try NPY.write(Tensor(numbers, shape: [20, 3]), to: folder.path("data.npy"))
        expectFailure(
            try tapestry("train", "vae", "--data", "data.npy", in: folder),
            "data.npy: expected finite numbers", "[5, 2]")
    }

    @Test func numbersThatAreNoProbabilities() throws {
        let folder = TestFolder()
        expectFailure(
            try tapestry(
                "train", "vae", "--data", "rings", "--likelihood", "bernoulli", "--scale", "none",
                in: folder),
            "rings: expected numbers from 0 to 1",
            "as the recipe vae requires with a Bernoulli likelihood: others fit --scale range or "
                + "--likelihood gaussian")
        expectFailure(
            try tapestry(
                "train", "vae", "--data", "rings", "--likelihood", "bernoulli", "--scale",
                "standard", in: folder),
            "rings: expected numbers from 0 to 1 (--scale range)")
        #expect(try folder.names(in: "").isEmpty)
    }

    @Test func imagesWithoutColours() throws {
        expectFailure(
            try tapestry("train", "colourise", "--data", "digits8x8", in: TestFolder()),
            "digits8x8: expected images in colour", "found samples of shape [8, 8]")
        expectFailure(
            try tapestry(
                "train", "superresolve", "--factor", "3", "--data", "digits8x8", in: TestFolder()),
            "digits8x8: expected images whose sides 3 divides")
    }

    @Test(arguments: ["convolutional", "denoising-convolutional", "dncnn"])
    func samplesThatAreNoImages(recipe: String) throws {
        let folder = TestFolder()
        expectFailure(
            try tapestry("train", recipe, "--data", "rings", in: folder),
            "rings: expected images, of shape [height, width]", recipe,
            "samples of shape [2]")
        #expect(try folder.names(in: "").isEmpty)
    }

    @Test func aFolderWithSomethingInIt() throws {
        let folder = TestFolder()
        try folder.write("mine", to: "notes.txt")
        expectFailure(
            try tapestry("train", "vae", "--output", ".", in: folder),
            "expected a new or empty folder", "notes.txt")
        #expect(try folder.names(in: "") == ["notes.txt"])
        expectFailure(
            try tapestry("train", "vae", "--output", "notes.txt", in: folder), "notes.txt")
        #expect(try folder.text("notes.txt") == "mine")
    }

    @Test(arguments: [
        "evaluate", "reconstruct", "sample", "manifold", "map", "probe", "finetune", "embed",
        "report",
    ])
    func aRunThatIsNone(command: String) throws {
        let folder = TestFolder()
        let none = try tapestry(command, "runs/vae-1", in: folder)
        expectFailure(none, "runs/vae-1: expected the folder of a run, found no such folder")
        try folder.write("{}", to: "config.json")
        expectFailure(
            try tapestry(command, ".", in: folder), "config.json: expected the configuration")
    }

    @Test func aRunWithoutItsCheckpoint() throws {
        let folder = try TrainedFixture.copy()
        try FileManager.default.removeItem(atPath: folder.path("run/checkpoint.safetensors"))
        expectFailure(
            try tapestry("sample", "run", in: folder), "run/checkpoint.safetensors", "found none")
    }

    @Test func aCheckpointWithOneBitFlipped() throws {
        let folder = try TrainedFixture.copy()
        var bytes = try folder.bytes("run/checkpoint.safetensors")
        bytes[bytes.count / 2] ^= 4
        try Data(bytes).write(to: URL(fileURLWithPath: folder.path("run/checkpoint.safetensors")))
        for command in ["evaluate", "sample"] {
            expectFailure(
                try tapestry(command, "run", in: folder), "run/checkpoint.safetensors")
        }
    }

    @Test func aCheckpointOfAnotherModel() throws {
        let folder = try TrainedFixture.copy()
        let text = try folder.text("run/config.json")
        try folder.write(
            text.replacing(#""latentSize" : 2"#, with: #""latentSize" : 3"#),
            to: "run/config.json")
        expectFailure(
            try tapestry("sample", "run", in: folder), "run/checkpoint.safetensors",
            "shape")
    }

    @Test(arguments: [
        (#""latentSize" : 2"#, #""latentSize" : -2"#),
        (#""latentSize" : 2"#, #""latentSize" : 99999999999"#),
        (#""recipe" : "vae""#, #""recipe" : "gan""#),
        (#""batchSize" : 128"#, #""batchSize" : 0"#),
    ])
    func aConfigurationThatMakesNoSense(old: String, new: String) throws {
        let folder = try TrainedFixture.copy()
        let text = try folder.text("run/config.json")
        #expect(text.contains(old))
        try folder.write(text.replacing(old, with: new), to: "run/config.json")
        let outcome = try tapestry("report", "run", in: folder)
        #expect(outcome.status == 1)
        #expect(outcome.complaints.count == 1)
    }

    @Test func anotherShapeOfData() throws {
        expectFailure(
            try tapestry("evaluate", "run", "--data", "digits", in: try TrainedFixture.copy()),
            "expected samples of shape [8, 8]", "found samples of shape [28, 28]")
    }

    /// A limit on the size of files stands for a disk that is full.
    /// The thread sanitizer writes files of its own, which the limit would cut.
    private static let isSanitized = dlsym(nil, "__tsan_init") != nil

    @Test(.disabled(if: isSanitized, "the thread sanitizer needs files too"))
    func aFullDiskLeavesTheOldCheckpoint() throws {
        let folder = try TrainedFixture.copy()
        let before = try folder.bytes("run/checkpoint.safetensors")
        let outcome = try tapestry(
            "train", "vae", "--resume", "--output", "run", "--epochs", "3", in: folder,
            shell: #"ulimit -f 16; exec "$0" "$@""#)
        expectFailure(outcome, "run/checkpoint.safetensors: expected to write the file")
        #expect(try folder.bytes("run/checkpoint.safetensors") == before)
        #expect(!(try folder.names(in: "run").contains { $0.hasSuffix(".partial") }))
    }

    /// A sample that has no loss is named by its place in the file.
    @Test func samplesWithoutLoss() throws {
        let folder = TestFolder()
        var rows = (0..<60).map { "\($0).5,\($0 % 7).25" }
        rows[4] = "1.5,1e25"
        try folder.write((["a,b"] + rows).joined(separator: "\n") + "\n", to: "n.csv")
        let outcome = try tapestry(
            "train", "linear", "--data", "n.csv", "--scale", "none", "--latent-size", "1",
            "--epochs", "1", "--output", "run", "--quiet", in: folder)
        #expect(outcome.status == 1 && outcome.complaints.count == 1)
        #expect(
            outcome.error.contains("1.0000e+25 in row 5, column 2 (b): leave it out"),
            "\(outcome.error)")
    }
}

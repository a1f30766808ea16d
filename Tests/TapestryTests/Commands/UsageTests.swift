import Autograd
import Datasets
import Foundation
import Models
import Testing

@testable import tapestry

/// What makes no sense is answered by one line and status 2, before anything is written.
@Suite struct UsageTests {
    private let folder = TestFolder()

    @Test(arguments: [
        (["tran"], #"unknown command "tran": did you mean "train"?"#),
        (["--verison"], #"unknown option "--verison": did you mean "--version"?"#),
        (["help", "evalute"], #"unknown command "evalute": did you mean "evaluate"?"#),
        (["train"], "RECIPE is missing"),
        (["train", "vea"], #"unknown recipe "vea": did you mean "vae"?"#),
        (
            ["train", "gan"],
            #"unknown recipe "gan": there is "#
                + Recipe.all.map(\.name).joined(separator: ", ")
        ),
        (
            ["train", "denoising", "--corruption", "masking:2"],
            "--corruption masking:2: expected gaussian:X with X from 0, masking:X or "
                + "salt-and-pepper:X with X from 0 to 1"
        ),
        (
            ["train", "vae", "--hidden-sizes", "40,x"],
            "--hidden-sizes 40,x: expected positive numbers with commas between them, or none"
        ),
        (
            ["train", "linear", "--hidden-sizes", "40"],
            "--hidden-sizes: the recipe linear has no use for it"
        ),
        (
            ["train", "deep", "--pretraining-epochs", "3"],
            "--pretraining-epochs: no layer is trained alone without --pretraining"
        ),
        (
            ["train", "rbm", "--chains", "long"],
            "--chains long: expected data or persistent"
        ),
        (
            ["train", "rbm", "--visible-units", "normal"],
            "--visible-units normal: expected bernoulli or gaussian"
        ),
        (
            ["reconstruct", "run", "--output", "a.jpg"],
            "--output a.jpg: expected a name that ends in .png"
        ),
        (
            ["apply", "run", "a.png", "--output", "b.txt"],
            "--output b.txt: expected a name that ends in .png"
        ),
        (
            ["train", "vae", "--epochs", "0"],
            "--epochs 0: expected a whole number from 1 to 1000000"
        ),
        (
            ["train", "vae", "--corruption", "masking:0.2"],
            "--corruption: the recipe vae has no use for it"
        ),
        (
            ["train", "k-sparse", "--latent-size", "8", "--active-components", "9"],
            "--active-components 9: expected a whole number from 1 to 8"
        ),
        (
            ["train", "k-sparse", "--latent-size", "30", "--evaluated-components", "31"],
            "--evaluated-components 31: expected a whole number from 1 to 30"
        ),
        (
            ["train", "sparse", "--evaluated-components", "31"],
            "--evaluated-components: the recipe sparse has no use for it"
        ),
        (
            ["train", "vae", "--active-components", "2"],
            "--active-components: the recipe vae has no use for it"
        ),
        (
            ["train", "vae", "--penalty", "2"],
            "--penalty: the recipe vae has no use for it"
        ),
        (
            ["train", "vae", "--schedule", "linear"],
            "--schedule linear: expected constant or cosine"
        ),
        (["train", "vae", "--epoch", "3"], #"unknown option "--epoch": did you mean "--epochs"?"#),
        (
            ["train", "vae", "--epochs", "0"],
            "--epochs 0: expected a whole number from 1 to 1000000"
        ),
        (
            ["train", "vae", "--batch-size", "0"],
            "--batch-size 0: expected a whole number from 1 to 1000000"
        ),
        (
            ["train", "vae", "--latent-size", "-1"],
            "--latent-size -1: expected a whole number from 1 to 65536"
        ),
        (
            ["train", "vae", "--threads", "1000"],
            "--threads 1000: expected a whole number from 1 to 256"
        ),
        (["train", "vae", "--threads", "0"], "--threads 0: expected a whole number from 1 to 256"),
        (["train", "vae", "--learning-rate", "0"], "--learning-rate 0: expected a number above 0"),
        (
            ["train", "vae", "--learning-rate", "nan"],
            "--learning-rate nan: expected a number above 0"
        ),
        (["train", "vae", "--beta", "-1"], "--beta -1: expected a number from 0"),
        (
            ["train", "autoencoder", "--beta", "2"],
            "--beta: the recipe autoencoder has no use for it"
        ),
        (["train", "vae", "--data", "minst"], #"unknown data set "minst": did you mean "mnist"?"#),
        (
            ["train", "vae", "--data-directory", "here"],
            "--data-directory: the data set digits is not looked for in one"
        ),
        (["train", "vae", "--resume"], "--resume needs --output DIR, the run to go on with"),
        (["train", "vae", "again"], #"unexpected argument "again""#),
        (
            ["train", "colourise", "--latent-size", "4"],
            "--latent-size: the recipe colourise has no use for it"
        ),
        (
            ["train", "superresolve", "--factor", "5"],
            "--factor 5: expected a whole number from 2 to 4"
        ),
        (["train", "denoise", "--factor", "2"], "--factor: the recipe denoise has no use for it"),
        (
            ["train", "table", "--corruption", "gaussian:0.1"],
            "corruption: expected masking:X for the cells of a table, found gaussian:0.1"
        ),
        (
            ["train", "vae", "--label", "class"],
            "--label: only for samples of a file, and digits is none"
        ),
        (
            ["train", "vae", "--schema", "schema.json"],
            "--schema: only the recipe table reads tables, from files .csv or .tsv"
        ),
        (
            ["train", "vae", "--test-share", "0.4"],
            "--test-share: digits is split into training and test samples already"
        ),
        (
            ["train", "table", "--test-share", "1"],
            "--test-share 1: expected a number from 0 and below 1"
        ),
        (["train", "vae", "--rounds", "2"], "--rounds: the recipe vae has no use for it"),
        (["train", "vae", "--dropout", "0.2"], "--dropout: the recipe vae has no use for it"),
        (
            ["score", "run", "--by", "magic"],
            "--by magic: expected reconstruction, mahalanobis, neighbours, components"
        ),
        (
            ["impute", "run", "--output", "t.txt"],
            "--output t.txt: expected a name that ends in .csv or .tsv"
        ),
        (["schema"], "FILE is missing"),
        (["sample"], "RUN is missing"),
        (["apply", "run", "a.png", "b.png"], #"unexpected argument "b.png""#),
        (["evaluate", "run", "--part", "tests"], #"unknown part "tests": did you mean "test"?"#),
        (["map", "run", "--method", "umap"], "--method umap: expected pca or tsne"),
        (
            ["map", "run", "--method", "pca", "--perplexity", "5"],
            "--perplexity: the method pca has no use for it"
        ),
        (
            ["map", "run", "--iterations", "0"],
            "--iterations 0: expected a whole number from 1 to 1000000"
        ),
        (
            ["probe", "run", "--method", "forest"],
            "--method forest: expected logistic or neighbours"
        ),
        (
            ["probe", "run", "--neighbours", "3"],
            "--neighbours: the method logistic has no use for it"
        ),
        (
            ["probe", "run", "--method", "neighbours", "--penalty", "3"],
            "--penalty: the method neighbours has no use for it"
        ),
        (
            ["finetune", "run", "--curve", "--labels", "100"],
            "--curve has its own numbers of labels: leave out --labels"
        ),
        (
            ["finetune", "run", "--steps", "0"],
            "--steps 0: expected a whole number from 1 to 10000000"
        ),
        (["probe", "run", "--penalty", "-1"], "--penalty -1: expected a number from 0"),
        (["map", "run", "--part", "tset"], #"unknown part "tset": did you mean "test"?"#),
        (
            ["embed", "run", "--output", "codes.txt"],
            "--output codes.txt: expected a name that ends in .npy or .csv"
        ),
    ])
    func oneLine(words: [String], message: String) throws {
        let outcome = try ProgramProcess(words, in: folder).outcome()
        #expect(outcome.status == 2)
        #expect(outcome.error == "tapestry: \(message)\n")
        #expect(outcome.output.isEmpty)
        #expect(try folder.names(in: "").isEmpty)
    }
}

/// What the world does wrong is answered by one line and status 1.
@Suite struct BadInputTests {
    private func expectFailure(
        _ outcome: ProgramOutcome, _ parts: String...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.status == 1, sourceLocation: sourceLocation)
        #expect(outcome.complaints.count == 1, sourceLocation: sourceLocation)
        #expect(outcome.error.hasPrefix("tapestry: "), sourceLocation: sourceLocation)
        #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
        for part in parts {
            #expect(outcome.error.contains(part), sourceLocation: sourceLocation)
        }
    }

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
            try tapestry("train", "vae", "--data", "rings", in: folder),
            "rings: expected numbers from 0 to 1")
    }

    @Test func picturesWithoutColours() throws {
        expectFailure(
            try tapestry("train", "colourise", "--data", "digits8x8", in: TestFolder()),
            "digits8x8: expected pictures in colour", "found samples of shape [8, 8]")
        expectFailure(
            try tapestry(
                "train", "superresolve", "--factor", "3", "--data", "digits8x8", in: TestFolder()),
            "digits8x8: expected pictures whose sides 3 divides")
    }

    @Test(arguments: ["convolutional", "denoising-convolutional", "denoise"])
    func samplesThatAreNoPictures(recipe: String) throws {
        let folder = TestFolder()
        expectFailure(
            try tapestry("train", recipe, "--data", "rings", in: folder),
            "rings: expected pictures, of shape [height, width]", recipe,
            "found samples of shape [2]")
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
        expectFailure(try tapestry(command, "runs/vae-1", in: folder), "runs/vae-1/config.json")
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

    @Test(arguments: [
        ("TAPESTRY_KERNELS=wide", "TAPESTRY_KERNELS: unknown instruction set \"wide\": expected"),
        ("TAPESTRY_THREADS=none", "TAPESTRY_THREADS=none: expected a whole number from 1"),
        ("TAPESTRY_FUSED_FROM=-1", "TAPESTRY_FUSED_FROM=-1: expected a whole number from 0"),
    ]) func environmentsThatMakeNoSense(_ assignment: String, _ message: String) throws {
        let folder = TestFolder()
        let outcome = try ProgramProcess(
            ["train", "linear"], in: folder, shell: "\(assignment) exec \"$0\" \"$@\""
        ).outcome()
        #expect(outcome.status == 2 && outcome.output.isEmpty)
        #expect(outcome.error.hasPrefix("tapestry: \(message)"), "\(outcome.error)")
        #expect(outcome.error.split(separator: "\n").count == 1)
        #expect(!folder.exists("runs"))
    }
}

import Models
import Testing

@testable import Experiments

/// What makes no sense is answered by one line and status 2, before anything is written.
@Suite struct UsageTests {
    /// What resembles nothing is answered by all there is; what is long is cut.
    @Test func strangersHaveNoGuessAndLongValuesAreCut() throws {
        let folder = TestFolder()
        let stranger = try tapestry("train", "vae", "--xylophone", "1,2", in: folder)
        #expect(stranger.status == 2)
        #expect(stranger.error.contains(#"unknown option "--xylophone": expected --data, "#))
        let other = try tapestry("train", "autoencoder", "--beta", "2", in: folder)
        #expect(other.error.contains("has no such option; it has --"))
        let many = (1...500).map(String.init).joined(separator: ",") + ",1"
        let twice = try tapestry("train", "vae", "--beta", many, in: folder)
        #expect(twice.status == 2)
        #expect(twice.error.contains(/--beta 1,2,3.*…: the value 1 is given twice/))
        #expect(twice.error.count < 120)
    }

    private let folder = TestFolder()

    @Test(arguments: [
        (["tran"], #"unknown command "tran": did you mean "train"?"#),
        (["--verison"], #"unknown option "--verison": did you mean "--version"?"#),
        (["help", "evalute"], #"unknown command "evalute": did you mean "evaluate"?"#),
        (["train"], "RECIPE is missing"),
        (["train", "vea"], #"unknown recipe "vea": did you mean "vae"?"#),
        (
            ["train", "transformer"],
            #"unknown recipe "transformer": expected "#
                + Recipes.zoo.map { $0.name }.joined(separator: ", ")
        ),
        (
            ["train", "denoising", "--corruption", "masking:2"],
            "--corruption masking:2: expected gaussian:X with X from 0, masking:X or "
                + "salt-and-pepper:X with X from 0 to 1"
        ),
        (
            ["train", "vae", "--hidden-sizes", "40,x"],
            "--hidden-sizes 40,x: expected whole numbers from 1 to 65536 with commas between them, "
                + "or none"
        ),
        (
            ["train", "linear", "--hidden-sizes", "40"],
            "--hidden-sizes: the recipe linear has no such option"
        ),
        (
            ["train", "deep", "--pretraining-epochs", "3"],
            "--pretraining-epochs 3: expected none, as no layer is trained alone without --pretraining"
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
            "--output a.jpg: expected a name that ends in .png or .npy or .csv or .tsv"
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
            "--corruption: the recipe vae has no such option"
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
            "--evaluated-components: the recipe sparse has no such option"
        ),
        (
            ["train", "vae", "--active-components", "2"],
            "--active-components: the recipe vae has no such option"
        ),
        (
            ["train", "vae", "--penalty", "2"],
            "--penalty: the recipe vae has no such option"
        ),
        (
            ["train", "vae", "--schedule", "linear"],
            "--schedule linear: expected constant or cosine or stages"
        ),
        (["train", "--quite", "vae"], #"unknown option "--quite": did you mean "--quiet"?"#),
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
        (["train", "vae", "--beta", "1,2,x"], "--beta x: expected a number from 0"),
        (
            ["train", "vae", "--seed", "0..5000"], "--seed 0..5000: expected at most 1,000 values"
        ),
        (
            ["train", "vae", "--bta", "1,2"], #"unknown option "--bta": did you mean "--beta"?"#
        ),
        // Of one combination only.
        (
            ["train", "k-sparse", "--latent-size", "8,16", "--active-components", "4,12"],
            "--active-components 12: expected a whole number from 1 to 8"
        ),
        (
            ["train", "autoencoder", "--beta", "2"],
            "--beta: the recipe autoencoder has no such option"
        ),
        (["train", "vae", "--data", "minst"], #"unknown data set "minst": did you mean "mnist"?"#),
        (
            ["train", "vae", "--data-directory", "here"],
            "--data-directory: the data set digits does not use a directory"
        ),
        (["train", "vae", "--resume"], "--resume needs --output DIR, the run to resume"),
        (["train", "vae", "again"], #"unexpected argument "again""#),
        (
            ["train", "colourise", "--latent-size", "4"],
            "--latent-size: the recipe colourise has no such option"
        ),
        (
            ["train", "superresolve", "--factor", "5"],
            "--factor 5: expected a whole number from 2 to 4"
        ),
        (["train", "dncnn", "--factor", "2"], "--factor: the recipe dncnn has no such option"),
        (
            ["train", "table", "--corruption", "gaussian:0.1"],
            "--corruption gaussian:0.1: expected masking:X for the cells of a table"
        ),
        (
            ["train", "vae", "--label", "class"],
            "--label: only for data from a file, and digits is not a file"
        ),
        (
            ["train", "vae", "--schema", "schema.json"],
            "--schema: only the recipe table or table-vae or conditional-table-vae reads tables, from .csv or .tsv files"
        ),
        (
            ["train", "vae", "--test-share", "0.4"],
            "--test-share: digits is already split into training and test samples"
        ),
        (
            ["train", "table", "--test-share", "1"],
            "--test-share 1: expected a number from 0 to below 1"
        ),
        (["train", "vae", "--rounds", "2"], "--rounds: the recipe vae has no such option"),
        (["train", "vae", "--dropout", "0.2"], "--dropout: the recipe vae has no such option"),
        (
            ["score", "run", "--by", "magic"],
            "--by magic: expected ensemble, reconstruction, mahalanobis, neighbours, components, bulk, "
                + "forest, likelihood"
        ),
        (
            ["impute", "run", "--output", "t.txt"],
            "--output t.txt: expected a name that ends in .csv or .tsv"
        ),
        (
            ["compare", "run", "--output", "chart.pdf"],
            "--output chart.pdf: expected a name that ends in .svg or .png"
        ),
        (["schema"], "FILE is missing"),
        (["sample"], "RUN is missing"),
        (["apply", "run", "a.png", "b.png"], #"unexpected argument "b.png""#),
        (["evaluate", "run", "--part", "tests"], #"unknown part "tests": did you mean "test"?"#),
        (["map", "run", "--method", "umap"], "--method umap: expected pca or tsne"),
        (
            ["map", "run", "--method", "pca", "--perplexity", "5"],
            "--perplexity: the method pca does not use it"
        ),
        (
            ["map", "run", "--iterations", "0"],
            "--iterations 0: expected a whole number from 1 to 1000000"
        ),
        (
            ["probe", "run", "--method", "forest"],
            "--method forest: expected logistic or neighbours or clusters"
        ),
        (
            ["probe", "run", "--neighbours", "3"],
            "--neighbours: the method logistic does not use it"
        ),
        (
            ["probe", "run", "--method", "neighbours", "--penalty", "3"],
            "--penalty: the method neighbours does not use it"
        ),
        (
            ["finetune", "run", "--curve", "--labels", "100"],
            "--curve: it sets the numbers of labels; leave out --labels"
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
        // What a recipe has instead is told as well.
        let isPart = message.contains(": the recipe ") && message.hasSuffix("has no such option")
        #expect(
            isPart
                ? outcome.error.hasPrefix("tapestry: \(message); ")
                    && outcome.complaints.count == 1
                : outcome.error == "tapestry: \(message)\n")
        #expect(outcome.output.isEmpty)
        #expect(try folder.names(in: "").isEmpty)
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

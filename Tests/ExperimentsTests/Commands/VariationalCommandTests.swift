import Autograd
import Datasets
import Foundation
import TestSupport
import Testing

/// What the command does with models that have latent variables.
@Suite struct VariationalCommandTests {
    private struct Answer: Decodable {
        struct Estimate: Decodable {
            let mean: Double
            let standardError: Double
            let samples: Int
            let draws: Int
        }
        let metrics: [String: Double]
        let logLikelihood: Estimate?
        struct Annealed: Decodable {
            let mean: Double
            let samples: Int
        }
        let annealed: Annealed?
    }

    private func run(_ words: [String], in folder: TestFolder) throws -> ProgramOutcome {
        try ProgramProcess(words, in: folder, shell: nil).outcome()
    }

    private func evaluate(_ words: String..., in folder: TestFolder) throws -> Answer {
        let outcome = try run(["evaluate", "run", "--json"] + words, in: folder)
        #expect(outcome.status == 0, "\(outcome.error)")
        return try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8))
    }

    /// The estimate is above the bound, the more so the more draws, and the same each time.
    @Test func likelihoodsAreEstimated() throws {
        let folder = try TrainedFixture.copy()
        let few = try evaluate("--likelihood", "--draws", "2", in: folder)
        let many = try evaluate("--likelihood", "--draws", "100", in: folder)
        let bound = try #require(many.metrics["elbo"])
        let (less, more) = try (#require(few.logLikelihood), #require(many.logLikelihood))
        #expect(bound < less.mean && less.mean < more.mean && more.mean < bound + 20)
        #expect(more.draws == 100 && more.samples == 360 && more.standardError > 0)
        #expect(
            try evaluate("--likelihood", "--draws", "2", in: folder).logLikelihood?.mean
                == less.mean)
        let first = try evaluate("--likelihood", "--draws", "2", "--count", "7", in: folder)
        #expect(first.logLikelihood?.samples == 7)
        #expect(try evaluate(in: folder).logLikelihood == nil)
        // Without the encoder it is about the same.
        let both = try evaluate(
            "--likelihood", "--draws", "500", "--count", "3", "--annealed", in: folder)
        let (own, annealed) = try (#require(both.logLikelihood), #require(both.annealed))
        #expect(annealed.samples == 3 && abs(own.mean - annealed.mean) < 1)
        let active = try #require(many.metrics["activeUnits"])
        #expect(active >= 1 && active == active.rounded())
    }

    @Test func wrongQuestionsHaveOneLine() throws {
        let folder = try TrainedFixture.copy()
        let trained = try tapestry(
            "train", "autoencoder", "--epochs", "1", "--output", "plain", "--quiet", in: folder)
        #expect(trained.status == 0)
        for (words, message) in [
            (
                ["evaluate", "run", "--likelihood", "--draws", "0"],
                "--draws 0: expected a whole number from 1"
            ),
            (["evaluate", "run", "--draws", "10"], "--draws: only with --likelihood"),
            (["evaluate", "plain", "--likelihood"], "likelihoods that can be estimated"),
            (["sample", "run", "--prior", "mixtur"], #"did you mean "mixture"?"#),
            (["train", "iwae", "--draws", "0"], "--draws 0: expected"),
            (["train", "iwae", "--draws", "6", "--groups", "4"], "a divisor of the 6 draws"),
            (["train", "vae", "--warm-up", "0.5", "--cycles", "3"], "0 with a warm-up"),
            (["train", "vae", "--binarize", "often"], "expected dynamic, static, threshold"),
            (
                ["train", "vae", "--data", "rings", "--binarize", "static"],
                "grey values from 0 to 1"
            ),
            (["train", "table", "--binarize", "static"], "only for grey values"),
            (["train", "table", "--dequantize", "uniform"], "only for grey values"),
            (["train", "vae", "--dequantize", "twice"], "expected uniform"),
            (
                ["train", "vae", "--dequantize", "uniform", "--binarize", "static"],
                "give only one of them"
            ),
            (["train", "vae", "--data", "rings", "--dequantize", "uniform"], "8-bit values"),
            (["train", "vae", "--dequantize", "uniform"], "found a Bernoulli likelihood"),
            (["train", "dncnn", "--dequantize", "uniform"], "which has none"),
        ] {
            let outcome = try run(words, in: folder)
            #expect(outcome.status == 1 || outcome.status == 2)
            #expect(outcome.complaints.count == 1 && outcome.output.isEmpty)
            #expect(outcome.error.contains(message), "\(outcome.error)")
        }
    }

    /// Codes of a fitted distribution decode to samples, also of a model without a prior.
    @Test func samplesAreDrawnFromAFittedPrior() throws {
        let folder = try TrainedFixture.copy()
        func samples(_ words: String...) throws -> Tensor {
            let outcome = try run(
                ["sample", "run", "--count", "5", "--output", "s.npy"] + words, in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            return try NPY.read(folder.path("s.npy"))
        }
        let (own, normal, mixture) = try (
            samples(), samples("--prior", "normal"), samples("--prior", "mixture")
        )
        #expect(normal.shape == [5, 8, 8] && normal.allFinite)
        #expect(!normal.isIdentical(to: own) && !normal.isIdentical(to: mixture))
        #expect(try samples("--prior", "mixture").isIdentical(to: mixture))
        #expect(try samples("--prior", "own").isIdentical(to: own))
    }

    /// Runs of numbers with noise between 8-bit values tell bits, the same each time.
    @Test func dequantisedTrainingTellsBits() throws {
        let folder = TestFolder()
        let words = [
            "train", "vae", "--data", "digits", "--dequantize", "uniform", "--likelihood",
            "continuous-bernoulli", "--hidden-sizes", "16", "--latent-size", "2", "--quiet",
        ]
        for (name, epochs) in [("whole", "2"), ("parts", "1")] {
            let outcome = try run(words + ["--epochs", epochs, "--output", name], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
        }
        let resumed = try tapestry(
            "train", "vae", "--resume", "--epochs", "2", "--output", "parts", "--quiet", in: folder)
        #expect(resumed.status == 0, "\(resumed.error)")
        var answers: [Answer] = []
        for name in ["whole", "parts", "whole"] {
            let outcome = try run(["evaluate", name, "--json"], in: folder)
            answers.append(try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8)))
        }
        let bits = try answers.map { try #require($0.metrics["bitsPerDimension"]) }
        #expect(bits[0] == bits[1] && bits[0] == bits[2] && 0..<8 ~= bits[0], "\(bits)")
    }

    /// Biases that start at the mean are in the checkpoint alone, help at once, and are resumed to the
    /// bit.
    @Test func trainingFromTheMeanIsResumed() throws {
        let folder = TestFolder()
        let words = ["train", "vae", "--data", "digits", "--quiet"]
        let small = ["--hidden-sizes", "16", "--latent-size", "2"]
        func train(_ name: String, _ epochs: String, _ bias: String) throws -> Double {
            let outcome = try run(
                words + small + ["--epochs", epochs, "--output-bias", bias, "--output", name],
                in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
            let evaluated = try run(["evaluate", name, "--json"], in: folder)
            let answer = try JSONDecoder().decode(Answer.self, from: Data(evaluated.output.utf8))
            return try #require(answer.metrics["loss"])
        }
        let (zero, first) = try (train("zero", "1", "zero"), train("parts", "1", "mean"))
        #expect(first < zero - 5, "\(zero) \(first)")
        _ = try train("whole", "2", "mean")
        let resumed = try tapestry(
            "train", "vae", "--resume", "--epochs", "2", "--output", "parts", "--quiet", in: folder)
        #expect(resumed.status == 0, "\(resumed.error)")
        func checkpoint(_ name: String) throws -> Data {
            try Data(
                contentsOf: URL(fileURLWithPath: folder.path("\(name)/checkpoint.safetensors")))
        }
        #expect(try checkpoint("parts") == checkpoint("whole"))
        let configuration = try String(
            contentsOfFile: folder.path("whole/config.json"), encoding: .utf8)
        #expect(configuration.count < 4000)
        let refused = try tapestry(
            "train", "sparse", "--output-bias", "mean", "--output", "none", in: folder)
        #expect(refused.status != 0 && refused.complaints.count == 1)
        #expect(refused.error.contains("zero with the recipe sparse"))
    }

    /// Runs of binarised data keep their choice, and are resumed to the bit.
    @Test func binarisedTrainingIsResumed() throws {
        let folder = TestFolder()
        let words = ["train", "iwae", "--data", "digits", "--binarize", "dynamic", "--quiet"]
        let small = ["--hidden-sizes", "16", "--latent-size", "2", "--draws", "3"]
        for (name, epochs) in [("whole", "2"), ("parts", "1")] {
            let outcome = try run(
                words + small + ["--epochs", epochs, "--output", name], in: folder)
            #expect(outcome.status == 0, "\(outcome.error)")
        }
        let resumed = try tapestry(
            "train", "iwae", "--resume", "--epochs", "2", "--output", "parts", "--quiet", in: folder
        )
        #expect(resumed.status == 0, "\(resumed.error)")
        let whole = try Data(
            contentsOf: URL(fileURLWithPath: folder.path("whole/checkpoint.safetensors")))
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: folder.path("parts/checkpoint.safetensors")))
                == whole)
        #expect(
            try tapestry("evaluate", "whole", "--likelihood", "--draws", "5", in: folder).status
                == 0)
    }
}

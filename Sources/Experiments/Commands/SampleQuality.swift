import Autograd
import Models

/// How near new samples are to test samples, beside training samples and reconstructions.
struct SampleQuality: Encodable {
    /// Measures of a set of images, beside test images.
    struct Measures: Encodable {
        let frechetDistance: Double
        let kernelDiscrepancy: Double
        let kernelDiscrepancyError: Double
        let precision: Double
        let recall: Double
    }

    /// The number of new samples, and of training samples as far as there are so many.
    let samples: Int
    /// The number of the test samples that they are compared with.
    let testSamples: Int
    /// What the codes of new samples are drawn from.
    let prior: String
    /// The fraction of the test samples that the classifier classifies correctly.
    let accuracy: Double
    let made: Measures
    let training: Measures
    /// Those of the test samples; nil if the model does not reconstruct.
    let reconstructions: Measures?

    /// The measures in a table, and what they are of.
    var text: String {
        let sets =
            [("samples", made), ("training samples", training)]
            + (reconstructions.map { [("reconstructions", $0)] } ?? [])
        func row(_ title: String, _ text: (Measures) -> String) -> [String] {
            [title] + sets.map { text($0.1) }
        }
        let rows = [
            [""] + sets.map { $0.0 },
            row("Fréchet distance") { Format.number($0.frechetDistance) },
            row("Kernel discrepancy") {
                Format.number($0.kernelDiscrepancy) + " ± "
                    + Format.number($0.kernelDiscrepancyError)
            },
            row("Precision") { Format.percentage($0.precision) },
            row("Recall") { Format.percentage($0.recall) },
        ]
        // The last column needs no room after it.
        let widths = rows[0].indices.dropLast().map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        let table = rows.map { row in
            let cells = zip(row, widths + [0]).map {
                $0 + String(repeating: " ", count: max(0, $1 - $0.count))
            }
            return "  " + cells.joined(separator: "  ") + "\n"
        }.joined()
        return """
            Quality of \(Format.count(samples)) samples beside \(Format.count(testSamples)) test \
            samples:
            \(table)\
            The features are those of a classifier that was trained here, and classifies \
            \(Format.percentage(accuracy)) of the test samples correctly: these numbers are not \
            comparable with published ones, of Inception features.

            """
    }
}

extension SampleQuality.Measures {
    /// - Parameters:
    ///   - features: those of the images, `[n, size]`.
    ///   - real: those of test images, `[m, size]`.
    init(
        of features: Tensor, for real: Tensor, seed: UInt64, monitor: ProgressMonitor<some Error>
    ) throws {
        var generator = RandomGenerator(seed: seed)
        let kernel = KernelDiscrepancy(between: features, and: real, using: &generator)
        let covered = try PrecisionAndRecall(of: features, for: real, monitor: monitor)
        self.init(
            frechetDistance: LatentAnalysis.frechetDistance(between: features, and: real),
            kernelDiscrepancy: kernel.mean, kernelDiscrepancyError: kernel.standardError,
            precision: covered.precision, recall: covered.recall)
    }
}

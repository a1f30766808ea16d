import Autograd
import Datasets
import LatentAnalysis
import Models

/// The angles at which the things in samples are known to lie.
struct KnownAngles {
    /// Anticlockwise.
    let degrees: [Double]
    /// 0 for samples without a label.
    let classes: [Int]
    /// The degrees after which a sample of a class is as before.
    let symmetry: @Sendable (Int) -> Double

    /// Nil if no factor is an angle.
    init?(_ examples: Examples) {
        guard let factors = examples.factors,
            let index = factors.all.lastIndex(where: { !$0.symmetries.isEmpty })
        else { return nil }
        let factor = factors.all[index]
        degrees = factors.values(of: index).elements(as: Float.self).map { Double($0) }
        classes =
            examples.labels?.elements(as: Int32.self).map { max(0, Int($0)) }
            ?? degrees.map { _ in 0 }
        symmetry = { factor.symmetry(of: $0) ?? 360 }
    }
}

/// How far angles are from the truth.
struct AngleErrors: Codable {
    /// In degrees.
    let meanError: Double
    /// The share of errors above 20 degrees.
    let shareAbove20: Double
    /// The circular correlation with the truth, over all classes, whatever angles count from.
    let correlation: Double
    /// The means by class, 0 first; NaN of a class without test samples.
    let meanErrorOfClasses: [Double]

    /// Of the test samples, as angles have to be read by the training samples.
    init(told: [Double], _ training: KnownAngles, test: [Double], _ known: KnownAngles) {
        let alignment = AngleAlignment(
            of: told, to: training.degrees, classes: training.classes, symmetry: known.symmetry)
        self.init(
            alignment.errors(of: test, to: known.degrees, classes: known.classes), of: test, known)
    }

    /// The same, with offsets by contents.
    init(
        told: [Double], at contents: Tensor, _ training: KnownAngles, test: [Double],
        at contentsOfTest: Tensor, _ known: KnownAngles
    ) {
        let alignment = LocalAngleAlignment(
            of: told, to: training.degrees, at: contents, classes: training.classes,
            symmetry: known.symmetry)
        self.init(
            alignment.errors(
                of: test, to: known.degrees, at: contentsOfTest, classes: known.classes),
            of: test, known)
    }

    private init(_ errors: [Double], of test: [Double], _ known: KnownAngles) {
        let count = Double(max(errors.count, 1))
        meanError = errors.reduce(0, +) / count
        shareAbove20 = Double(errors.count { $0 > 20 }) / count
        correlation = circularCorrelation(of: test, with: known.degrees)
        meanErrorOfClasses = (0...(known.classes.max() ?? 0)).map { kind in
            let own = zip(errors, known.classes).filter { $0.1 == kind }.map(\.0)
            return own.isEmpty ? .nan : own.reduce(0, +) / Double(own.count)
        }
    }
}

/// How well a model tells how things lie from what they are.
struct PoseScores: Codable {
    /// Of the angles in codes; nil if there are none.
    let codes: AngleErrors?
    /// The same, where what an angle counts from depends on the content; nil if there are none.
    let codesByContents: AngleErrors?
    /// Of one angle for each content.
    let contents: AngleErrors
    /// Of one angle for all.
    let constant: AngleErrors
    /// Of the moments of images.
    let moments: AngleErrors
    /// How much contents change as images turn all around, relative to how they differ from image to
    /// image: a ratio of standard deviations.
    let contentSpread: Double
    /// The share of samples whose class, as the model tells it, is that of their label, if classes have
    /// the labels that make this greatest; nil if it tells none.
    let classAccuracy: Double?
    /// The share of samples whose cluster of contents is that of their class; nil without classes.
    let clusterAccuracy: Double?

    /// How many images are turned, and how often on the way round.
    static let (turned, turns) = (50, 36)

    /// - Parameters:
    ///   - turning: the contents of the same images at each turn, `[images, numbers]`.
    ///   - contents: those of many images.
    static func spread(of turning: [Tensor], among contents: Tensor) -> Double {
        func variance(_ values: Tensor) -> Double {
            let middle = values.mean(axes: [0], keepingAxes: true)
            return square(values - middle).mean().cast(to: .float64).scalar
        }
        let all = variance(contents)
        return all > 0 ? (variance(stacked(turning)) / all).squareRoot() : 0
    }

    static func classAccuracy(
        by model: any Classifies, of examples: Examples, _ classes: [Int]
    ) -> Double {
        let told = stride(from: 0, to: examples.count, by: 500).flatMap { start in
            let batch = examples.batch(start..<min(start + 500, examples.count), as: model.dataType)
            return model.logits(of: batch).argmax().elements(as: Int32.self).map { Int($0) }
        }
        return LatentAnalysis.clusterAccuracy(of: told, classes: classes)
    }

    /// As many clusters as classes, of normal distributions.
    static func clusterAccuracy(
        of contents: Tensor, classes: [Int], fittedTo others: Tensor,
        using generator: inout RandomGenerator, monitor: ProgressMonitor<some Error>
    ) throws -> Double? {
        let count = Set(classes).count
        guard count > 1, others.shape[0] >= count else { return nil }
        let mixture = try NormalMixture(
            of: others, components: count, bestOf: 10, using: &generator, monitor: monitor)
        return LatentAnalysis.clusterAccuracy(
            of: mixture.components(of: contents), classes: classes)
    }
}

/// The output of `--json`, and a file in the run's folder.
struct PoseResult: Codable {
    let run: String
    let trainingSamples: Int
    let testSamples: Int
    let classes: [String]
    let scores: PoseScores

    var text: String {
        func line(_ title: String, _ errors: AngleErrors) -> String {
            "  \(title)  mean error \(Format.number(errors.meanError))°, "
                + "\(Format.percentage(errors.shareAbove20)) above 20°, correlation "
                + "\(Format.number(errors.correlation))\n"
        }
        func ofClasses(_ errors: AngleErrors) -> String {
            let means = zip(classes, errors.meanErrorOfClasses).map {
                "\($0) \(Format.number($1))°"
            }
            return means.count > 1 ? "                     \(means.joined(separator: ", "))\n" : ""
        }
        return "Angles of \(Format.count(testSamples, "test sample")):\n"
            + (scores.codes.map { line("codes            ", $0) + ofClasses($0) } ?? "")
            + (scores.codesByContents.map { line("codes by contents", $0) + ofClasses($0) } ?? "")
            + line("contents alone   ", scores.contents)
            + line("one for all      ", scores.constant)
            + line("moments          ", scores.moments)
            + "Contents of turning images change by \(Format.number(scores.contentSpread)) of how "
            + "they differ among images.\n"
            + (scores.classAccuracy.map {
                "Classes are those of the labels in \(Format.percentage($0)) of the samples.\n"
            } ?? "")
            + (scores.clusterAccuracy.map {
                "Clusters of contents are the classes of \(Format.percentage($0)) of the samples.\n"
            } ?? "")
    }
}

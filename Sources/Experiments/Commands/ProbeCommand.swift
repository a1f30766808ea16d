import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// The classifier of the codes.
enum ProbeMethod: String, CaseIterable, Codable {
    case logistic
    case neighbours
    case clusters

    var title: String {
        switch self {
        case .logistic: "Logistic regression"
        case .neighbours: "Nearest neighbours"
        case .clusters: "Clusters"
        }
    }
    var file: String { "probe-\(rawValue).json" }
    var picture: String { "probe-\(rawValue).png" }
}

/// The result of a probe: the output of `--json`, and a file in the run's folder.
struct ProbeResult: Codable {
    var method: ProbeMethod
    /// The number of neighbours, or the penalty on weights, depending on the method.
    var neighbours: Int?
    var penalty: Double?
    /// The number of labelled training samples.
    var labels: Int
    var testSamples: Int
    var accuracy: Double
    var error: Double
    var classNames: [String]
    /// The confusion matrix: a row for each label, with a count for each predicted class.
    var confusion: [[Int]]

    var chart: ConfusionChart { ConfusionChart(counts: confusion, names: classNames) }

    /// The method and the result, in one sentence.
    var sentence: String {
        let detail =
            neighbours.map { " (\($0))" }
            ?? penalty.map { " (penalty \(String(format: "%g", $0)))" } ?? ""
        return "\(method.title)\(detail) on the codes of "
            + "\(Format.count(labels, "labelled training sample")): error "
            + "\(Format.percentage(error)) on \(Format.count(testSamples, "test sample"))."
    }

    /// The confusion matrix as text, with the names of rows and columns.
    var table: String {
        let names = confusion.indices.map {
            classNames.indices.contains($0) ? classNames[$0] : "\($0)"
        }
        let rows = [["label"] + names] + zip(names, confusion).map { [$0] + $1.map { "\($0)" } }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }
                .joined(separator: "  ") + "\n"
        }.joined()
    }
}

enum ProbeCommand: Command {
    static let name = "probe"
    static let summary = "Measures how well the codes of a trained model predict classes"
    static let operands = ["RUN"]
    static let method = CommandOption(
        "method", "NAME",
        "logistic (regression), neighbours (nearest neighbours), or clusters (a mixture of as many "
            + "normal distributions as there are classes, fitted without labels, each of which is then "
            + "a class) on the codes (default: logistic)")
    static let labels = CommandOption(
        "labels", "N", "number of labelled training samples, balanced by class (default: all)")
    static let neighbours = CommandOption("neighbours", "N", "number of neighbours (default: 5)")
    static let penalty = CommandOption(
        "penalty", "X",
        "weight of the regression's L2 penalty, relative to the sum of the losses (default: the "
            + "best of 1, 10, 100 and 1000 on a sixth of the labelled samples, trained on the "
            + "rest)")
    static let options =
        [method, labels, neighbours, penalty, .seed] + TrainedRun.splitOptions + [.json]
    static let details = """
        The model stays unchanged: only the classifier is trained, on the codes of training samples,
        and evaluated on the test samples. Writes probe-METHOD.json and .png, with the confusion
        matrix, to the run's folder, and updates the run's report. If --data names
        another file than the run was trained on, a tenth of its samples (or --test-share) is held
        out for testing.
        """

    static func run(_ arguments: Arguments) throws {
        let method =
            try arguments.value(
                method, expected: ProbeMethod.allCases.map(\.rawValue).joined(separator: " or ")
            ) { ProbeMethod(rawValue: $0) } ?? .logistic
        let options = [(ProbeMethod.logistic, penalty), (.neighbours, neighbours)]
        for (user, option) in options where user != method && arguments.string(option) != nil {
            throw UsageError(
                "--\(option.name): the method \(method.rawValue) does not use it")
        }
        var penalty = try arguments.number(penalty, expected: "a number from 0") { $0 >= 0 }
        let trained = try TrainedRun(arguments, splitsFile: true)
        let encoder = try trained.encoder(for: name)
        let dataset = trained.experiment.dataset
        let classes = try LabelledClasses(of: dataset)
        let test = classes.test
        var generator = RandomGenerator(seed: try arguments.seed() ?? 0)
        let count =
            try arguments.integer(labels, in: classes.sizes) ?? classes.sizes.upperBound
        let training = classes.training.balanced(count, using: &generator)
        let neighbours =
            try arguments.integer(neighbours, in: 1...training.count) ?? min(5, training.count)

        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin("codes of the training samples")
        let codes = try trained.finiteCodes(of: training, by: encoder, monitor: work.monitor)
        work.begin("codes of the test samples")
        let testCodes = try trained.finiteCodes(of: test, by: encoder, monitor: work.monitor)
        let predictions: Tensor
        switch method {
        case .logistic:
            if penalty == nil {
                work.begin("penalty")
                penalty = try LogisticRegression.bestPenalty(
                    // Sound: these samples have labels.
                    samples: codes, labels: training.labels!, classes: classes.count,
                    using: &generator, monitor: work.monitor)
            }
            work.begin(method.title)
            let regression = try LogisticRegression(
                // Sound: as above, and the penalty is set if it was not given.
                of: codes, labels: training.labels!, classes: classes.count, penalty: penalty!,
                monitor: work.monitor)
            predictions = regression.classes(of: testCodes)
        case .neighbours:
            work.begin(method.title)
            let classifier = NearestNeighbourClassifier(
                // Sound: these samples have labels.
                of: codes, labels: training.labels!, neighbours: neighbours)
            predictions = try classifier.classes(of: testCodes, monitor: work.monitor)
        case .clusters:
            work.begin(method.title)
            guard training.count >= classes.count else {
                throw FileError(
                    path: dataset.name,
                    expected: "at least \(classes.count) training samples, one for each cluster",
                    found: "\(training.count)")
            }
            let mixture = NormalMixture(
                of: codes, components: classes.count, using: &generator)
            let told = classesOfClusters(
                mixture.components(of: codes),
                // Sound: these samples have labels.
                classes: training.labels!.elements(as: Int32.self).map { Int($0) })
            predictions = Tensor(mixture.components(of: testCodes).map { Int32(told[$0]) })
        }
        try work.conclude()
        let confusion = ConfusionMatrix(
            // Sound: these samples have labels.
            labels: test.labels!, predictions: predictions, classes: classes.count)
        let result = ProbeResult(
            method: method, neighbours: method == .neighbours ? neighbours : nil,
            penalty: penalty, labels: training.count,
            testSamples: confusion.total, accuracy: confusion.accuracy, error: confusion.error,
            classNames: dataset.classNames, confusion: confusion.counts)
        try conclude(result, in: trained.run, arguments)
    }

    private static func conclude(
        _ result: ProbeResult, in run: TrainingRun, _ arguments: Arguments
    ) throws {
        let (file, picture) = (run.file(result.method.file), run.file(result.method.picture))
        try JSON.write(result, to: file)
        try AtomicFile.write(result.chart.picture(width: 640, height: 680).png, to: picture)
        if try !run.history().isEmpty { try RunReport(of: run).write() }
        if arguments.has(.json) {
            try StandardStreams.write(json: result)
        } else {
            try StandardStreams.write(
                "\(result.sentence)\nAccuracy \(Format.percentage(result.accuracy)).\n\n"
                    + "\(result.table)\n\(picture)\n\(file)\n")
        }
    }
}

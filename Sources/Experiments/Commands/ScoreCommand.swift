import Autograd
import Datasets
import FileSupport
import Foundation
import Models

enum ScoreCommand: Command {
    static let name = "score"
    static let summary = "Computes anomaly scores of samples"
    static let operands = ["RUN", "[FILE]"]
    static let by = CommandOption(
        "by", "NAME",
        "the score: reconstruction (error), mahalanobis or neighbours (distances between codes), or "
            + "likelihood (negative log-likelihood); as baselines without a network, components "
            + "(error of principal components), bulk (distance from most training samples) and "
            + "forest (isolation by random splits); or ensemble, of reconstruction, bulk and forest; "
            + "default: ensemble for tables, likelihood for a model without codes, else reconstruction"
    )
    static let draws = CommandOption(
        "draws", "N", "number of draws to average over if the model is random (default: 20)")
    static let neighbour = CommandOption(
        "neighbour", "N", "rank of the nearest training code to measure to (default: 5)")
    static let quantile = CommandOption(
        "quantile", "X", "flag scores above this quantile of the training scores (default: 0.95)")
    static let normal = CommandOption(
        "normal", "LABEL",
        "label of normal samples (default: that of train --normal, or 0 for tables)")
    static let folder = CommandOption(
        "output", "DIR", "the output folder (default: RUN/scores, or RUN/scores-NAME with --by)")
    static let options =
        [by, draws, neighbour, quantile, normal, .label, .labels, folder, .part]
        + TrainedRun.options + [.json]
    static let details = """
        FILE is the name of a data set or a file, as for train --data; without it the run's own
        test samples are scored. Labels come from --label or --labels, otherwise from the column
        that held the labels in training, if the file has it. Writes scores.csv with the score of
        each sample and, for tables, the contribution of each cell, and a page, scores.html. Rows are
        numbered from 1 as in their file, below its header, also if only a part of it is scored; in
        the bundled digits and in generated shapes within the part. If
        there are labels, it evaluates the detection of anomalies: curves.svg shows the receiver
        operating characteristic and precision against recall, over the labelled samples.
        """

    static func run(_ arguments: Arguments) throws {
        let asked =
            try arguments.value(
                by, expected: ScoreMethod.allCases.map(\.rawValue).joined(separator: ", ")
            ) { ScoreMethod(rawValue: $0) }
        let quantile =
            try arguments.number(quantile, expected: "a number from 0 to 1") { 0...1 ~= $0 } ?? 0.95
        let drawCount = try arguments.integer(draws, in: 1...100_000) ?? 20
        let place = try arguments.integer(neighbour, in: 1...1_000_000)
        let part = try DatasetPart(arguments)

        let trained = try TrainedRun(arguments)
        let method =
            asked ?? ScoreMethod(usualFor: trained.model, ofTable: trained.run.isAboutTable)
        if method.needsCodes { _ = try trained.encoder(for: name) }
        let folder = arguments.string(folder) ?? trained.run.file(RunFile.scores(by: asked))
        var inputs = trained.inputs
        inputs.add(arguments.string(.labels))
        for file in arguments.operands.dropFirst() { inputs.add(file) }
        try inputs.refuse(writing: ScoreReport.files.map { "\(folder)/\($0)" })
        let data = try scoredData(arguments, of: trained)
        let examples = part.examples(of: data.dataset)
        let labels = data.dataset.labelTexts(of: examples)
        let told = try anomalies(labels, of: data, arguments.string(normal), trained.run)
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        releaseUnusedMemory()
        work.begin("training samples")
        let scorer = try AnomalyScorer(
            method, of: trained, draws: drawCount, neighbour: place, monitor: work.monitor)
        releaseUnusedMemory()
        work.begin("scores")
        let scores = try scorer(
            examples, areTraining: arguments.operands.count < 2 && part == .training)
        releaseUnusedMemory()
        work.begin("threshold")
        let threshold = try scorer.threshold(quantile: quantile)
        try work.conclude()
        var ranking: Ranking?
        do {
            ranking = try told.map { try Ranking(scores.values, of: $0) }
        } catch {
            // A single class is only an error if --normal was given.
            if arguments.string(normal) != nil { throw error }
        }
        let isAnomaly = ranking == nil ? nil : told
        let report = ScoreReport(
            run: trained.run, data: data, labels: labels,
            rowNumbers: (0..<examples.count).map { examples.origin(of: $0) + 1 },
            columnNames: trained.data.encoding?.inputs.map(\.name) ?? [],
            method: method, note: scorer.note, scores: scores, threshold: threshold,
            quantile: quantile, isAnomaly: isAnomaly, ranking: ranking,
            command: commandLine(arguments, trained.run))
        try report.write(to: folder)
        if arguments.has(.json) {
            try StandardStreams.write(json: report.summary)
        } else {
            try StandardStreams.write(report.answer(in: folder))
        }
    }

    private static func commandLine(_ arguments: Arguments, _ run: TrainingRun) -> String {
        var words = ["tapestry", name, run.path] + arguments.operands.dropFirst()
        for option in [by, draws, neighbour, quantile, normal, .label, .labels, .part] {
            if let value = arguments.string(option) { words += ["--\(option.name)", value] }
        }
        return words.map(shellWord).joined(separator: " ")
    }
}

extension ScoreCommand {
    /// The data to score: those of the second operand (all samples if it is a file), or else the
    /// run's own.
    private static func scoredData(
        _ arguments: Arguments, of trained: TrainedRun
    ) throws -> RunData {
        let file = try arguments.operands.dropFirst().first.map { name throws(UsageError) in
            try DataSelection(named: name, arguments)
        }
        let asked = try arguments.selection()
        let saysLabels = asked.label != nil || asked.labels != nil
        if saysLabels, file?.isFile != true {
            throw UsageError(
                "--\(CommandOption.label.name) and --\(CommandOption.labels.name): only for a FILE")
        }
        guard var file else { return trained.data }
        if file.isFile { file.testShare = 0 }
        (file.label, file.labels) = (asked.label, asked.labels)
        return try RunData(file, of: trained.run).numbered(for: trained.experiment)
    }

    /// Which samples are anomalies: those with another label than the normal one; nil for
    /// unlabelled samples. Nil if there are no labels, or the normal label is unknown.
    private static func anomalies(
        _ labels: [String?]?, of data: RunData, _ asked: String?, _ run: TrainingRun
    ) throws(FileError) -> [Bool?]? {
        let name = data.dataset.name
        guard let labels else {
            guard let asked else { return nil }
            throw FileError(
                path: name, expected: "labels, as \(asked.quoted) is normal", found: "none")
        }
        let known = Set(labels.compactMap { $0 })
        let usual =
            run.configuration.data.normal ?? (run.isAboutTable && known.contains("0") ? "0" : nil)
        guard let normal = asked ?? usual else { return nil }
        if let asked, !known.contains(asked) {
            throw FileError(
                path: name, expected: "a sample with the label \(asked.quoted)",
                found: "only " + known.sorted().prefix(10).map(\.quoted).joined(separator: ", "))
        }
        return labels.map { label in label.map { $0 != normal } }
    }
}

extension Dataset {
    /// The label texts of examples, nil for an unlabelled one; nil if none is labelled.
    func labelTexts(of examples: Examples) -> [String?]? {
        let texts = examples.labels?.elements(as: Int32.self).map(className)
        return texts?.contains { $0 != nil } == true ? texts : nil
    }
}

extension Ranking {
    /// The ranking of the samples for which it is known whether they are positive.
    fileprivate init(_ scores: [Double], of isPositive: [Bool?]) throws(RankingError) {
        let known = scores.indices.filter { isPositive[$0] != nil }
        try self.init(
            // Sound: these are the indices of values that are not nil.
            scores: known.map { scores[$0] }, isPositive: known.map { isPositive[$0]! })
    }
}

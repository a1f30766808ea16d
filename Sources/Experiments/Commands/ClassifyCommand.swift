import Autograd
import Datasets
import FileSupport
import Models

enum ClassifyCommand: Command {
    static let name = "classify"
    static let summary = "Classifies test samples with a model of each class, by Bayes' rule"
    static let operands = ["RUN"]
    static let draws = CommandOption(
        "draws", "N", "codes drawn for each sample and class (default: 10)")
    static let count = CommandOption("count", "N", "number of test samples (default: 1000)")
    static let against = CommandOption(
        "against", "DATA", "other data of the same shape, to be told apart from the test samples")
    static let options = [draws, count, against] + TrainedRun.options + [.json]
    static let details = """
        Of a model that is told labels: p(y | x) is proportional to p(x | y) p(y), with log p(x | y)
        estimated by importance sampling and p(y) from the training labels. What is of no class is
        unlikely under all of them: the area under the receiver operating characteristic is the
        probability that log p(x), of all classes together, is higher for a test sample than for noise,
        each number of which is drawn evenly from the least to the greatest, or than for a sample of
        --against. Writes classification.svg and .csv to the run's folder: the accuracy by the share of
        test samples that are rejected.
        """

    /// The output of `--json`.
    private struct Result: Encodable {
        let run: String
        let data: String
        let samples: Int
        let draws: Int
        let accuracy: Double
        /// The share of the most frequent class among the test samples.
        let largestClass: Double
        /// The mean log p(x), in nats.
        let logEvidence: Double
        /// How well log p(x) tells the test samples from others.
        let areas: [Area]

        struct Area: Encodable {
            let against: String
            let samples: Int
            let area: Double
        }

        var text: String {
            let classified = """
                Bayes' rule on \(Format.count(samples, "test sample")) of \(data), with \(draws) codes \
                for each class: accuracy \(Format.percentage(accuracy)) (the largest class has \
                \(Format.percentage(largestClass))).
                Mean log p(x) of all classes together: \(Format.number(logEvidence)) nats.

                """
            return classified
                + areas.map {
                    "Area under the receiver operating characteristic against \($0.against): "
                        + "\(Format.number($0.area))\n"
                }.joined()
        }
    }

    static func run(_ arguments: Arguments) throws {
        let draws = try arguments.integer(draws, in: 1...1_000_000) ?? 10
        let asked = try arguments.integer(count, in: 1...Int.max) ?? 1000
        let other = try arguments.string(against).map { name throws(UsageError) in
            try DataSelection(named: name, arguments)
        }
        let trained = try TrainedRun(arguments)
        let files = [RunFile.classification.svg, RunFile.classification.table]
            .map(trained.run.file)
        var inputs = trained.inputs
        if let other { inputs.add(other) }
        try inputs.refuse(writing: files)
        let model = try model(of: trained)
        let dataset = trained.experiment.dataset
        let test = dataset.test[spread(asked, over: dataset.test.count)]
        let others = try self.others(than: test, other, of: trained)
        // Sound: commands give a model that is told labels only samples that have them.
        let (known, labels) = (dataset.training.labels!, test.labels!.elements(as: Int32.self))
        let classes = trained.run.configuration.samples.classes ?? dataset.classNames.count
        let prior = oneHot(known, depth: classes).mean(axes: [0]).cast(to: .float64)

        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        func classified(_ examples: Examples, _ name: String) throws -> GenerativeClassification {
            work.begin(name)
            let result = try GenerativeClassification(
                of: examples, by: model, prior: prior.elements(as: Double.self), draws: draws,
                seed: trained.seed, monitor: work.monitor)
            guard result.logLikelihoods.isNaN.any().scalar == 0 else {
                throw FileError(
                    path: trained.run.path, expected: "likelihoods that are numbers",
                    found: "others for \(name)")
            }
            return result
        }
        let own = try classified(test, "test samples")
        let isRight = zip(own.predictions.elements(as: Int32.self), labels).map { $0 == $1 }
        let evidence = own.logEvidence.elements(as: Double.self)
        let areas = try others.map { name, examples in
            let others = try classified(examples, name).logEvidence.elements(as: Double.self)
            let ranking = try Ranking(
                scores: evidence + others,
                isPositive: evidence.map { _ in true } + others.map { _ in false })
            return Result.Area(
                against: name, samples: examples.count, area: ranking.areaUnderCurve)
        }
        try work.conclude()
        let certainty = own.posterior.max(axes: [1]).elements(as: Double.self)
        let curves = [
            ("least probable class first", RejectionCurve(scores: certainty, isRight: isRight)),
            ("lowest log p(x) first", RejectionCurve(scores: evidence, isRight: isRight)),
        ]
        try AtomicFile.write(
            RejectionCurve.chart(curves).svg(width: 800, height: 480), to: files[0])
        try CSV.write(RejectionCurve.table(curves), to: files[1])
        let sizes = Dictionary(grouping: labels) { $0 }.values.map(\.count)
        let result = Result(
            run: trained.run.path, data: dataset.name, samples: test.count, draws: draws,
            accuracy: Double(isRight.count { $0 }) / Double(test.count),
            largestClass: Double(sizes.max() ?? 0) / Double(test.count),
            logEvidence: evidence.reduce(0, +) / Double(evidence.count), areas: areas)
        if arguments.has(.json) {
            try StandardStreams.write(json: result)
        } else {
            try StandardStreams.write(result.text + files.map { "\($0)\n" }.joined())
        }
    }

    private static func model(
        of trained: TrainedRun
    ) throws -> any EstimatesLikelihood & Conditional {
        guard let model = trained.model as? any EstimatesLikelihood & Conditional,
            trained.run.configuration.samples.number == nil
        else { throw trained.unfit("a likelihood of each class", for: name) }
        try trained.requireFixedDeviation(for: name)
        return model
    }

    /// Samples that are of no class: noise, and those that were asked for.
    private static func others(
        than test: Examples, _ choice: DataSelection?, of trained: TrainedRun
    ) throws -> [(name: String, examples: Examples)] {
        var generator = RandomGenerator(seed: trained.seed)
        var noise = Dataset(
            name: "uniform noise", training: test,
            test: trained.experiment.dataset.training.noise(test.count, using: &generator),
            classNames: [], source: "")
        let own = trained.run.configuration.data
        if let how = own.binarization { noise = try noise.binarized(how) }
        if let how = own.dequantization, test.inputs.dataType == .uint8 {
            noise = try noise.dequantized(how)
        }
        guard var choice else { return [(noise.name, noise.test)] }
        if choice.isFile { choice.testShare = 0 }
        let examples = try RunData(choice, of: trained.run).dataset.test
        return [
            (noise.name, noise.test),
            (choice.name, examples[spread(test.count, over: examples.count)]),
        ]
    }
}

extension Examples {
    /// Samples of independent numbers, each drawn evenly from the least to the greatest that it has.
    fileprivate func noise(_ count: Int, using generator: inout RandomGenerator) -> Examples {
        let drawn = generator.uniform([count] + shape)
        guard inputs.dataType != .uint8 else {
            return Examples((256 * drawn).cast(to: .uint8))
        }
        let (least, greatest) = (inputs.min(axes: [0]), inputs.max(axes: [0]))
        return Examples((least + (greatest - least) * drawn).cast(to: inputs.dataType))
    }
}

import Autograd
import Datasets
import FileSupport
import Models

/// How good new samples are: what `evaluate --quality` asks for.
struct QualityEvaluation {
    static let quality = CommandOption(
        "quality", nil, "compare new samples with the test part, by features of a classifier")
    static let samples = CommandOption(
        "samples", "N",
        "new samples with --quality (default: as many as the test part has, at most 10000)")
    static let options = [quality, samples, PriorChoice.option]
    static let details = """
        With --quality, a small convolutional network first learns to classify the training images.
        By its features, the numbers before its logits, the images of tapestry sample (also with
        --prior) are compared with as many test images: the Fréchet distance, the less the better; the
        kernel discrepancy, 0 for one distribution, and its standard error; the fraction of the samples
        that are like test images (precision), and that of the test images that are like samples
        (recall). Beside it stand the same of training images, the best that can be expected, and of
        reconstructed test images. Samples and reconstructions are the expected ones, without the noise
        of their likelihood, which also counts. A model that is told conditions makes images of those \
        of training images drawn at random. As the network depends on the training images alone,
        models of the same data can be compared.

        Of points whose labels are modes that lie apart, as of --data grid and --data circle, it tells in
        how many modes there are new samples, and the fraction of these that are within three standard
        deviations of the centre of one.
        """

    /// The command, as messages name it.
    private static let name = "evaluate --\(quality.name)"
    private static let leastSamples = 20
    private static let mostSamples = 10_000
    /// Not that of the run, so that all runs on the same data are measured by the same network.
    private static let seed: UInt64 = 0

    private let samples: Int?
    private let prior: PriorChoice

    /// Nil if it is not asked for.
    ///
    /// - Parameter part: what the rest of the evaluation is about.
    init?(_ arguments: Arguments, of part: DatasetPart) throws(UsageError) {
        samples = try arguments.integer(Self.samples, in: Self.leastSamples...Self.mostSamples)
        prior = try PriorChoice(arguments)
        guard arguments.has(Self.quality) else {
            for option in [Self.samples, PriorChoice.option]
            where arguments.string(option) != nil {
                throw UsageError("--\(option.name): only with --\(Self.quality.name)")
            }
            return nil
        }
        guard part == .test else {
            throw UsageError(
                "--\(Self.quality.name): is about the test part, not --\(CommandOption.part.name) "
                    + part.rawValue)
        }
    }

    /// Throws if the model makes no samples, or the data are not fit to compare them with.
    func check(_ trained: TrainedRun) throws {
        let (dataset, name) = (trained.experiment.dataset, Self.name)
        guard ImageShape(dataset.test.shape) != nil else {
            guard !trained.run.isAboutTable else {
                throw FileError(
                    path: dataset.name, expected: "images, as \(name) requires",
                    found: "samples of shape \(dataset.test.shape)")
            }
            _ = try ModeCoverage.Modes(of: dataset, for: name)
            try trained.requireSamples(from: prior, for: name)
            return
        }
        try trained.requireSamples(from: prior, for: name)
        _ = try LabelledClasses(of: dataset)
        for (part, examples) in [("training", dataset.training), ("test", dataset.test)]
        where examples.count < Self.leastSamples {
            throw FileError(
                path: dataset.name,
                expected: "at least \(Self.leastSamples) \(part) samples, as \(name) requires",
                found: "\(examples.count)")
        }
        if dataset.training.inputs.isIdentical(to: dataset.test.inputs) {
            throw FileError(
                path: dataset.name,
                expected: "test samples apart from the training samples, as "
                    + "\(name) requires", found: "the same in both parts")
        }
    }

    /// In which modes of points new samples lie; nil of images.
    func modes(of trained: TrainedRun, _ work: LongWork) throws -> ModesFound? {
        let dataset = trained.experiment.dataset
        guard ImageShape(dataset.test.shape) == nil else { return nil }
        work.begin("new samples")
        let made = try trained.newSamples(
            samples ?? min(dataset.test.count, Self.mostSamples), from: prior, seed: trained.seed,
            for: Self.name, monitor: work.monitor)
        return try ModesFound(
            of: made, prior: prior, beside: dataset.test.scaled(),
            in: ModeCoverage.Modes(of: dataset, for: Self.name))
    }

    /// Trains the classifier, makes the samples and compares; nil of points.
    func measured(of trained: TrainedRun, _ work: LongWork) throws -> SampleQuality? {
        let dataset = trained.experiment.dataset
        guard ImageShape(dataset.test.shape) != nil else { return nil }
        let classes = try LabelledClasses(of: dataset)
        work.begin("classifier")
        let features = try ImageFeatures(
            learnedFrom: classes.training, classes: classes.count, seed: Self.seed,
            monitor: work.monitor)
        let accuracy = try features.accuracy(
            on: classes.test,
            monitor: ProgressMonitor(check: { try work.monitor.checkCancellation() }))

        var generator = RandomGenerator(seed: Self.seed)
        let count = samples ?? min(dataset.test.count, Self.mostSamples)
        let test = dataset.test.drawn(count, using: &generator)
        let training = dataset.training.drawn(count, using: &generator)
        work.begin("new samples")
        let made = try trained.newSamples(
            count, from: prior, seed: trained.seed,
            given: trained.usualConditions(count, seed: trained.seed), for: Self.name,
            monitor: work.monitor)
        var reconstructed: Tensor?
        if let model = trained.model as? any Reconstructs {
            work.begin("reconstructions")
            reconstructed = try model.reconstructions(of: test, monitor: work.monitor)
        }

        work.begin("quality")
        let real = try self.features(of: test.scaled(), by: features, "test sample", trained, work)
        func measures(_ images: Tensor, _ name: String) throws -> SampleQuality.Measures {
            try SampleQuality.Measures(
                of: self.features(of: images, by: features, name, trained, work), for: real,
                seed: Self.seed, monitor: work.monitor)
        }
        return SampleQuality(
            samples: count, testSamples: test.count, prior: prior.name, accuracy: accuracy,
            made: try measures(made, "new sample"),
            training: try measures(training.scaled(), "training sample"),
            reconstructions: try reconstructed.map { try measures($0, "reconstruction") })
    }

    /// The features of images; throws if they are not finite.
    ///
    /// - Parameter name: what the images are.
    private func features(
        of images: Tensor, by features: ImageFeatures, _ name: String, _ trained: TrainedRun,
        _ work: LongWork
    ) throws -> Tensor {
        let found = try inParts(images.shape[0], work.monitor) { features(images[$0]) }
        if let row = images.firstRowNotFinite ?? found.firstRowNotFinite {
            throw FileError(
                path: trained.run.path,
                expected: "images of finite numbers that have features, as \(Self.name) requires",
                found: "\(name) \(row + 1), which has none")
        }
        return found
    }
}

import Autograd
import Datasets

/// Features of images by which sets of them can be compared: what a small convolutional network that
/// has learnt to classify such images computes before its logits.
///
/// ```swift
/// let features = try ImageFeatures(learnedFrom: data.training, classes: 10)
/// let distance = frechetDistance(between: features(samples), and: features(data.test.scaled()))
/// ```
///
/// Convolutions in stages, after each of which sides are halved, until they have eight pixels or
/// fewer; then a dense layer. The same seed gives the same bits, with any number of threads.
public struct ImageFeatures: Sendable {
    /// The number of features of an image.
    public static let count = 64

    /// The network with its logits.
    public let classifier: Classifier<Sequential>

    /// Trained in this many steps, or in this many epochs if those are fewer, but always in
    /// `leastEpochs`.
    private static let (steps, mostEpochs, leastEpochs) = (900, 40, 2)
    private static let batchSize = 128
    /// Of more samples only some are learnt, drawn at random.
    private static let mostSamples = 60_000

    /// Trains the network, which takes about a minute on a processor core for MNIST. Traps unless the
    /// examples are images, each with a label from 0 and below the number of classes.
    ///
    /// - Parameters:
    ///   - examples: at least two; pixels (`uint8`) are scaled to 0 … 1.
    ///   - monitor: receives the fraction of the training that is done; an error that it throws ends
    ///     the work.
    /// - Throws: `TrainingError` if a sample is not finite.
    public init(
        learnedFrom examples: Examples, classes: Int, seed: UInt64 = 0,
        monitor: ProgressMonitor<some Error> = .silent
    ) throws {
        guard let image = ImageShape(examples.shape), let labels = examples.labels,
            examples.count > 1, labels.min().scalar >= 0, labels.max().scalar < Double(classes)
        else {
            programmerError(
                "ImageFeatures",
                "\(classes) classes of examples of shape \(examples.inputs.shape), expected two "
                    + "images or more, each with a label below the number of classes")
        }
        var generator = RandomGenerator(seed: seed)
        let classifier = Classifier(
            Self.network(for: image, using: &generator), count: Self.count, classes: classes,
            using: &generator)
        // As they are, also if they are drawn: what is compared are expected samples.
        let images = Examples(examples.inputs, labels: labels)
        let learned = Selection(
            Array(generator.permutation(images.count).prefix(Self.mostSamples)), of: images)

        let batches = max(1, learned.count / Self.batchSize)
        let epochs = max(Self.leastEpochs, min(Self.mostEpochs, Self.steps / batches))
        var trainer = Trainer(
            classifier, objective: Objective(Classification()),
            optimizer: Adam(for: classifier, learningRate: 2e-3),
            plan: TrainingPlan(
                epochs: epochs, batchSize: Self.batchSize, dropsIncompleteBatch: true, seed: seed,
                schedule: .cosine(steps: epochs * batches)))
        var done = 0.0
        let inner = ProgressMonitor<any Error>(
            report: { event in
                guard case .batch(let progress) = event else { return }
                let epoch = Double(progress.batch) / Double(progress.batches)
                done = (Double(progress.epoch - 1) + epoch) / Double(epochs)
            }, check: { try monitor.advance(to: done) })
        try trainer.train(on: learned, monitor: inner)
        self.classifier = trainer.model
    }

    /// The features of images, `[n, …]` to `[n, 64]`, in evaluation mode.
    public func callAsFunction(_ images: Tensor) -> Tensor {
        classifier.features(images.scaledPixels(as: .float32))
    }

    /// The fraction of labelled images that the network classifies correctly.
    ///
    /// - Parameter monitor: called regularly; an error that it throws ends the work.
    public func accuracy(
        on examples: Examples, monitor: ProgressMonitor<some Error> = .silent
    ) throws -> Double {
        let metrics = try classifier.metrics(
            of: Objective(Classification()),
            on: Examples(examples.inputs, labels: examples.labels), batchSize: 500,
            monitor: monitor)
        guard let error = metrics["classificationError"] else {
            programmerError("ImageFeatures", "there are no labels to compare classes with")
        }
        return 1 - error
    }

    private static func network(
        for image: ImageShape, using generator: inout RandomGenerator
    ) -> Sequential {
        var layers: [any Layer] = [Reshape(image.shape)]
        var (size, channels, stage) = (image.size, image.channels, 0)
        while stage < 2 || max(size.height, size.width) > 8 {
            let outputs = min(16 << stage, 64)
            layers += [
                Convolution2D(
                    channels, outputs, kernel: 3, padding: 1, hasBias: false, using: &generator),
                Pooling2D(.max, 2, padding: paddingToHalve(size)),
                // Images may be of any scale.
                BatchNormalization(outputs),
                Activation(.relu),
            ]
            (size, channels, stage) = (halved(size), outputs, stage + 1)
        }
        layers += [
            Flatten(), Dense(channels * size.height * size.width, count, using: &generator),
            Activation(.relu), Dropout(0.2),
        ]
        return Sequential(layers)
    }
}

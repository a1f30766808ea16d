import Autograd
import Datasets
import FileSupport
import LatentAnalysis
import Models

enum PosesCommand: Command {
    static let name = "poses"
    static let summary = "Measures how well a model tells how things lie from what they are"
    static let operands = ["RUN"]
    static let options = [.seed] + TrainedRun.options + [.json]
    static let details = """
        Of images whose angles are known, such as --data cards-2, or any that were turned by --turn: how
        far the angles in codes are from them, beside one angle for all and the moments of the images;
        how much contents change as images turn; and how well clusters of contents are the classes.
        Angles of each class are read with the offset and sense that fit up to 10,000 training samples
        best; scores are of the test samples. By contents, the offset is that of the 20 training samples
        of the class whose contents are nearest: where a thing can lean, which way is upright is a
        convention, for each shape of its own; contents alone show how much they tell of the angle
        themselves. Writes poses.json to the run's folder.
        """

    private static let trainingCount = 10_000

    static func run(_ arguments: Arguments) throws {
        let seed = try arguments.seed() ?? 0
        let trained = try TrainedRun(arguments)
        guard let model = trained.model as? any HasPoses else {
            throw trained.unfit("poses in its codes", for: name)
        }
        let dataset = trained.experiment.dataset
        var generator = RandomGenerator(seed: seed)
        let training = dataset.training.drawn(trainingCount, using: &generator)
        guard let known = KnownAngles(training), let others = KnownAngles(dataset.test) else {
            throw FileError(
                path: dataset.name,
                expected:
                    "samples whose angles are known, such as --data cards-2, or turned by --turn, as "
                    + "\(name) requires",
                found: "none")
        }
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        func codes(_ examples: Examples) throws -> Tensor {
            try trained.finiteCodes(of: examples, by: model, monitor: work.monitor)
        }
        work.begin("codes")
        let codesToFit = try codes(training)
        let codesToScore = try codes(dataset.test)
        work.begin("codes of turning images")
        let few = dataset.test[Array(0..<min(PoseScores.turned, dataset.test.count))]
        let turning = try (0..<PoseScores.turns).map { turn in
            let angle = 360 * Double(turn) / Double(PoseScores.turns)
            return try codes(
                few.turned(
                    by: Tensor(repeating: angle, shape: [few.count]), as: Factor("turn")))
        }
        work.begin("scores")
        let layout = model.poseLayout
        func degrees(_ angles: Tensor) -> [Double] {
            (angles.cast(to: .float64) * (180 / Double.pi)).elements(as: Double.self)
        }
        func angles(_ codes: Tensor) -> [Double]? { layout.poses(of: codes).angles.map(degrees) }
        let fitted = [training, dataset.test].map {
            degrees(orientationsByMoments(of: $0.inputs.cast(to: .float32)))
        }
        let contents = [codesToFit, codesToScore].map(layout.content)
        func byContents(_ told: [Double], _ test: [Double]) -> AngleErrors {
            AngleErrors(
                told: told, at: contents[0], known, test: test, at: contents[1], others)
        }
        let told = angles(codesToFit).flatMap { told in
            angles(codesToScore).map { (told, $0) }
        }
        let nothing = [known, others].map { $0.degrees.map { _ in 0.0 } }
        let scores = PoseScores(
            codes: told.map { AngleErrors(told: $0, known, test: $1, others) },
            codesByContents: told.map(byContents),
            contents: byContents(nothing[0], nothing[1]),
            constant: AngleErrors(told: nothing[0], known, test: nothing[1], others),
            moments: AngleErrors(told: fitted[0], known, test: fitted[1], others),
            contentSpread: PoseScores.spread(
                of: turning.map(layout.content), among: contents[1]),
            classAccuracy: (model as? any Classifies).map {
                PoseScores.classAccuracy(by: $0, of: dataset.test, others.classes)
            },
            clusterAccuracy: try PoseScores.clusterAccuracy(
                of: contents[1], classes: others.classes, fittedTo: contents[0], using: &generator,
                monitor: work.monitor))
        try work.conclude()
        let result = PoseResult(
            run: trained.run.path, trainingSamples: training.count,
            testSamples: dataset.test.count, classes: dataset.classNames, scores: scores)
        try JSON.write(result, to: trained.run.file(RunFile.poses))
        if arguments.has(.json) {
            try StandardStreams.write(json: result)
        } else {
            try StandardStreams.write(result.text)
        }
    }
}

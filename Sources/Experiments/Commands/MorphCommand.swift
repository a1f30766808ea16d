import Autograd
import Datasets
import FileSupport
import Models

enum MorphCommand: Command {
    static let name = "morph"
    static let summary = "Turns one sample into another, as an animated picture"
    static let operands = ["RUN", "A", "B"]
    static let frames = CommandOption("frames", "N", "pictures from A to B (default: 30)")
    static let options: [CommandOption] = [frames, .spherical, .outputFile] + TrainedRun.options
    static let details = """
        A and B are numbers of test samples, from 1, or PNG or JPEG files, which are cut to their middle
        and resized if need be. What their codes decode to, and codes in equal steps between them, is
        written as an animated PNG, which browsers show as it moves: a second and a half from A to B, with a
        rest at both.
        """

    private static let (duration, rest) = (1.5, 0.7)

    static func run(_ arguments: Arguments) throws {
        let given = try arguments.outputPath(.outputFile, endingIn: [".png"])
        let count = try arguments.integer(frames, in: 2...1000) ?? 30
        let names = try ["A", "B"].enumerated().map { index, name throws(UsageError) in
            (name, try arguments.operand(index + 1, name))
        }
        let trained = try TrainedRun(arguments)
        try trained.requireDrawn()
        let model = try trained.autoencoder(for: name)
        let path = given ?? trained.run.file(RunFile.morph)
        var inputs = trained.inputs
        for (_, text) in names { inputs.add(text) }
        try inputs.refuse(writing: path)
        let ends = try names.map { model.codes(of: try trained.sample($0.1, $0.0)) }
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin(name)
        let way = CodePaths(of: model)
            .between(ends[0], ends[1], steps: count, spherical: arguments.has(.spherical))
        let samples = try model.samples(of: way[0], monitor: work.monitor)
        let tiles = SampleTiles(trained.experiment.dataset.test, margin: 0, side: 256)
        let bytes = AnimatedPNG(
            (0..<count).map { index in
                let isEnd = index == 0 || index == count - 1
                return AnimatedPNG.Frame(
                    tiles.picture(of: samples[index..<index + 1], columns: 1).image,
                    duration: isEnd ? rest : duration / Double(count))
            }
        ).encode()
        try work.conclude()
        try AtomicFile.write(bytes, to: path)
        try StandardStreams.write("\(path)\n")
    }
}

import Datasets
import FileSupport
import Models

enum PlanesCommand: Command {
    static let name = "planes"
    static let summary =
        "Draws where two-dimensional codes of several runs lie, and what is between"
    static let operands = ["RUN"]
    static let repeatsLastOperand = true
    static let count = CommandOption("count", "N", "samples per row and per column (default: 20)")
    static let by = CommandOption(
        "by", "NAME,NAME,…",
        "factors that samples were made of, by which codes are coloured as well")
    static let file = CommandOption(
        "output", "PATH", "the output file (default: planes.png in the current folder)")
    static let options: [CommandOption] = [count, by, file, .threads, .quiet]
    static let details = """
        A column for each run: above, the codes of its test samples by label, and by each factor of --by
        where these are known, as of --data cards-3; below, what the part of the plane in which they lie
        decodes to, in equal steps. A plain autoencoder leaves gaps between its codes, which decode to
        what is no sample; a variational one hardly does. Of a model of poses the plane is that of what
        codes say besides them, decoded upright.
        """

    /// Of a plane in pixels.
    private static let width = 480

    static func run(_ arguments: Arguments) throws {
        try arguments.applyThreads()
        let path = try arguments.outputPath(file, endingIn: [".png"]) ?? "planes.png"
        let side = try arguments.integer(count, in: 1...100) ?? 20
        let factors = arguments.string(by)?.split(separator: ",").map(String.init) ?? []
        _ = try arguments.operand(0, "RUN")
        let runs = try arguments.operands.map { try TrainingRun.named($0) }
        var inputs = ProtectedFiles()
        for run in runs { inputs.add(run) }
        try inputs.refuse(writing: path)
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        var columns: [[Picture]] = []
        for run in runs {
            let trained = try TrainedRun(run)
            try trained.requireDrawn()
            let model = try trained.planar(for: name)
            work.begin(run.path)
            let plane = try Pictures(of: model, on: trained.experiment.dataset)
                .plane(
                    by: model, side: side, factors: factors, width: width, monitor: work.monitor)
            columns.append(plane.maps + [plane.decoded])
        }
        let picture = Picture(
            joining: (0..<factors.count + 2).flatMap { row in columns.map { $0[row] } },
            columns: runs.count, margin: 8,
            background: Color(white: 255))
        try work.conclude()
        try AtomicFile.write(picture.png, to: path)
        try StandardStreams.write("\(path)\n")
    }
}

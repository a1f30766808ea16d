import Autograd
import Datasets
import FileSupport
import Models

enum CodesCommand: Command {
    static let name = "codes"
    static let summary = "Writes the symbols of samples to a file, or decodes such a file"
    static let operands = ["RUN"]
    static let decode = CommandOption(
        "decode", "FILE", "symbols to decode, a .npy file as this command writes it")
    static let output = CommandOption(
        "output", "PATH",
        "the output file: for symbols .npy; for what they are decoded to a picture (.png), an array "
            + "(.npy) or a table (.csv, .tsv) (default: symbols.npy or decoded.png in the run's folder)"
    )
    static let options = [decode, output, .part] + TrainedRun.options
    static let details = """
        Symbols are the positions of codes in the codebook of the model, whole numbers from 0: an
        array [samples, height, width] of int32. If --data names another file than the run was
        trained on, those of all its samples are written.
        """

    static func run(_ arguments: Arguments) throws {
        let part = try DatasetPart(arguments)
        let source = arguments.string(decode)
        if source != nil, arguments.string(.part) != nil {
            throw UsageError("--\(decode.name) and --part: give only one of them")
        }
        let given = try arguments.outputPath(
            output, endingIn: source == nil ? [".npy"] : SampleFile.endings)
        let trained = try TrainedRun(arguments)
        guard let model = trained.model as? any HasCodebook else {
            throw trained.unfit("a codebook", for: name)
        }
        let usual = source == nil ? RunFile.codeIndices : RunFile.decoded
        let path = given ?? trained.run.file(usual)
        var inputs = trained.inputs
        inputs.add(source)
        try inputs.refuse(writing: path)
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin("symbols")
        if let source {
            try decode(source, by: model, of: trained, to: path, work)
        } else {
            let examples = part.examples(of: trained.experiment.dataset)
            let indices = try model.indices(of: examples, monitor: work.monitor)
            try work.conclude()
            try NPY.write(indices, to: path)
        }
        try StandardStreams.write("\(path)\n")
    }

    private static func decode(
        _ source: String, by model: any HasCodebook, of trained: TrainedRun, to path: String,
        _ work: LongWork
    ) throws {
        let dataset = trained.experiment.dataset
        let file = try SampleFile(path, for: trained)
        let grid = model.indices(of: dataset.test.batch(0..<1, as: model.dataType)).shape
        let indices = try indices(
            in: source, grid: Array(grid.dropFirst()), codes: model.codebook.shape[0])
        guard !file.isPicture || indices.shape[0] <= 10_000 else {
            throw FileError(
                path: source, expected: "symbols of at most 10000 samples to draw",
                found: "\(indices.shape[0]): --output can name a .npy file for them")
        }
        let samples = try model.samples(ofIndices: indices, monitor: work.monitor)
        let png =
            file.isPicture
            ? SampleTiles(dataset.test).picture(of: samples, columns: 10).png : nil
        try work.conclude()
        if let png {
            try AtomicFile.write(png, to: path)
        } else {
            try file.write(MadeSamples(samples))
        }
    }

    /// Throws unless the file has grids of this shape, of symbols below the number of codes.
    private static func indices(
        in path: String, grid: [Int], codes: Int
    ) throws(FileError) -> Tensor {
        let read = try NPY.read(path)
        guard [.int32, .uint8].contains(read.dataType) else {
            throw FileError(
                path: path, expected: "symbols, which are whole numbers",
                found: "an array of \(read.dataType)")
        }
        guard read.rank == grid.count + 1, Array(read.shape.dropFirst()) == grid,
            read.shape[0] > 0
        else {
            let expected = (["samples"] + grid.map(String.init)).joined(separator: ", ")
            throw FileError(
                path: path, expected: "symbols [\(expected)]",
                found: "an array of shape \(read.shape)")
        }
        let indices = read.cast(to: .int32)
        let numbers = indices.elements(as: Int32.self)
        if let wrong = numbers.firstIndex(where: { !(0..<codes ~= Int($0)) }) {
            throw FileError(
                path: path, expected: "symbols from 0 to \(codes - 1)",
                found: "\(numbers[wrong]) in \(place(of: wrong, in: grid))")
        }
        return indices
    }

    /// The sample and the place in its grid, from 1.
    private static func place(of element: Int, in grid: [Int]) -> String {
        let size = grid.reduce(1, *)
        let (sample, place) = (element / size + 1, element % size)
        guard grid.count == 2 else { return "sample \(sample), place \(place + 1)" }
        return "sample \(sample), row \(place / grid[1] + 1), column \(place % grid[1] + 1)"
    }
}

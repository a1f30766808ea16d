import Autograd
import Datasets
import Models

enum EmbedCommand: Command {
    static let name = "embed"
    static let summary = "Writes the codes of samples to a file"
    static let operands = ["RUN"]
    static let options = [.outputFile, .part] + TrainedRun.options
    static let details = """
        The output file is .npy, an array [samples, components], or .csv, a table with the factors
        of the samples, if they are known, behind the codes, and the labels, if any, in its last
        column. Default: codes.npy in the run's folder. If --data names another file than the run
        was trained on, the codes of all its samples are written.
        """

    static func run(_ arguments: Arguments) throws {
        let part = try DatasetPart(arguments)
        let given = try arguments.outputPath(.outputFile, endingIn: [".npy", ".csv"])
        let isTable = given?.hasEnding(".csv") ?? false
        let trained = try TrainedRun(arguments)
        let encoder = try trained.encoder(for: name)
        let path = given ?? trained.run.file(RunFile.codes)
        try trained.inputs.refuse(writing: path)
        let examples = part.examples(of: trained.experiment.dataset)
        let work = LongWork(quiet: arguments.has(.quiet))
        defer { work.end() }
        work.begin("codes")
        let codes = try encoder.codes(of: examples, monitor: work.monitor)
        let labels = examples.labels?.elements(as: Int32.self)
            .map(trained.experiment.dataset.className)
        let table = isTable ? table(codes.flattened(), examples.factors, labels) : nil
        try work.conclude()
        if let table {
            try CSV.write(table, to: path)
        } else {
            try NPY.write(codes, to: path)
        }
        try StandardStreams.write("\(path)\n")
    }

    private static func table(_ codes: Tensor, _ factors: Factors?, _ labels: [String?]?)
        -> CSV.Table
    {
        let columns = concatenated(
            [codes.cast(to: .float32)] + (factors.map { [$0.values] } ?? []), axis: 1)
        let size = columns.shape[1]
        let numbers = columns.elements(as: Float.self)
        let names =
            (0..<codes.shape[1]).map { "code\($0 + 1)" } + (factors?.all.map(\.name) ?? [])
        var table = CSV.Table(header: names + (labels == nil ? [] : ["label"]), rows: [])
        for row in 0..<codes.shape[0] {
            var cells = numbers[row * size..<(row + 1) * size].map(\.description)
            if let labels { cells.append(labels[row] ?? "") }
            table.append(cells)
        }
        return table
    }
}

import FileSupport

/// An option of the command line: `--name VALUE`, or `--name` alone for a flag.
struct CommandOption: Hashable, Sendable {
    let name: String
    /// What stands for the value in the help; nil for a flag.
    let placeholder: String?
    let help: String

    init(_ name: String, _ placeholder: String? = nil, _ help: String) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
    }

    static let data = CommandOption(
        "data", "NAME", "the data set, by name or as a path to a file; see tapestry list")
    static let dataDirectory = CommandOption(
        "data-directory", "DIR",
        "where data sets that are not bundled lie (default: TAPESTRY_DATA)")
    static let schema = CommandOption(
        "schema", "PATH", "what the columns of a table are, see tapestry schema (default: inferred)"
    )
    static let label = CommandOption(
        "label", "COLUMN", "the column of labels of a file .csv or .tsv, never an input")
    static let labels = CommandOption(
        "labels", "PATH",
        "a file with a label for each sample of another: whole numbers .npy or IDX, or one column "
            + ".csv")
    static let testShare = CommandOption(
        "test-share", "X",
        "part of a file's samples to test on, chosen by the seed; 0: all are "
            + "trained and tested on (default: a tenth)")
    static let normal = CommandOption(
        "normal", "LABEL", "train on the samples with this label alone")
    static let hiddenShare = CommandOption(
        "hide", "X", "part of a table's cells to hide before all else, for tapestry impute")
    static let batchSize = CommandOption("batch-size", "N", "samples a step")
    static let learningRate = CommandOption("learning-rate", "X", "step size of the optimiser")
    static let seed = CommandOption("seed", "N", "of everything random (default: 0)")
    static let threads = CommandOption(
        "threads", "N",
        "threads to use (default: one for each processor); results do not depend "
            + "on it")
    static let output = CommandOption(
        "output", "DIR", "the run's folder (default: runs/RECIPE-1, -2, …)")
    static let outputFile = CommandOption(
        "output", "PATH", "where to write (default: in the run's folder)")
    static let resume = CommandOption("resume", nil, "go on with the interrupted run in --output")
    static let parameters = CommandOption(
        "parameters", "PATH",
        "a file .safetensors, such as a checkpoint, whose parameters to begin with")
    static let partial = CommandOption(
        "partial", nil,
        "take those of --parameters that the model has too, and name the others")
    static let quiet = CommandOption(
        "quiet", nil, "no progress on standard error, only what goes wrong")
    static let json = CommandOption(
        "json", nil, "one JSON object with every metric on standard output, nothing else there")
    static let part = CommandOption(
        "part", "NAME", "which samples: training or test (default: test)")
    static let help = CommandOption("help", nil, "show this help")
}

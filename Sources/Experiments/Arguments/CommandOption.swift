import FileSupport

/// An option of the command line: `--name VALUE`, or `--name` alone for a flag.
struct CommandOption: Hashable, Sendable {
    let name: String
    /// The placeholder of the value in the help; nil for a flag.
    let placeholder: String?
    let help: String

    init(_ name: String, _ placeholder: String? = nil, _ help: String) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
    }

    static let data = CommandOption(
        "data", "NAME",
        "the data set: a name, or the path of a file or of a folder of images; see tapestry list")
    static let dataDirectory = CommandOption(
        "data-directory", "DIR",
        "the directory of data sets that are not bundled (default: TAPESTRY_DATA)")
    static let schema = CommandOption(
        "schema", "PATH", "the kinds of a table's columns, see tapestry schema (default: inferred)"
    )
    static let label = CommandOption(
        "label", "COLUMN", "the label column of a .csv or .tsv file; never an input")
    static let labels = CommandOption(
        "labels", "PATH",
        "a file with a label for each sample of the data file: whole numbers in .npy or IDX, or a "
            + ".csv with one column")
    static let masks = CommandOption(
        "masks", "PATH",
        "masks of images, bright where they show what the recipe face-vae learns: a folder of PNG files named as the "
            + "images, or a .npy or IDX file [n, height, width]")
    static let condition = CommandOption(
        "condition", "COLUMN",
        "the column of a .csv or .tsv file that a conditional model is told, instead of labels; "
            + "never an input; or the factor that images are made, or turned, by")
    static let testShare = CommandOption(
        "test-share", "X",
        "fraction of a file's samples to use for testing, chosen by the seed; 0: all samples are "
            + "used for training and testing (default: 0.1)")
    static let normal = CommandOption(
        "normal", "LABEL", "train only on the samples with this label")
    static let labelsKept = CommandOption(
        "labels-kept", "N",
        "number of training samples that keep their labels, balanced by class and drawn with the "
            + "seed, or the numbers that --condition names; the others learn as if they had none "
            + "(default: all)")
    static let turning = CommandOption(
        "turn", "HOW",
        "turn each image by an angle drawn with the seed, and know it as its factor: uniform:60 for "
            + "up to 60 degrees either way, normal:45 for a standard deviation of 45")
    static let binarization = CommandOption(
        "binarize", "HOW",
        "grey values as black and white: dynamic draws them anew for each batch, static once, "
            + "threshold takes white from one half on")
    static let dequantization = CommandOption(
        "dequantize", "HOW",
        "8-bit values as numbers for a density: uniform puts noise between them, anew for each batch"
    )
    static let hiddenShare = CommandOption(
        "hide", "X", "fraction of a table's cells to hide first, to evaluate tapestry impute")
    static let imageSize = CommandOption(
        "image-size", "N",
        "height and width of the samples from a folder of images, or HEIGHTxWIDTH (default: their "
            + "own if all have the same of at most 128, else 64)")
    static let imageChannels = CommandOption(
        "image-channels", "N",
        "1 for grey samples from a folder of images, 3 for colour (default: 1 if all are grey)")
    static let damagedImages = CommandOption(
        "damaged-images", "WHAT",
        "refuse a folder for an image that cannot be read, or skip it (default: refuse)")
    /// The options that only folders of images have.
    static let ofImageFolders = [imageSize, imageChannels, damagedImages]
    static let batchSize = CommandOption("batch-size", "N", "samples per step")
    static let learningRate = CommandOption("learning-rate", "X", "learning rate of the optimiser")
    static let seed = CommandOption("seed", "N", "seed of all random numbers (default: 0)")
    static let threads = CommandOption(
        "threads", "N",
        "number of threads (default: one per processor); results do not depend on it")
    static let output = CommandOption(
        "output", "DIR", "the run's folder (default: runs/RECIPE-1, -2, …)")
    static let outputFile = CommandOption(
        "output", "PATH", "the output file (default: in the run's folder)")
    static let keepEvery = CommandOption(
        "keep-every", "N",
        "keep the model before the first epoch and after every N, in the run's folder; see tapestry film"
    )
    static let resume = CommandOption("resume", nil, "resume the run in --output")
    static let parameters = CommandOption(
        "parameters", "PATH",
        "a .safetensors file, such as a checkpoint, with the initial parameters")
    static let partial = CommandOption(
        "partial", nil,
        "load the parameters whose names the model has, too, and list the others")
    static let quiet = CommandOption(
        "quiet", nil, "do not report progress on standard error, only errors and warnings")
    static let json = CommandOption(
        "json", nil, "write one JSON object with all metrics to standard output, and nothing else")
    static let part = CommandOption(
        "part", "NAME", "the samples to use: training or test (default: test)")
    static let spherical = CommandOption(
        "spherical", nil,
        "along arcs, on which codes keep their length, instead of straight lines between codes")
    static let imageFile = CommandOption(
        "image", "FILE",
        "a PNG or JPEG image instead of a test sample, cut to its middle and resized if need be")
    static let attributesFile = CommandOption(
        "attributes", "FILE",
        "a .csv or .tsv file with a row for each sample of the data, in their order, and named columns "
            + "of what is known of them")
    static let help = CommandOption("help", nil, "show this help")
}

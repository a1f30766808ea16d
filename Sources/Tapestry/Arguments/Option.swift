/// An option of the command line: `--name VALUE`, or `--name` alone for a flag.
struct Option: Hashable, Sendable {
    let name: String
    /// What stands for the value in the help; nil for a flag.
    let placeholder: String?
    let help: String

    init(_ name: String, _ placeholder: String? = nil, _ help: String) {
        self.name = name
        self.placeholder = placeholder
        self.help = help
    }

    static let data = Option(
        "data", "NAME", "the data set, by name or as a path to a file; see tapestry list")
    static let dataDirectory = Option(
        "data-directory", "DIR",
        "where data sets that are not bundled lie (default: TAPESTRY_DATA)")
    static let schema = Option(
        "schema", "PATH", "what the columns of a table are, see tapestry schema (default: inferred)"
    )
    static let label = Option(
        "label", "COLUMN", "the column of labels of a file .csv or .tsv, never an input")
    static let labels = Option(
        "labels", "PATH",
        "a file with a label for each sample of another: whole numbers .npy or IDX, or one column "
            + ".csv")
    static let testShare = Option(
        "test-share", "X",
        "part of a file's samples to test on, chosen by the seed; 0: all are "
            + "trained and tested on (default: a tenth)")
    static let normal = Option("normal", "LABEL", "train on the samples with this label alone")
    static let hiddenShare = Option(
        "hide", "X", "part of a table's cells to hide before all else, for tapestry impute")
    static let epochs = Option("epochs", "N", "passes over the training data")
    static let batchSize = Option("batch-size", "N", "samples a step")
    static let learningRate = Option("learning-rate", "X", "step size of the optimiser")
    static let schedule = Option(
        "schedule", "NAME", "of the learning rate: constant, or cosine, which falls to zero")
    static let latentSize = Option("latent-size", "N", "numbers in a code")
    static let hiddenSizes = Option(
        "hidden-sizes", "N,N,…", "sizes of the layers between sample and code, or none")
    static let beta = Option("beta", "X", "weight of the Kullback-Leibler divergence")
    static let penalty = Option(
        "penalty", "X", "weight of what a recipe penalises besides the reconstruction")
    static let activeComponents = Option(
        "active-components", "N", "numbers of a code that are not zero")
    static let evaluatedComponents = Option(
        "evaluated-components", "N",
        "numbers of a code that are not zero once training is over (default: as in training)")
    static let corruption = Option(
        "corruption", "KIND:X",
        "what a denoising recipe undoes: gaussian:0.4, masking:0.25, salt-and-pepper:0.1")
    static let regularizer = Option(
        "regularizer", "NAME",
        "what keeps a large code from being a copy: none, noise, sparsity or contraction")
    static let optimizer = Option("optimizer", "NAME", "adam, or sgd for plain gradient descent")
    static let weightDecay = Option(
        "weight-decay", "X", "by which parameters shrink in a step, times the learning rate")
    static let projections = Option(
        "projections", "N", "random projections that estimate a Jacobian's norm; 0: exact")
    static let initialization = Option(
        "initialization", "NAME",
        "how weights start: wide for the layers at hand, or small, with a deviation of 0.01")
    static let pretraining = Option(
        "pretraining", "NAME",
        "what layers are trained as one by one before the whole: none, autoencoders or boltzmann")
    static let pretrainingEpochs = Option(
        "pretraining-epochs", "N", "passes over the training data for each layer alone")
    static let gibbsSteps = Option(
        "gibbs-steps", "N", "steps of a Markov chain for one of training")
    static let chains = Option(
        "chains", "NAME", "where Markov chains start: data, or persistent, where they ended")
    static let visibleUnits = Option(
        "visible-units", "NAME",
        "of a Boltzmann machine: bernoulli for samples in 0 … 1, or gaussian for any numbers")
    static let factor = Option("factor", "N", "how many times larger pictures become: 2, 3 or 4")
    static let dropout = Option("dropout", "X", "part of the units that is dropped in training")
    static let rounds = Option(
        "rounds", "N", "how often a row with missing cells is filled and reconstructed")
    static let seed = Option("seed", "N", "of everything random (default: 0)")
    static let threads = Option(
        "threads", "N",
        "threads to use (default: one for each processor); results do not depend "
            + "on it")
    static let output = Option("output", "DIR", "the run's folder (default: runs/RECIPE-1, -2, …)")
    static let outputFile = Option(
        "output", "PATH", "where to write (default: in the run's folder)")
    static let resume = Option("resume", nil, "go on with the interrupted run in --output")
    static let quiet = Option("quiet", nil, "no progress on standard error, only what goes wrong")
    static let json = Option(
        "json", nil, "one JSON object with every metric on standard output, nothing else there")
    static let part = Option("part", "NAME", "which samples: training or test (default: test)")
    static let help = Option("help", nil, "show this help")
}

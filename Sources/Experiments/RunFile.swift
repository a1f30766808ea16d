/// The names of the files in a run's folder, except for those that `TrainingRun` writes.
enum RunFile {
    /// A chart as PNG and SVG, and its data as a table, for the report.
    struct Figure {
        let name: String
        var png: String { name + ".png" }
        var svg: String { name + ".svg" }
        var table: String { name + ".csv" }

        /// The figure of a part of the data: for training samples the name has a suffix.
        func of(_ part: DatasetPart) -> Figure {
            part == .test ? self : Figure(name: "\(name)-\(part.rawValue)")
        }
    }

    /// Written by `TrainingRun` when it is created.
    static let configuration = "config.json"
    static let reconstructions = "reconstructions.png"
    static let samples = "samples.png"
    static let decoded = "decoded.png"
    /// Codes of test samples decoded under other conditions.
    static let transfer = "transfer.png"
    /// The folder of a run that learns the symbols of this one.
    static let prior = "prior"
    static let completions = "completions.png"
    /// The accuracy of Bayes' rule by the share of samples that are rejected.
    static let classification = Figure(name: "classification")
    static let interpolation = "interpolation.png"
    /// An animated picture from one sample to another.
    static let morph = "morph.png"
    /// An animated picture of codes as training goes on.
    static let film = "film.png"
    /// Samples with attributes, with a table of these under the same name.
    static let edit = "edit.png"
    /// What lies near a sample, with a table of the changes under the same name.
    static let surroundings = "surroundings.png"
    static let manifold = "manifold.png"
    /// What the page needs to decode codes by itself.
    static let explorer = "explorer.json"
    /// With a table of its rows under the same name.
    static let traversals = "traversals.png"
    static let latent = Figure(name: "latent")
    /// The samples along two principal components, for comparison with two-dimensional codes.
    static let principal = Figure(name: "principal")
    static let neighbours = Figure(name: "tsne")
    static let filters = "filters.png"
    /// The activation rate of each component of the code.
    static let rates = "rates.csv"
    /// The divergence of each component of the code from its prior.
    static let units = "units.csv"
    /// How often each code of a codebook is used.
    static let codeUse = "code-use.csv"
    /// Test samples with their grids of symbols.
    static let symbols = "symbols.png"
    static let codeIndices = "symbols.npy"
    /// How far each component of the code means one thing.
    static let disentanglement = "disentanglement.json"
    static let poses = "poses.json"
    /// The encoding of table rows as samples.
    static let encoding = "encoding.json"
    static let imputed = "imputed.csv"
    /// The folder of anomaly scores, by the usual method or by one that was asked for.
    static func scores(by method: ScoreMethod?) -> String {
        method.map { "scores-\($0.rawValue)" } ?? "scores"
    }
    static let codes = "codes.npy"
    static let loss = "loss.svg"
    static let summary = "summary.json"
    static let report = "report.html"

    /// The folder of the model for anomaly scores, if there is one.
    static let judge = "judge"

    /// The folder of a pretrained layer, counted from 1.
    static func layer(_ number: Int) -> String { "layer-\(number)" }

    /// The name of a table in place of that of a picture.
    static func table(insteadOf picture: String) -> String { "\(picture.dropLast(4)).csv" }

    /// The report on an image or a table, in the same folder under the same name.
    static func page(beside path: String) -> String {
        let isKnown = [".png", ".npy", ".csv", ".tsv"].contains { path.hasEnding($0) }
        return (isKnown ? String(path.dropLast(4)) : path) + ".html"
    }
}

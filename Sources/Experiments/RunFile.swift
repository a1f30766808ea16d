/// The names of the files in a run's folder that the command writes, beside those of `TrainingRun`.
enum RunFile {
    /// A picture in dots and in lines, and the numbers that it shows, for the report.
    struct Figure {
        let name: String
        var png: String { name + ".png" }
        var svg: String { name + ".svg" }
        var table: String { name + ".csv" }

        /// The same of another part of the data than the test samples.
        func of(_ part: DatasetPart) -> Figure {
            part == .test ? self : Figure(name: "\(name)-\(part.rawValue)")
        }
    }

    /// What `TrainingRun` itself writes when it begins.
    static let configuration = "config.json"
    static let reconstructions = "reconstructions.png"
    static let samples = "samples.png"
    static let interpolation = "interpolation.png"
    static let manifold = "manifold.png"
    static let latent = Figure(name: "latent")
    /// What the two principal components make of the samples, beside codes of two numbers.
    static let principal = Figure(name: "principal")
    static let neighbours = Figure(name: "tsne")
    static let filters = "filters.png"
    /// How often each component of a code is on.
    static let rates = "rates.csv"
    /// How the rows of a table become samples.
    static let encoding = "encoding.json"
    static let imputed = "imputed.csv"
    /// The folder of what anomaly scores come to, each method's its own.
    static func scores(by method: ScoreMethod) -> String {
        method == .reconstruction ? "scores" : "scores-\(method.rawValue)"
    }
    static let codes = "codes.npy"
    static let loss = "loss.svg"
    static let summary = "summary.json"
    static let report = "report.html"

    /// The folder of a layer that is trained alone, from 1.
    static func layer(_ number: Int) -> String { "layer-\(number)" }

    /// The page about a picture or a table, which lies beside it under the same name.
    static func page(beside path: String) -> String {
        let isKnown = [".png", ".csv", ".tsv"].contains { path.hasSuffix($0) }
        return (isKnown ? String(path.dropLast(4)) : path) + ".html"
    }
}

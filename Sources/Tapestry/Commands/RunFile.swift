/// The names of the files in a run's folder that the command writes, beside those of `Run`.
enum RunFile {
    static let reconstructions = "reconstructions.png"
    static let samples = "samples.png"
    static let interpolation = "interpolation.png"
    static let manifold = "manifold.png"
    static let latent = "latent.png"
    /// The points of the latent picture, for the report.
    static let latentTable = "latent.csv"
    static let filters = "filters.png"
    /// How often each component of a code is on.
    static let rates = "rates.csv"
    static let codes = "codes.npy"
    static let loss = "loss.svg"
    static let summary = "summary.json"
    static let report = "report.html"
}

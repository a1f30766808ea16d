/// The titles of metrics and the order in which they are shown.
enum Metrics {
    private static let titles = [
        ("loss", "Loss"),
        ("reconstruction", "Reconstruction"),
        ("negativeLogLikelihood", "Negative log-likelihood"),
        ("crossEntropy", "Cross-entropy"),
        ("importanceWeightedBound", "Importance-weighted bound, negative"),
        ("codebookLoss", "Codebook loss"),
        ("commitmentLoss", "Commitment loss"),
        ("kullbackLeibler", "Kullback–Leibler divergence"),
        ("squaredError", "Squared error"),
        ("cleanSquaredError", "Squared error of clean samples"),
        ("elbo", "Evidence lower bound"),
        ("activeUnits", "Active units"),
        ("perplexity", "Perplexity of the codes"),
        ("codesUsed", "Share of codes used"),
        ("psnr", "Peak signal-to-noise ratio (dB)"),
        ("psnrBefore", "Peak signal-to-noise ratio before (dB)"),
        ("ssim", "Structural similarity"),
        ("ssimBefore", "Structural similarity before"),
    ]

    /// The title of a metric, such as "Kullback–Leibler divergence" for `kullbackLeibler`.
    static func title(_ name: String) -> String {
        if let known = titles.first(where: { $0.0 == name }) { return known.1 }
        let words = name.map { $0.isUppercase ? " \($0.lowercased())" : "\($0)" }.joined()
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// The names in order: the loss, its terms, other metrics.
    static func ordered(_ names: some Sequence<String>) -> [String] {
        let known = titles.map(\.0)
        // Unknown names are terms, and are placed next to the known ones.
        // Sound: it is one of the titles.
        let terms = known.firstIndex(of: "kullbackLeibler")!
        func rank(_ name: String) -> Int { known.firstIndex(of: name) ?? terms }
        return Set(names).sorted { (rank($0), $0) < (rank($1), $1) }
    }

    /// Titles and values, one line for each metric.
    static func lines(_ values: [String: Double]) -> String {
        // Sound: the names are the keys of the values.
        columns(ordered(values.keys).map { (title($0), Format.number(values[$0]!)) })
    }

    /// The terms of an epoch's progress line, without duplicates: a loss of one term is equal to
    /// it, and a bound may be equal to the negative loss.
    static func terms(_ values: [String: Double]) -> [ProgressTerm] {
        ordered(values.keys).compactMap { name in
            // Sound: the names are the keys of the values.
            let value = values[name]!
            // Equal up to the rounding of single precision.
            let isRepeated =
                name != "loss"
                && values["loss"].map { abs(abs($0) - abs(value)) <= 1e-5 * abs($0) } == true
            return isRepeated ? nil : ProgressTerm(name: name, value: value)
        }
    }
}

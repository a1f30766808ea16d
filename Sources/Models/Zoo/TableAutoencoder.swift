import Autograd

/// The denoising autoencoder of tables with mixed columns (Vincent et al., 2008; for missing
/// values Gondara and Wang, "MIDA: Multiple Imputation using Denoising Autoencoders",
/// arXiv:1705.02737; a likelihood for each column as in Nazabal et al., arXiv:1807.03653).
///
/// - How it works: numbers, categories and dates share one code, and each column has its own kind
///   of likelihood. Cells are hidden at random, so that the model learns to predict each from the
///   others; cells that are missing in the data are neither input nor target. Missing cells are
///   filled with the model's own guess, and the row is processed again. Unusual rows are learned
///   like all others, so that they are filled in well; a second model, which scores rows, learns
///   from the others alone.
/// - When to use it: to find anomalous rows and cells (`tapestry score`), and to fill in missing
///   values (`tapestry impute`).
public struct TableAutoencoder: LayeredRecipe, JudgingRecipe {
    public static let name = "table"
    public static let summary =
        "denoising autoencoder of tables with numbers, categories and missing cells"
    public static let citation = "Gondara and Wang, arXiv:1705.02737 (2017)"
    public static let data: String? = "customers"
    public static let readsTables = true

    @Option(.latentSize) public var latentSize = 8
    @Option(.hiddenSizes) public var hiddenSizes = [128]
    @Option("fraction of cells hidden in training: masking:0.3")
    public var corruption = CorruptionSetting.masking(0.3)
    @Option("fraction of units dropped in training", in: 0.0..<1) public var dropout = 0.0
    @Option("how often a row with missing cells is reconstructed", in: 1...1000)
    public var rounds = 3
    @Option(
        "share of the rows, the most usual ones, that a second model for anomaly scores learns; with "
            + "1 there is none", in: 0.01...1)
    public var usual = 0.75
    public var training = TrainingOptions(epochs: 200, schedule: .cosine)

    public var hasJudge: Bool { usual < 1 }

    public init() {}

    public func validateTogether() throws(OptionError) {
        guard case .masking = corruption else {
            throw .unfit(
                name: "corruption", expected: "masking:X for the cells of a table",
                found: "\(corruption)")
        }
    }

    public func program(
        for data: DataDescription, using generator: inout RandomGenerator
    ) -> any TrainingProgram {
        let layout = data.tableLayout
        let input = TableInput(layout, using: &generator)
        let sizes = [input.outputs] + hiddenSizes + [latentSize]
        let body = Sequential {
            input
            network(sizes, &generator)
        }
        let head = network(sizes.dropFirst().reversed() + [layout.outputs], &generator)
        let model = IterativeImputation(
            Autoencoder(
                encoder: DeterministicEncoder(body),
                decoder: TabularDecoder(head, layout: layout, sampleShape: data.sampleShape)),
            layout: layout, rounds: rounds)
        guard case .masking(let fraction) = corruption, fraction > 0 else {
            return SingleObjective(model, objective: Reconstruction(), training)
        }
        return SingleObjective(
            Denoising(model, from: CellMasking(layout, fraction: fraction)),
            objective: Reconstruction(), training)
    }

    /// The rows nearest to the bulk of them, by their numbers and by how rare their categories are.
    public func usual(among samples: Examples, in data: DataDescription) -> [Int]? {
        let layout = data.tableLayout
        // Sound: a share of the count.
        let count = max(1, Int((usual * Double(samples.count)).rounded()))
        let rows = samples.scaled().flattened()
        guard count < samples.count,
            let numbers = ComparableRows(layout, of: rows, categories: .rarity)
        else { return nil }
        let bulk = BulkDistance(
            from: numbers(rows.selected(ComparableRows.mostRows)), share: usual)
        let nearest = numbers.inParts(rows) { bulk($0) }.sortedIndices()[0..<count]
        return nearest.sorted().elements(as: Int32.self).map(Int.init)
    }

    /// Dense layers with rectifiers between them, and dropout in training.
    private func network(
        _ sizes: [Int], _ generator: inout RandomGenerator
    ) -> Sequential {
        Sequential {
            for (index, (inputs, outputs)) in zip(sizes, sizes.dropFirst()).enumerated() {
                if index > 0 { Activation(.relu) }
                if index > 0, dropout > 0 { Dropout(dropout) }
                Dense(inputs, outputs, using: &generator)
            }
        }
    }
}

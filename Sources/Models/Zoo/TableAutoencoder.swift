import Autograd

extension Recipe {
    /// The denoising autoencoder of tables with mixed columns (Vincent et al., 2008; for missing
    /// values Gondara and Wang, "MIDA: Multiple Imputation using Denoising Autoencoders",
    /// arXiv:1705.02737; a likelihood for each column as in Nazabal et al., arXiv:1807.03653).
    ///
    /// - How it works: numbers, categories and dates share one code, and each column has the
    ///   likelihood of its kind. Cells are hidden at random, so that the model has to know each
    ///   from the others; cells that are missing in the data are neither seen nor asked for. What
    ///   is not seen is filled by the model's own guess, and the row gone over again.
    /// - When to use it: to find rows, and cells, that do not go together with the rest
    ///   (`tapestry score`), and to fill in what is missing (`tapestry impute`).
    public static let table = Recipe(
        name: "table",
        summary: "denoising autoencoder of tables with numbers, categories and missing cells",
        citation: "Gondara and Wang, arXiv:1705.02737 (2017)",
        defaults: Settings(
            epochs: 200, schedule: .cosine, latentSize: 8, hiddenSizes: [128],
            corruption: .masking(0.3), dropout: 0, rounds: 3, table: TableLayout(columns: [])),
        data: "customers"
    ) { settings, inputShape, generator in
        let given = settings.table ?? TableLayout(columns: [])
        let layout = given.columns.isEmpty ? .numbers(inputShape.reduce(1, *)) : given
        let input = TableInput(layout, using: &generator)
        let sizes = [input.outputs] + settings.hiddenSizes + [settings.latentSize]
        let body = Sequential {
            input
            network(sizes, dropout: settings.dropout ?? 0, &generator)
        }
        let head = network(
            sizes.dropFirst().reversed() + [layout.outputs], dropout: settings.dropout ?? 0,
            &generator)
        let model = Refining(
            Autoencoder(
                encoder: PointEncoder(body),
                decoder: TabularDecoder(head, layout: layout, sampleShape: inputShape)),
            layout: layout, rounds: settings.rounds ?? 1)
        let objective = Objective(Reconstruction(settings.reconstruction))
        guard case .masking(let fraction) = settings.corruption, fraction > 0 else {
            return (model, objective)
        }
        return (Denoising(model, from: HidingCells(layout, fraction: fraction)), objective)
    }

    /// Dense layers with rectifiers between them, whose units are dropped in training.
    private static func network(
        _ sizes: [Int], dropout: Double, _ generator: inout RandomGenerator
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

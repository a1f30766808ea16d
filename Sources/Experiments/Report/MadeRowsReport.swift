import Autograd
import Datasets
import Foundation
import Models

/// How rows that a model made compare with the rows that it was trained on: column by column, by the
/// correlations between columns, and by how near they are to single ones.
struct MadeRowsReport {
    /// A column of real and of made rows.
    private struct Column {
        let column: TableEncoding.Column
        let real: ColumnValues
        let made: ColumnValues
        let distance: Double?

        init(column: TableEncoding.Column, real: ColumnValues, made: ColumnValues) {
            (self.column, self.real, self.made) = (column, real, made)
            distance = real.distance(to: made)
        }
    }

    /// The correlation of two elements among real and among made rows.
    private struct Correlation {
        let real: Double
        let made: Double
    }

    /// The distances of rows to the nearest training row.
    private struct Nearness {
        let median: Double
        /// The share of rows whose numbers, by which they are compared, are those of a training row.
        let equal: Double
    }

    let run: TrainingRun
    /// The path of the made rows.
    let path: String
    let command: String
    private let count: Int
    /// The most different first.
    private let columns: [Column]
    private let correlations: [Correlation]
    /// Of made rows and of test rows; nil without numbers to compare.
    private let nearness: (made: Nearness, test: Nearness?)?

    /// At most so many rows are compared.
    private static let mostRows = 10_000
    /// For at most so many the nearest training row is searched.
    private static let mostSearched = 2000
    /// More elements have too many correlations to draw.
    private static let mostElements = 60
    private static let histograms = 6

    /// - Parameter samples: the made rows as the model makes them.
    init(
        of samples: Tensor, by trained: TrainedRun, path: String, command: String,
        monitor: ProgressMonitor<some Error>
    ) throws {
        guard let encoding = trained.data.encoding else {
            programmerError("MadeRowsReport", "the run is not about a table")
        }
        let layout = TableLayout(encoding)
        (run, self.path, self.command) = (trained.run, path, command)
        count = samples.shape[0]
        // As they are written, with the decimals of their columns.
        let written = encoding.table(of: samples.cast(to: .float32).selected(Self.mostRows))
        let made = try encoding.encode(written, path: path).samples
        let dataset = trained.experiment.dataset
        let training = dataset.training.scaled()
        let real = training.selected(Self.mostRows)
        let values = [real, made].map { Self.values(of: $0, layout, encoding) }
        columns = zip(encoding.inputs, zip(values[0], values[1])).map {
            Column(column: $0, real: $1.0, made: $1.1)
        }.sorted { ($0.distance ?? 0) > ($1.distance ?? 0) }
        guard let numbers = ComparableRows(layout, of: training) else {
            (correlations, nearness) = ([], nil)
            return
        }
        correlations = Self.correlations(layout, numbers(real), numbers(made))
        let known = numbers.inParts(training) { $0 }
        func nearest(_ rows: Tensor, _ part: ClosedRange<Double>) throws -> Nearness {
            let rows = numbers(rows.selected(Self.mostSearched))
            let nearest = try NearestNeighbours(
                of: rows, in: known, count: 1, monitor: monitor.part(part)
            ).positions.reshaped([-1])
            // From the numbers themselves, so that the distance of equal ones is 0.
            let distances = sqrt(
                square(rows - known.gathered(at: nearest)).sum(axes: [1])
            ).cast(to: .float64).elements(as: Double.self)
            return Nearness(
                median: distances.sorted().quantile(0.5),
                equal: Double(distances.count { $0 == 0 }) / Double(distances.count))
        }
        let isSplit = dataset.test.count > 0 && dataset.test.checksum != dataset.training.checksum
        self.nearness = (
            try nearest(made, 0...0.5), try isSplit ? nearest(dataset.test.scaled(), 0.5...1) : nil
        )
    }

    /// The values of the cells that are not missing, by column.
    private static func values(
        of rows: Tensor, _ layout: TableLayout, _ encoding: TableEncoding
    ) -> [ColumnValues] {
        let table = encoding.table(of: rows)
        let presence = layout.presence(of: rows).elements(as: Float.self)
        let width = encoding.inputs.count
        return encoding.inputs.enumerated().map { place, column in
            let cells = (0..<table.rowCount).filter { presence[$0 * width + place] > 0 }
            return ColumnValues(cells.map { table[$0, place] }, in: column)
        }
    }

    /// Between the elements of different columns.
    private static func correlations(
        _ layout: TableLayout, _ real: Tensor, _ made: Tensor
    ) -> [Correlation] {
        let owners = layout.plainColumns
        let kept = Array(owners.indices.prefix(mostElements))
        let places = Tensor(kept.map { Int32($0) })
        let matrices = [real, made].map { rows -> [Double] in
            let rows = rows.gathered(at: places, axis: 1).cast(to: .float64)
            let differences = rows - rows.mean(axes: [0])
            let widths = sqrt(square(differences).sum(axes: [0], keepingAxes: true))
            let standard = differences / maximum(widths, Tensor(1e-12, dataType: .float64))
            return matmul(standard, standard, transposingLeft: true).elements(as: Double.self)
        }
        var correlations: [Correlation] = []
        for first in kept {
            for second in kept where first < second && owners[first] != owners[second] {
                let place = first * kept.count + second
                correlations.append(
                    Correlation(real: matrices[0][place], made: matrices[1][place]))
            }
        }
        return correlations
    }

    // MARK: Page

    var page: ReportContents {
        ReportContents(
            title: "Made rows like those of "
                + URL(fileURLWithPath: run.configuration.data.name).lastPathComponent,
            recipe: run.configuration.recipe,
            introduction:
                "How the rows that the model made compare with those that it learned from. "
                + "Distances between rows are Euclidean, of numbers in standard deviations of "
                + "their column and of categories with few values: 0 is a copy. Rows much nearer "
                + "to real ones than test rows are may tell of these; much more distant ones are "
                + "unlike them.",
            headlines: headlines, figures: figures, table: details,
            configuration: [
                .init(name: "run", value: run.path),
                .init(name: "table", value: run.configuration.data.name),
                .init(name: "made rows", value: path),
            ], command: command)
    }

    private var headlines: [ReportContents.Headline] {
        var headlines = [
            ReportContents.Headline(
                name: "Rows made", value: Format.count(count), note: "in \(path)")
        ]
        let distances = columns.compactMap(\.distance)
        if !distances.isEmpty {
            headlines.append(
                .init(
                    name: "Distance of columns", value: String(format: "%.3f", distances.mean),
                    note: "mean difference of distributions, from 0 to 1"))
        }
        if !correlations.isEmpty {
            let difference = correlations.map { abs($0.real - $0.made) }.mean
            headlines.append(
                .init(
                    name: "Difference of correlations", value: String(format: "%.3f", difference),
                    note: "mean over \(Format.count(correlations.count, "pair"))"))
        }
        if let (made, test) = nearness {
            let others = test.map { "; of test rows \(Self.words($0))" } ?? ""
            headlines.append(
                .init(
                    name: "Distance to the nearest real row",
                    value: Format.number(made.median),
                    note: "median, in standard deviations of columns, \(Self.share(made)) equal "
                        + "to one\(others)"))
        }
        return headlines
    }

    private static func words(_ nearness: Nearness) -> String {
        "\(Format.number(nearness.median)), \(share(nearness))"
    }

    private static func share(_ nearness: Nearness) -> String {
        String(format: "%.1f %%", 100 * nearness.equal)
    }

    /// What the page says about privacy, in one line.
    var privacy: String? {
        nearness.map { made, test in
            "distance to the nearest real row (in standard deviations of columns; "
                + (test == nil ? "0 is a copy" : "much smaller than that of test rows is too near")
                + "): median \(Self.words(made)) equal to one"
                + (test.map { "; of test rows \(Self.words($0))" } ?? "")
        }
    }

    private var figures: [ReportContents.Figure] {
        var figures: [ReportContents.Figure] = []
        if !correlations.isEmpty {
            figures.append(
                .init(
                    title: "Correlations",
                    caption: "Of each pair of columns, or of values of categories, among real and "
                        + "among made rows: on the diagonal they are equal.",
                    content: .chart(
                        ScatterPlot(
                            points: correlations.map { Point(x: $0.real, y: $0.made) },
                            horizontalLabel: "among real rows",
                            verticalLabel: "among made rows"))))
        }
        figures += columns.lazy.compactMap { column in
            ColumnValues.histogram(
                [("real", column.real), ("made", column.made)], of: column.column
            )
            .map { chart in
                ReportContents.Figure(
                    title: column.column.name,
                    caption: "The distributions of real and made cells, without the extremes.",
                    content: .chart(chart))
            }
        }.prefix(Self.histograms)
        return figures
    }

    private var details: Table {
        Table(
            caption: "Columns, the most different first",
            columns: [
                .text("Column"), .text("Kind"), .number("Distance"), .text("Real cells"),
                .text("Made cells"),
            ],
            rows: columns.map { column in
                [
                    column.column.name, column.column.kind.rawValue,
                    column.distance.map { String(format: "%.3f", $0) } ?? "–",
                    column.real.summary(in: column.column), column.made.summary(in: column.column),
                ]
            })
    }
}

import Autograd
import Datasets
import FileSupport
import Models

/// The divergence of each component of the code from its prior, over samples. Stored as a table in a
/// run's folder, so that the report can be rewritten without the data.
struct UnitDivergences {
    /// The mean of each component, in nats.
    var means: [Double]

    /// Nil if the components have no divergences of their own.
    init?(means: [Double]) {
        guard means.count > 1 else { return nil }
        self.means = means
    }

    /// In descending order.
    var chart: LineChart {
        LineChart(
            horizontalLabel: "component, by rank", verticalLabel: "nats",
            series: [
                LineChart.Series(
                    name: "divergence",
                    points: means.sorted(by: >).enumerated().map {
                        Point(x: Double($0 + 1), y: $1)
                    },
                    color: 0)
            ], scale: .linear)
    }

    var caption: String {
        let used = means.count { $0 > 0.1 }
        return
            "The mean divergence of the posterior of each component of the code from its prior, of "
            + "the test samples: what it says of a sample, in nats. Of \(means.count) components "
            + "\(used) say more than a tenth, and all together say \(Format.number(means.reduce(0, +)))."
    }

    // MARK: File

    private static let column = "divergence"

    func write(to path: String) throws(FileError) {
        try CSV.write(CSV.Table(header: [Self.column], rows: means.map { ["\($0)"] }), to: path)
    }

    init(contentsOf path: String) throws(FileError) {
        let table = try CSV.readNumbers(path)
        guard table.header == [Self.column] else {
            throw FileError(
                path: path, expected: "the column \(Self.column)",
                found: table.header.joined(separator: ", "))
        }
        means = table.values.cast(to: .float64).flattened(fromAxis: 0).elements(as: Double.self)
    }
}

import Autograd
import Datasets
import FileSupport
import Models

/// The activation rate of each component of the code, over samples. Stored as a table in a run's
/// folder, so that the report can be rewritten without the data.
struct ActivationRates {
    /// For each component, the fraction of the samples for which it is not zero.
    var shares: [Double]
    /// The mean magnitude of each component.
    var magnitudes: [Double]

    init(codes: Tensor) {
        let flat = codes.flattened().cast(to: .float64)
        shares = (flat .!= 0).cast(to: .float64).mean(axes: [0]).elements(as: Double.self)
        magnitudes = abs(flat).mean(axes: [0]).elements(as: Double.self)
    }

    /// Whether some components are zero for some samples.
    private var isSparse: Bool { shares.contains { $0 < 1 } }

    /// The rates, or else the magnitudes, in descending order.
    var chart: LineChart {
        let values = (isSparse ? shares : magnitudes).sorted(by: >)
        return LineChart(
            horizontalLabel: "component, by rank",
            verticalLabel: isSparse ? "fraction of samples" : "mean magnitude",
            series: [
                LineChart.Series(
                    name: isSparse ? "not zero" : "mean magnitude",
                    points: values.enumerated().map { Point(x: Double($0 + 1), y: $1) }, color: 0)
            ], scale: .linear)
    }

    var caption: String {
        guard isSparse else {
            return "The mean magnitude of each component of the test samples' codes."
        }
        let active = shares.reduce(0, +)
        let dead = shares.count { $0 == 0 }
        return "The fraction of the test samples for which each component of the code is not zero. "
            + "Of \(shares.count) components \(Format.number(active)) are active on average, and "
            + "\(dead) never."
    }

    // MARK: File

    private static let columns = ["share", "magnitude"]

    func write(to path: String) throws(FileError) {
        try CSV.write(
            CSV.Table(
                header: Self.columns, rows: zip(shares, magnitudes).map { ["\($0)", "\($1)"] }),
            to: path)
    }

    init(contentsOf path: String) throws(FileError) {
        let table = try CSV.readNumbers(path)
        guard table.header == Self.columns else {
            throw FileError(
                path: path, expected: "the columns \(Self.columns.joined(separator: " and "))",
                found: table.header.joined(separator: ", "))
        }
        let numbers = table.values.cast(to: .float64)
        shares = numbers.sliced(axis: 1, 0..<1).flattened().elements(as: Double.self)
        magnitudes = numbers.sliced(axis: 1, 1..<2).flattened().elements(as: Double.self)
    }
}

import Autograd
import Datasets
import FileSupport
import Models

/// How often each component of a code is on, over samples. Kept in a run's folder as a table, so
/// that the page about the run can be written again without the data.
struct ActivationRates {
    /// The part of the samples for which a component is not zero, of each component.
    var shares: [Double]
    /// The mean magnitude of each component.
    var magnitudes: [Double]

    init(codes: Tensor) {
        let flat = codes.flattened().cast(to: .float64)
        shares = (flat .!= 0).cast(to: .float64).mean(axes: [0]).elements(as: Double.self)
        magnitudes = abs(flat).mean(axes: [0]).elements(as: Double.self)
    }

    /// Whether components are off at times.
    private var isSparse: Bool { shares.contains { $0 < 1 } }

    /// Components in descending order of what is drawn.
    var chart: LineChart {
        let values = (isSparse ? shares : magnitudes).sorted(by: >)
        return LineChart(
            horizontalLabel: "component, by rank",
            verticalLabel: isSparse ? "share of samples" : "mean magnitude",
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
        return "For which part of the test samples each component of the code is not zero. Of "
            + "\(shares.count) components \(Format.number(active)) are in the mean, and \(dead) "
            + "never."
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

import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// Codes as points in the plane, with the labels of their samples. Stored as a table in a run's
/// folder, so that the report can be rewritten without the data.
struct LatentMap {
    var horizontalLabel: String
    var verticalLabel: String
    var points: [Point]
    /// Negative for an unlabelled sample; empty if no sample is labelled.
    var labels: [Int]
    var classNames: [String]
    /// The colours of labels that have an order.
    var scale: ColorScale? = nil

    /// A map of points in the plane, `[n, 2]`, of examples that may have labels.
    init(
        _ plane: Tensor, of examples: Examples, classNames: [String], horizontalLabel: String,
        verticalLabel: String
    ) {
        let numbers = plane.cast(to: .float64).elements(as: Double.self)
        points = stride(from: 0, to: numbers.count, by: 2).map {
            Point(x: numbers[$0], y: numbers[$0 + 1])
        }
        labels = examples.labels?.elements(as: Int32.self).map(Int.init) ?? []
        self.classNames = classNames
        self.horizontalLabel = horizontalLabel
        self.verticalLabel = verticalLabel
    }

    /// A map of codes in their plane.
    init(codes: Tensor, of examples: Examples, classNames: [String]) {
        self.init(CodePlane(of: codes, examples), codes, of: examples, classNames: classNames)
    }

    /// A map of codes in a plane, perhaps of others.
    init(_ plane: CodePlane, _ codes: Tensor, of examples: Examples, classNames: [String]) {
        self.init(
            plane.points(of: codes), of: examples, classNames: classNames,
            horizontalLabel: plane.titles[0], verticalLabel: plane.titles[1])
    }

    var chart: ScatterPlot { chart() }

    /// A chart that says what it shows, and is as wide as other points.
    func chart(titled title: String? = nil, covering others: [Point] = []) -> ScatterPlot {
        ScatterPlot(
            points: points, labels: labels.isEmpty ? nil : labels, names: classNames,
            scale: scale, horizontalLabel: horizontalLabel + (title.map { ", \($0)" } ?? ""),
            verticalLabel: verticalLabel, covering: others)
    }

    /// The points, `[n, 2]`.
    var plane: Tensor { Tensor(points.flatMap { [$0.x, $0.y] }, shape: [points.count, 2]) }

    /// The map coloured by a factor that samples were made of.
    func colored(by factor: Factor, _ values: Tensor) -> LatentMap {
        let parts = FactorParts(
            factor, values.cast(to: .float64).elements(as: Double.self))
        var map = self
        (map.labels, map.classNames, map.scale) = (parts.parts, parts.names, parts.scale)
        return map
    }

    // MARK: Files

    /// Writes the chart as PNG and SVG, and the table.
    func write(_ figure: RunFile.Figure, in run: TrainingRun) throws(FileError) {
        try AtomicFile.write(chart.picture(width: 720, height: 720).png, to: run.file(figure.png))
        try AtomicFile.write(chart.svg(width: 720, height: 720), to: run.file(figure.svg))
        try write(to: run.file(figure.table))
    }

    private static let labelColumns = ["label", "class"]

    func write(to path: String) throws(FileError) {
        var table = CSV.Table(header: [horizontalLabel, verticalLabel], rows: [])
        if !labels.isEmpty { table.header += Self.labelColumns }
        for (index, point) in points.enumerated() {
            var row = ["\(point.x)", "\(point.y)"]
            if !labels.isEmpty {
                let label = labels[index]
                row += label < 0 ? ["", ""] : ["\(label)", name(of: label)]
            }
            table.append(row)
        }
        try CSV.write(table, to: path)
    }

    init(contentsOf path: String) throws(FileError) {
        let table = try CSV.read(path)
        let isLabelled = table.header.count == 4
        guard table.header.count == 2 || isLabelled else {
            throw FileError(
                path: path, expected: "2 columns, or 4 with labels",
                found: "\(table.header.count)")
        }
        (horizontalLabel, verticalLabel) = (table.header[0], table.header[1])
        (points, labels, classNames) = ([], [], [])
        for (index, row) in table.rows.enumerated() {
            guard let x = Double(row[0]), let y = Double(row[1]) else {
                throw FileError(
                    path: path, expected: "two coordinates in row \(index + 1)",
                    found: "\"\(row[0])\" and \"\(row[1])\"")
            }
            points.append(Point(x: x, y: y))
            guard isLabelled else { continue }
            guard row[2] != "" else {
                labels.append(-1)
                continue
            }
            guard let label = Int(row[2]), 0..<10_000_000 ~= label else {
                throw FileError(
                    path: path, expected: "a label from 0 in row \(index + 1)",
                    found: "\"\(row[2])\"")
            }
            labels.append(label)
            while classNames.count <= label { classNames.append("\(classNames.count)") }
            classNames[label] = row[3]
        }
    }

    private func name(of label: Int) -> String {
        classNames.indices.contains(label) ? classNames[label] : "\(label)"
    }
}

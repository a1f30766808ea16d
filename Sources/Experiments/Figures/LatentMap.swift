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

    /// A map of codes: two components as they are; more than two projected onto two principal
    /// components; one component against the label, or else the index, of the sample.
    init(codes: Tensor, of examples: Examples, classNames: [String]) {
        let flat = codes.flattened().cast(to: .float64)
        let (count, size) = (flat.shape[0], flat.shape[1])
        let (plane, titles): (Tensor, [String])
        switch size {
        case 0, 1:
            let heights =
                examples.labels?.cast(to: .float64) ?? Tensor.range(count, dataType: .float64)
            let column = heights.expandingAxis(1)
            plane = concatenated([size == 1 ? flat : Tensor.zeros(like: column), column], axis: 1)
            titles = ["code", examples.labels == nil ? "sample" : "label"]
        case 2:
            (plane, titles) = (flat, ["code, component 1", "code, component 2"])
        default:
            let components = PrincipalComponents(of: flat, count: 2)
            plane = components.encode(flat)
            titles = components.shares.enumerated().map { index, share in
                "principal component \(index + 1)"
                    + (share.isFinite ? String(format: " (%.0f %% of variance)", 100 * share) : "")
            }
        }
        self.init(
            plane, of: examples, classNames: classNames, horizontalLabel: titles[0],
            verticalLabel: titles[1])
    }

    var chart: ScatterPlot {
        ScatterPlot(
            points: points, labels: labels.isEmpty ? nil : labels, names: classNames,
            horizontalLabel: horizontalLabel, verticalLabel: verticalLabel)
    }

    /// The points, `[n, 2]`.
    var plane: Tensor { Tensor(points.flatMap { [$0.x, $0.y] }, shape: [points.count, 2]) }

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

import Autograd
import Datasets
import Models

/// Codes as points of the plane, with the labels of their samples. Kept in a run's folder as a
/// table, so that the page about the run can be written again without the data.
struct LatentMap {
    var horizontalLabel: String
    var verticalLabel: String
    var points: [Point]
    /// Empty where the samples have none.
    var labels: [Int]
    var classNames: [String]

    /// Codes with two components as they are; with more along their two principal components;
    /// with one against the label, or the position, of the sample.
    init(codes: Tensor, _ dataset: Dataset) {
        labels = dataset.test.labels?.elements(as: Int32.self).map(Int.init) ?? []
        classNames = dataset.classNames
        let flat = codes.flattened().cast(to: .float64)
        let size = flat.shape[1]
        let plane: Tensor
        switch size {
        case 0, 1:
            let positions = labels.isEmpty ? Array(0..<flat.shape[0]) : labels
            let heights = Tensor(positions.map(Double.init), shape: [flat.shape[0], 1])
            plane = concatenated(
                [size == 1 ? flat : Tensor.zeros(like: heights), heights], axis: 1)
            (horizontalLabel, verticalLabel) = ("code", labels.isEmpty ? "sample" : "label")
        case 2:
            plane = flat
            (horizontalLabel, verticalLabel) = ("code, component 1", "code, component 2")
        default:
            let components = PrincipalComponents(of: flat, count: 2)
            plane = components.encode(flat)
            let titles = components.shares.enumerated().map { index, share in
                "principal component \(index + 1) (\(Int((100 * share).rounded())) % of variance)"
            }
            (horizontalLabel, verticalLabel) = (titles[0], titles[1])
        }
        let numbers = plane.elements(as: Double.self)
        points = stride(from: 0, to: numbers.count, by: 2).map {
            Point(x: numbers[$0], y: numbers[$0 + 1])
        }
    }

    var chart: ScatterPlot {
        ScatterPlot(
            points: points, labels: labels.isEmpty ? nil : labels, names: classNames,
            horizontalLabel: horizontalLabel, verticalLabel: verticalLabel)
    }

    // MARK: File

    private static let labelColumns = ["label", "class"]

    func write(to path: String) throws(FileError) {
        var table = CSV.Table(header: [horizontalLabel, verticalLabel], rows: [])
        if !labels.isEmpty { table.header += Self.labelColumns }
        for (index, point) in points.enumerated() {
            var row = ["\(point.x)", "\(point.y)"]
            if !labels.isEmpty { row += ["\(labels[index])", name(of: labels[index])] }
            table.rows.append(row)
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
            guard let label = Int(row[2]), 0..<10_000 ~= label else {
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

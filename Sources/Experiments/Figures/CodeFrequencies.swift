import Autograd
import Datasets
import FileSupport
import Models

/// How often each code of a codebook stands for a vector, over samples. Stored as a table in a run's
/// folder, so that the report can be rewritten without the data.
struct CodeFrequencies: Equatable {
    let usage: CodeUsage

    init(_ usage: CodeUsage) { self.usage = usage }

    /// The outline of a histogram, in descending order.
    var chart: LineChart {
        let total = Double(max(1, usage.counts.reduce(0, +)))
        let bars = usage.counts.sorted(by: >).enumerated().flatMap { rank, count in
            [0.5, 1.5].map { Point(x: Double(rank) + $0, y: 100 * Double(count) / total) }
        }
        let ends = [bars[0].x, bars[bars.count - 1].x].map { Point(x: $0, y: 0) }
        return LineChart(
            horizontalLabel: "code, by rank", verticalLabel: "vectors, in percent",
            series: [.init(name: "use", points: [ends[0]] + bars + [ends[1]], color: 0)],
            scale: .linear)
    }

    var caption: String {
        "How often each code stands for a vector of the test samples. Of \(usage.counts.count) codes "
            + "\(usage.usedCodes) are used; their perplexity, the number of codes that would be as "
            + "many if all were used alike, is \(Format.number(usage.perplexity))."
    }

    // MARK: File

    private static let column = "count"

    func write(to path: String) throws(FileError) {
        try CSV.write(
            CSV.Table(header: [Self.column], rows: usage.counts.map { ["\($0)"] }), to: path)
    }

    init(contentsOf path: String) throws(FileError) {
        let table = try CSV.Table(contentsOf: path)
        guard table.header == [Self.column], table.rowCount > 0 else {
            throw FileError(
                path: path, expected: "the column \(Self.column), a row for each code",
                found: "\(table.rowCount) rows of \(table.header.joined(separator: ", "))")
        }
        var counts: [Int] = []
        for row in 0..<table.rowCount {
            guard let count = Int(table[row, 0]), 0..<1 << 48 ~= count else {
                throw FileError(
                    path: path, expected: "a count in row \(row + 1)", found: table[row, 0].quoted)
            }
            counts.append(count)
        }
        usage = CodeUsage(counts: counts)
    }
}

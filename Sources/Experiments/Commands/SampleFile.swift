import Autograd
import Datasets
import FileSupport
import Models

/// The file that samples are written to: a picture, an array, or a table with the columns of the data.
struct SampleFile {
    static let endings = [".png", ".npy", ".csv", ".tsv"]

    let path: String
    private let columnNames: [String]
    private let encoding: TableEncoding?

    /// Throws if the samples cannot be drawn, but the file is a picture.
    init(_ path: String, for trained: TrainedRun) throws(FileError) {
        self.path = path
        columnNames = trained.run.configuration.columnNames ?? []
        encoding = trained.data.encoding
        guard encoding == nil || !isPicture else {
            throw FileError(
                path: trained.run.path, expected: "a run on samples that can be drawn",
                found: "a run on a table, whose rows cannot: --output can name a .csv file")
        }
    }

    var isPicture: Bool { path.hasEnding(".png") }

    /// Writes the numbers of samples `[count, …]` as an array or a table.
    func write(_ samples: Tensor) throws(FileError) {
        let numbers = samples.cast(to: .float32)
        if path.hasEnding(".npy") { return try NPY.write(numbers, to: path) }
        let table = encoding?.table(of: samples) ?? table(of: numbers.flattened())
        try CSV.write(table, to: path, path.hasEnding(".tsv") ? .tabulators : .commas)
    }

    private func table(of numbers: Tensor) -> CSV.Table {
        let size = numbers.shape[1]
        let elements = numbers.elements(as: Float.self)
        let names = columnNames.count == size ? columnNames : (0..<size).map { "x\($0 + 1)" }
        var table = CSV.Table(header: names, rows: [])
        for row in 0..<numbers.shape[0] {
            table.append(elements[row * size..<(row + 1) * size].map(\.description))
        }
        return table
    }
}

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
    /// The name of the column that a model is told.
    private let toldName: String
    private let dataset: Dataset

    /// Throws if the samples cannot be drawn, but the file is a picture.
    init(_ path: String, for trained: TrainedRun) throws(FileError) {
        self.path = path
        columnNames = trained.run.configuration.columnNames ?? []
        encoding = trained.data.encoding
        toldName = trained.run.configuration.data.condition ?? encoding?.label ?? "label"
        dataset = trained.experiment.dataset
        guard encoding == nil || !isPicture else {
            throw FileError(
                path: trained.run.path, expected: "a run on samples that can be drawn",
                found: "a run on a table, whose rows cannot: --output can name a .csv file")
        }
    }

    var isPicture: Bool { path.hasEnding(".png") }

    /// Writes the numbers of samples as an array or a table, in which what a model is told comes last.
    func write(_ samples: MadeSamples) throws(FileError) {
        let numbers = samples.values.cast(to: .float32)
        if path.hasEnding(".npy") { return try NPY.write(numbers, to: path) }
        var table = encoding?.table(of: samples.values) ?? table(of: numbers.flattened())
        if let told = samples.told { table.append(texts(of: told), named: toldName) }
        try CSV.write(table, to: path, path.hasEnding(".tsv") ? .tabulators : .commas)
    }

    /// Classes by their names, or numbers.
    private func texts(of told: Tensor) -> [String] {
        told.dataType == .int32
            ? told.elements(as: Int32.self).map { dataset.className(of: $0) ?? "" }
            : told.cast(to: .float64).elements(as: Double.self).map { Float($0).description }
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

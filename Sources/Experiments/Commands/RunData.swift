import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// The data of a run, as it was asked to take them.
struct RunData {
    let dataset: Dataset
    /// How the rows of a table become samples; nil where the samples are none.
    let encoding: TableEncoding?
    /// The table as it stands in the file.
    let table: CSV.Table?
    /// What was found when they were read, a sentence each.
    let notes: [String]
    /// Whether these are the run's own samples, but no longer what it was trained on.
    private(set) var hasChanged = false

    /// For a run that begins: what is fitted to a table is fitted now.
    init(
        _ selection: DataSelection, for recipe: any Recipe.Type, seed: UInt64
    ) throws {
        let path = selection.name
        guard recipe.readsTables, TableDataset.isTable(path) else {
            self = try RunData(samples: selection, seed: seed, requiresColumn: true)
            return
        }
        if selection.labels != nil {
            throw UsageError(
                "--\(CommandOption.labels.name): the recipe \(recipe.name) has labels in a column of the "
                    + "table, see --\(CommandOption.label.name)")
        }
        let table = try TableDataset.table(path)
        var schema =
            try selection.schema.map { path throws(FileError) in
                try TableSchema(contentsOf: path)
            }
            ?? TableSchema(
                inferredFrom: table, label: TableDataset.usualLabel(of: path), path: path)
        if let label = selection.label { try schema.setLabel(label, path: path) }
        let seen = selection.hidden.map { schema.hiding($0, of: table, seed: seed) } ?? table
        let read = try TableDataset(
            seen, name: path, schema: schema, splitting: selection.split(seed: seed))
        self.init(
            dataset: read.dataset, encoding: read.encoding, table: seen,
            notes: schema.notes(on: table))
    }

    /// For a run that is there, with the encoding in its folder: the data that it was trained on,
    /// as it was trained on them where the choice says no more than their name; or others.
    init(_ choice: DataSelection, of run: TrainingRun) throws {
        let own = run.configuration.data
        let isOwn = choice.name == own.name
        if isOwn, choice.isFile,
            !FileManager.default.fileExists(atPath: Dataset.filePath(of: choice.name))
        {
            throw FileError(
                path: choice.name, expected: "the data that the run in \(run.path) was trained on",
                found: "no such file")
        }
        let isAsTrained = isOwn && choice.asOptions.isEmpty
        var selection = choice
        if isAsTrained {
            selection = own
            selection.directory = choice.directory
        } else if choice.isFile, choice.label == nil, choice.labels == nil {
            // Other data may have labels in the same column, but not in the same file.
            selection.label = own.label
            if isOwn { selection.labels = own.labels }
        }
        let requiresColumn = isOwn || choice.label != nil
        let seed = try run.seed()
        if run.isAboutTable {
            let encoding = try TableEncoding(contentsOf: run.file(RunFile.encoding))
            let table = try TableDataset.table(choice.name)
            let seen = selection.hidden.map { encoding.hiding($0, of: table, seed: seed) } ?? table
            let read = try TableDataset(
                seen, name: choice.name, encoding: encoding, splitting: selection.split(seed: seed),
                labels: choice.labelSource(requiresColumn: true))
            self.init(
                dataset: read.dataset, encoding: encoding, table: seen,
                notes: read.unseen.map { Self.note(unseen: $0.cells, in: $0.column) })
        } else {
            self = try RunData(samples: selection, seed: seed, requiresColumn: requiresColumn)
            try checkColumns(of: run)
        }
        let shape = run.configuration.samples.sampleShape
        guard dataset.training.shape == shape else {
            throw FileError(
                path: dataset.name, expected: "samples of shape \(shape), as in \(run.path)",
                found: "samples of shape \(dataset.training.shape)")
        }
        if isAsTrained, let known = run.configuration.dataChecksum {
            hasChanged = known != dataset.training.checksumText
        }
    }

    /// That cells of a column have values that it did not have in training.
    static func note(unseen cells: Int, in column: String) -> String {
        "\(column.quoted): \(Format.count(cells)) "
            + (cells == 1 ? "cell has a value" : "cells have values")
            + " never seen in training, taken as unknown"
    }

    /// Refuses numbers in columns of other names, or in another order, than those trained on.
    private func checkColumns(of run: TrainingRun) throws(FileError) {
        let (known, found) = (run.configuration.columnNames ?? [], dataset.columnNames)
        guard !known.isEmpty, !found.isEmpty, known != found else { return }
        let (expected, order) = (known.quotedList(most: 8), found.quotedList(most: 8))
        throw FileError(
            path: dataset.name,
            expected: "the columns \(expected), as the run in \(run.path) knows them",
            found: known.sorted() == found.sorted()
                ? "them in the order \(order)" : "the columns \(order)")
    }

    private init(
        dataset: Dataset, encoding: TableEncoding?, table: CSV.Table?, notes: [String]? = nil
    ) {
        self.dataset = dataset
        self.notes = notes ?? dataset.notes
        self.encoding = encoding
        self.table = table
    }

    /// Samples that are no rows of a table.
    ///
    /// - Parameter requiresColumn: whether a column of labels that is named must be there.
    private init(samples selection: DataSelection, seed: UInt64, requiresColumn: Bool) throws {
        let given: [(CommandOption, Any?)] = [
            (.schema, selection.schema), (.hiddenShare, selection.hidden),
        ]
        if let (option, _) = given.first(where: { $0.1 != nil }) {
            throw UsageError(
                "--\(option.name): only the recipe "
                    + Recipes.all.filter { $0.readsTables }.map { $0.name }
                    .joined(separator: " or ") + " reads tables, from files .csv or .tsv")
        }
        let name = selection.name
        var dataset: Dataset
        if selection.isFile {
            dataset =
                try Dataset.file(
                    name, splitting: selection.split(seed: seed),
                    labels: selection.labelSource(requiresColumn: requiresColumn))
                ?? selection.load()
        } else {
            if selection.testShare != nil {
                throw UsageError(
                    "--\(CommandOption.testShare.name): \(name) is split into training and test "
                        + "samples already")
            }
            let labels = [CommandOption.label, .labels]
            if let option = selection.asOptions.map(\.option).first(where: labels.contains) {
                throw UsageError(
                    "--\(option.name): only for samples of a file, and \(name) is none")
            }
            dataset = try selection.load()
        }
        if let normal = selection.normal { dataset = try dataset.training(onLabel: normal) }
        self.init(dataset: dataset, encoding: nil, table: nil)
    }
}

extension DataSelection {
    /// Whether its name is that of a file, and of no data set.
    var isFile: Bool { !Dataset.names.contains(name) }
}

extension Examples {
    /// The checksum as it is kept in a run's configuration.
    var checksumText: String {
        let digits = String(checksum, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension TableLayout {
    /// That of the samples that an encoding makes.
    init(_ encoding: TableEncoding) {
        self.init(
            columns: encoding.inputs.map { column in
                switch column.kind {
                case .category: .category(values: column.values)
                case .embedding: .embedding(values: column.values)
                case .number, .rank, .date, .ignored, .label: .number
                }
            })
    }
}

extension TrainingRun {
    /// Of all that was random in it.
    func seed() throws -> UInt64 { UInt64(try recipe().training.seed) }
}

import Autograd
import Datasets
import FileSupport
import Foundation
import Models

/// The data of a run, as selected by the options.
struct RunData {
    private(set) var dataset: Dataset
    /// The encoding of table rows as samples; nil if the data are not a table.
    let encoding: TableEncoding?
    /// Notes from reading the data, one sentence each.
    let notes: [String]
    /// Whether these are the run's own data, but changed since it was trained.
    private(set) var hasChanged = false

    /// The data of a new run: the encoding is fitted to the table.
    init(
        _ selection: DataSelection, for recipe: any Recipe.Type, seed: UInt64
    ) throws {
        try selection.require(fitting: recipe)
        let path = selection.name
        guard recipe.readsTables, TableDataset.isTable(path) else {
            self.init(
                dataset: try Dataset.samples(selection, seed: seed, requiresColumn: true),
                encoding: nil)
            return
        }
        try selection.require(fittingTablesOf: recipe)
        let table = try TableDataset.table(path)
        var schema =
            try selection.schema.map { path throws(FileError) in
                try TableSchema(contentsOf: path)
            }
            ?? TableSchema(
                inferredFrom: table,
                label: selection.condition == nil ? TableDataset.usualLabel(of: path) : nil,
                path: path)
        if selection.schema == nil, recipe.ranksNumbers { schema.rankNumbers() }
        schema.ranksDates = recipe.ranksNumbers
        if let label = selection.label { try schema.setLabel(label, path: path) }
        if let condition = selection.condition {
            try schema.setLabel(condition, of: "conditions", path: path)
        }
        let seen = selection.hidden.map { schema.hiding($0, of: table, seed: seed) } ?? table
        let read = try TableDataset(
            seen, name: path, schema: schema, splitting: selection.split(seed: seed),
            condition: selection.condition)
        self.init(
            dataset: read.dataset, encoding: read.encoding,
            notes: schema.notes(on: table))
    }

    /// The data for an existing run, with the encoding in its folder: the data that it was trained
    /// on, with the same selection unless the choice gives one; or other data.
    init(_ choice: DataSelection, of run: TrainingRun) throws {
        try Self.requireFile(choice, of: run)
        let own = run.configuration.data
        let isOwn = choice.name == own.name
        let isAsTrained = isOwn && choice.asOptions.isEmpty
        let saysLabels = [CommandOption.label, .labels].first {
            choice.asOptions.map(\.option).contains($0)
        }
        if let condition = own.condition, let saysLabels {
            throw UsageError(
                "--\(saysLabels.name): the model is told the column \(condition.quoted) instead of "
                    + "labels")
        }
        var selection = Self.selection(choice, of: run)
        if !isAsTrained, !choice.isFile { selection.condition = own.condition }
        if !isAsTrained, choice.isFile, choice.label == nil, choice.labels == nil {
            // Other data may have labels in the same column, but not in the same labels file.
            (selection.label, selection.condition) = (own.label, own.condition)
            if isOwn { selection.labels = own.labels }
        }
        if selection.binarization == nil, selection.dequantization == nil {
            (selection.binarization, selection.dequantization) =
                (own.binarization, own.dequantization)
        }
        if selection.isImageFolder, selection.images == nil {
            // Samples of the run's shape, whatever the images of another folder are.
            let shape = run.configuration.samples.sampleShape
            var fitting = own.images ?? ImageFitting()
            if 2...3 ~= shape.count {
                fitting.size = Size2D(height: shape[shape.count - 2], width: shape[shape.count - 1])
                fitting.channels = shape.count == 3 ? shape[0] : 1
            }
            selection.images = fitting
        }
        let requiresColumn = isOwn || choice.label != nil
        let seed = try run.seed()
        if run.isAboutTable {
            let encoding = try TableEncoding(contentsOf: run.file(RunFile.encoding))
            let condition = own.condition.map { column in
                LabelSource.condition(
                    column, isNumber: run.configuration.samples.number != nil)
            }
            let read = try TableDataset(
                Self.table(selection, encoding, seed: seed), name: choice.name, encoding: encoding,
                splitting: selection.split(seed: seed),
                labels: condition ?? choice.labelSource(requiresColumn: true))
            self.init(
                dataset: read.dataset, encoding: encoding,
                notes: read.dataset.notes
                    + read.unseen.map { Self.note(unseen: $0.cells, in: $0.column) })
        } else {
            let dataset = try Dataset.samples(
                selection, seed: seed, requiresColumn: requiresColumn,
                hasNumbers: run.configuration.samples.number != nil,
                // What a model learns to say need not be known of other samples.
                requiresFactor: isOwn || !(run.recipe() is any NumberRecipe))
            self.init(dataset: dataset, encoding: nil)
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

    /// The table of an existing run, or another, without the cells that are hidden from the model.
    static func table(
        _ choice: DataSelection, _ encoding: TableEncoding, of run: TrainingRun
    ) throws -> CSV.Table {
        try requireFile(choice, of: run)
        return try table(selection(choice, of: run), encoding, seed: run.seed())
    }

    private static func table(
        _ selection: DataSelection, _ encoding: TableEncoding, seed: UInt64
    ) throws(FileError) -> CSV.Table {
        let table = try TableDataset.table(selection.name)
        return selection.hidden.map { encoding.hiding($0, of: table, seed: seed) } ?? table
    }

    /// What a run was trained on if the choice gives nothing else.
    private static func selection(_ choice: DataSelection, of run: TrainingRun) -> DataSelection {
        var own = run.configuration.data
        guard choice.name == own.name, choice.asOptions.isEmpty else { return choice }
        own.directory = choice.directory
        return own
    }

    private static func requireFile(
        _ choice: DataSelection, of run: TrainingRun
    ) throws(FileError) {
        guard choice.name == run.configuration.data.name, choice.isFile,
            !FileManager.default.fileExists(atPath: Dataset.filePath(of: choice.name))
        else { return }
        throw FileError(
            path: choice.name, expected: "the data that the run in \(run.path) was trained on",
            found: "no such file")
    }

    /// A note that cells of a column have values that did not occur in training.
    static func note(unseen cells: Int, in column: String) -> String {
        "\(column.quoted): \(Format.count(cells)) "
            + (cells == 1 ? "cell has a value" : "cells have values")
            + " never seen in training, treated as unknown"
    }

    /// Throws if the columns have other names, or another order, than those of the training data.
    private func checkColumns(of run: TrainingRun) throws(FileError) {
        let (known, found) = (run.configuration.columnNames ?? [], dataset.columnNames)
        guard !known.isEmpty, !found.isEmpty, known != found else { return }
        let (expected, order) = (known.quotedList(most: 8), found.quotedList(most: 8))
        throw FileError(
            path: dataset.name,
            expected: "the columns \(expected), as for the run in \(run.path)",
            found: known.sorted() == found.sorted()
                ? "the same in the order \(order)" : "the columns \(order)")
    }

    /// The same data with classes as a model numbers them. Throws if it cannot be told what it needs.
    func numbered(for experiment: Experiment) throws(FileError) -> RunData {
        var data = self
        data.dataset = try experiment.told(dataset)
        return data
    }

    private init(
        dataset: Dataset, encoding: TableEncoding?, notes: [String]? = nil
    ) {
        self.dataset = dataset
        self.notes = notes ?? dataset.notes
        self.encoding = encoding
    }
}

extension Examples {
    /// The checksum as stored in a run's configuration.
    var checksumText: String {
        let digits = String(checksum, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension TableLayout {
    /// The layout of the samples of an encoding.
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
    /// The seed of the run.
    func seed() throws -> UInt64 { UInt64(try recipe().training.seed) }
}

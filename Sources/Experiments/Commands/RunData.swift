import Autograd
import Datasets
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
            self = try RunData(samples: selection, seed: seed, isOwn: true, requiresLabel: true)
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
            seen, name: path, schema: schema, selecting: Selection(selection, seed: seed))
        self.init(
            dataset: read.dataset, encoding: read.encoding, table: seen,
            notes: schema.notes(on: table))
    }

    /// What is done with a file that the run was not trained on.
    enum OtherFile {
        /// All of it is looked at.
        case whole
        /// A part is learnt from, and the other tested on: as large as always where nil. The labels
        /// are in a column, where it is named; else where the run has them.
        case split(testShare: Double?, label: String?)

        /// What the options say of the second.
        static func split(_ arguments: Arguments) throws(UsageError) -> OtherFile {
            let asked = try arguments.selection()
            return .split(testShare: asked.testShare, label: asked.label)
        }
    }

    /// For a run that is there: with the encoding in its folder.
    init(_ choice: DataSelection, of run: Run, otherFile: OtherFile = .whole) throws {
        let configuration = run.configuration
        var selection = configuration.data
        selection.directory = choice.directory
        let seed = try run.seed()
        if choice.name == configuration.data.name, choice.name.hasPrefix("/"),
            !FileManager.default.fileExists(atPath: Dataset.filePath(of: choice.name))
        {
            throw FileError(
                path: choice.name, expected: "the data that the run in \(run.path) was trained on",
                found: "no such file")
        }
        let isOwn = choice.name == configuration.data.name
        let isFile = !isOwn && !Dataset.names.contains(choice.name)
        var requiresLabel = isOwn
        if !isOwn {
            // What is asked of the run's own samples says nothing about others, but for the
            // column of labels.
            selection = DataSelection(
                choice.name, directory: choice.directory, label: isFile ? selection.label : nil)
        }
        switch otherFile {
        case .whole: if isFile { selection.testShare = 0 }
        case .split(nil, nil): break
        case .split(let testShare, let label):
            let option = testShare == nil ? CommandOption.label : .testShare
            guard isFile else {
                throw UsageError(
                    "--\(option.name): only for a file that the run was not trained on")
            }
            guard label == nil || !run.isAboutTable else {
                throw UsageError(
                    "--\(option.name): labels are in the column that the run knows them by")
            }
            selection.testShare = testShare
            if let label { selection.label = label }
            requiresLabel = label != nil
        }
        guard run.isAboutTable else {
            self = try RunData(
                samples: selection, seed: seed, isOwn: isOwn, requiresLabel: requiresLabel)
            try checkColumns(of: run)
            noticeChanges(of: run, isOwn: isOwn)
            return
        }
        let encoding = try TableEncoding(contentsOf: run.file(RunFile.encoding))
        let table = try TableDataset.table(choice.name)
        let seen = selection.hidden.map { encoding.hiding($0, of: table, seed: seed) } ?? table
        let read = try TableDataset(
            seen, name: choice.name, encoding: encoding,
            selecting: Selection(selection, seed: seed))
        self.init(dataset: read.dataset, encoding: encoding, table: seen)
        noticeChanges(of: run, isOwn: isOwn)
    }

    private mutating func noticeChanges(of run: Run, isOwn: Bool) {
        guard isOwn, let known = run.configuration.dataChecksum else { return }
        hasChanged = known != dataset.training.checksumText
    }

    /// Refuses numbers in columns of other names, or in another order, than those trained on.
    private func checkColumns(of run: Run) throws(FileError) {
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
    /// - Parameters:
    ///   - isOwn: whether they are what the selection was made for.
    ///   - requiresLabel: whether a column of labels that it names must be there.
    private init(
        samples selection: DataSelection, seed: UInt64, isOwn: Bool, requiresLabel: Bool
    ) throws {
        let given: [(CommandOption, Any?)] = [
            (.schema, selection.schema), (.hiddenShare, selection.hidden),
        ]
        if let (option, _) = given.first(where: { $0.1 != nil }) {
            throw UsageError(
                "--\(option.name): only the recipe "
                    + Recipes.all.filter { $0.readsTables }.map { $0.name }
                    .joined(separator: " or ") + " reads tables, from files .csv or .tsv")
        }
        let labels = LabelSource(selection, isOwn: isOwn, isRequired: requiresLabel)
        let name = selection.name
        var dataset: Dataset
        if Dataset.names.contains(name) {
            if selection.testShare != nil {
                throw UsageError(
                    "--\(CommandOption.testShare.name): \(name) is split into training and test "
                        + "samples already")
            }
            if isOwn,
                let (option, _) = selection.asOptions
                    .first(where: { [.label, .labels].contains($0.option) })
            {
                throw UsageError(
                    "--\(option.name): only for samples of a file, and \(name) is none")
            }
            dataset = try selection.load()
        } else {
            dataset =
                try Dataset.file(
                    name, selecting: Selection(selection, seed: seed), labels: labels)
                ?? selection.load()
        }
        if let normal = selection.normal { dataset = try dataset.training(onLabel: normal) }
        self.init(dataset: dataset, encoding: nil, table: nil)
    }
}

extension Examples {
    /// The checksum as it is kept in a run's configuration.
    var checksumText: String {
        let digits = String(checksum, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension LabelSource {
    /// Where a selection says that labels are. Other data than those it was made for may have
    /// them in the same column, but not in the same file.
    init?(_ selection: DataSelection, isOwn: Bool = true, isRequired: Bool = true) {
        if let column = selection.label {
            self = .column(column, isRequired: isRequired)
        } else if isOwn, let path = selection.labels {
            self = .file(path)
        } else {
            return nil
        }
    }
}

extension Selection {
    fileprivate init(_ asked: DataSelection, seed: UInt64) {
        // As always, unless something else is asked for.
        self.init()
        if let share = asked.testShare { (testShare, self.seed) = (share, seed) }
        normal = asked.normal
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

extension Run {
    /// Of all that was random in it.
    func seed() throws -> UInt64 { UInt64(try recipe().training.seed) }
}
